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
	Small    *mediaSize  `json:"small,omitempty"`
	Focus    *mediaFocus `json:"focus,omitempty"`
}

type mediaSize struct {
	Width     int     `json:"width,omitempty"`
	Height    int     `json:"height,omitempty"`
	Size      string  `json:"size,omitempty"`
	Aspect    float64 `json:"aspect,omitempty"`
	FrameRate string  `json:"frame_rate,omitempty"`
	Duration  float64 `json:"duration,omitempty"`
	Bitrate   int     `json:"bitrate,omitempty"`
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

// Attachment is the entity of an upload.
func (r *Renderer) Attachment(a *domain.Attachment) any { return r.media(a) }

// media is one attachment. Those of other servers are shown under an address
// of ours, so that theirs do not learn who looks.
func (r *Renderer) media(a *domain.Attachment) mediaJSON {
	j := mediaJSON{ID: a.ID, Type: a.Kind, Meta: metaOf(a), Description: textOrNull(a.Description), Blurhash: textOrNull(a.Blurhash)}
	if a.RemoteURL != "" {
		j.RemoteURL, j.PreviewRemoteURL = textOrNull(a.RemoteURL), textOrNull(a.PreviewURL)
		if a.Kind == domain.AttachmentUnknown || a.Key == "" {
			j.URL = j.RemoteURL
			return j
		}
		j.URL = textOrNull(r.URLs.absolute(domain.RemotePath(a.Key, domain.VariantOriginal)))
		if a.Kind == domain.AttachmentImage || a.PreviewURL != "" {
			j.PreviewURL = textOrNull(r.URLs.absolute(domain.RemotePath(a.Key, domain.VariantSmall)))
		}
		return j
	}
	j.URL, j.PreviewURL = textOrNull(r.URLs.absolute(domain.MediaPath(a.File))), textOrNull(r.URLs.absolute(domain.MediaPath(a.Small)))
	if j.PreviewURL == nil && a.Kind == domain.AttachmentImage {
		j.PreviewURL = j.URL
	}
	return j
}

func metaOf(a *domain.Attachment) *mediaMeta {
	m := mediaMeta{Original: sizeOf(a.Width, a.Height), Small: sizeOf(a.SmallWidth, a.SmallHeight)}
	if a.Duration > 0 {
		if m.Original == nil {
			m.Original = &mediaSize{}
		}
		m.Original.Duration, m.Original.Bitrate, m.Original.FrameRate = a.Duration.Seconds(), a.Bitrate, a.FrameRate
	}
	if a.Kind == domain.AttachmentImage || a.Focus != (domain.Focus{}) {
		m.Focus = &mediaFocus{a.Focus.X, a.Focus.Y}
	}
	return &m
}

// sizeOf is nil where a size is not known.
func sizeOf(w, h int) *mediaSize {
	if w <= 0 || h <= 0 {
		return nil
	}
	return &mediaSize{Width: w, Height: h, Size: strconv.Itoa(w) + "x" + strconv.Itoa(h), Aspect: float64(w) / float64(h)}
}

// absolute completes an address of ours that is kept from the root on.
func (u URLs) absolute(address string) string {
	if strings.HasPrefix(address, "/") {
		return u.Base + address
	}
	return address
}
