package render

import (
	"strconv"
	"strings"

	"coterie/internal/domain"
)

// mediaJSON is MediaAttachment.
type mediaJSON struct {
	ID               domain.ID             `json:"id"`
	Type             domain.AttachmentKind `json:"type"`
	URL              *string               `json:"url"`
	PreviewURL       *string               `json:"preview_url"`
	RemoteURL        *string               `json:"remote_url"`
	PreviewRemoteURL *string               `json:"preview_remote_url"`
	TextURL          *string               `json:"text_url"`
	Meta             *mediaMeta            `json:"meta"`
	Description      *string               `json:"description"`
	Blurhash         *string               `json:"blurhash"`
}

type mediaMeta struct {
	Original *mediaSize  `json:"original,omitempty"`
	Focus    *mediaFocus `json:"focus,omitempty"`
}

type mediaSize struct {
	Width    int     `json:"width,omitempty"`
	Height   int     `json:"height,omitempty"`
	Size     string  `json:"size,omitempty"`
	Aspect   float64 `json:"aspect,omitempty"`
	Duration float64 `json:"duration,omitempty"`
}

type mediaFocus struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// mediaList are the attachments of a status (behaviours 10).
func (r *Renderer) mediaList(list []domain.Attachment) []mediaJSON {
	out := make([]mediaJSON, len(list))
	for i := range list {
		out[i] = r.media(&list[i])
	}
	return out
}

// media is one attachment. Those of other servers are looked at there.
func (r *Renderer) media(a *domain.Attachment) mediaJSON {
	url := r.URLs.absolute(a.RemoteURL)
	j := mediaJSON{
		ID: a.ID, Type: a.Kind, URL: textOrNull(url), PreviewURL: textOrNull(r.URLs.absolute(a.PreviewURL)),
		Meta: metaOf(a), Description: textOrNull(a.Description), Blurhash: textOrNull(a.Blurhash),
	}
	if url == a.RemoteURL {
		j.RemoteURL, j.PreviewRemoteURL = textOrNull(a.RemoteURL), textOrNull(a.PreviewURL)
	}
	if j.PreviewURL == nil && a.Kind == domain.AttachmentImage {
		j.PreviewURL = j.URL
	}
	return j
}

func metaOf(a *domain.Attachment) *mediaMeta {
	var m mediaMeta
	if a.Width > 0 && a.Height > 0 {
		m.Original = &mediaSize{
			Width: a.Width, Height: a.Height, Size: strconv.Itoa(a.Width) + "x" + strconv.Itoa(a.Height),
			Aspect: float64(a.Width) / float64(a.Height),
		}
	}
	if a.Duration > 0 {
		if m.Original == nil {
			m.Original = &mediaSize{}
		}
		m.Original.Duration = a.Duration.Seconds()
	}
	if a.Focus != (domain.Focus{}) {
		m.Focus = &mediaFocus{a.Focus.X, a.Focus.Y}
	}
	return &m
}

// absolute completes an address of ours that is kept from the root on.
func (u URLs) absolute(address string) string {
	if strings.HasPrefix(address, "/") {
		return u.Base + address
	}
	return address
}
