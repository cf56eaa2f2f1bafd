package mastoapi

import (
	"net/http"
	"strconv"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/media"
)

// uploadMedia takes a file; with wait it answers when it is processed
// (behaviours 10.1).
func (a *API) uploadMedia(wait bool) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		file := r.Params.File("file")
		if file == nil {
			return nil, domain.Errorf(domain.Invalid, "Validation failed: File can't be blank")
		}
		focus, err := focusOf(r.Params.StringOr("focus", ""))
		if err != nil {
			return nil, err
		}
		up := media.Upload{File: file.Open(), Size: file.Size, Description: r.Params.StringOr("description", "")}
		if focus != nil {
			up.Focus = *focus
		}
		if t := r.Params.File("thumbnail"); t != nil {
			up.Thumbnail, up.ThumbnailSize = t.Open(), t.Size
		}
		made, err := a.Media.Create(r.Context(), r.Viewer.Account, up, wait)
		if err != nil {
			return nil, err
		}
		return a.upload(&made, http.StatusAccepted)
	}
}

// upload answers with an upload: with the status given while it waits.
func (a *API) upload(m *domain.Attachment, waiting int) (any, error) {
	entity := a.Render.Attachment(m)
	switch m.State {
	case domain.MediaWaiting:
		return httpkit.Status(waiting, entity), nil
	case domain.MediaFailed:
		return nil, domain.Errorf(domain.Invalid, "Error processing thumbnail for uploaded media")
	}
	return entity, nil
}

func (a *API) mediaState(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	m, err := a.Media.Find(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	return a.upload(&m, http.StatusPartialContent)
}

func (a *API) updateMedia(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	c := media.Change{Description: text(r.Params, "description")}
	if c.Focus, err = focusOf(r.Params.StringOr("focus", "")); err != nil {
		return nil, err
	}
	if t := r.Params.File("thumbnail"); t != nil {
		c.Thumbnail, c.ThumbnailSize = t.Open(), t.Size
	}
	m, err := a.Media.Update(r.Context(), r.Viewer.Account, id, c)
	if err != nil {
		return nil, err
	}
	return a.upload(&m, http.StatusPartialContent)
}

func (a *API) deleteMedia(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Media.Delete(r.Context(), r.Viewer.Account, id)
}

// focusOf reads "x,y", nil for "" (behaviours 10.5).
func focusOf(s string) (*domain.Focus, error) {
	if s == "" {
		return nil, nil
	}
	left, right, ok := strings.Cut(s, ",")
	x, errX := strconv.ParseFloat(strings.TrimSpace(left), 64)
	y, errY := strconv.ParseFloat(strings.TrimSpace(right), 64)
	if !ok || errX != nil || errY != nil || x != x || y != y {
		return nil, domain.Errorf(domain.Invalid, "Validation failed: Focus is invalid")
	}
	return &domain.Focus{X: max(-1, min(1, x)), Y: max(-1, min(1, y))}, nil
}

// mediaAttributes are new words for the attachments of a post.
func mediaAttributes(p httpkit.Params) ([]domain.ComposeMedia, error) {
	var out []domain.ComposeMedia
	for _, h := range p.Hashes("media_attributes") {
		id, ok := domain.ParseID(h.StringOr("id", ""))
		if !ok {
			continue
		}
		m := domain.ComposeMedia{ID: id, Description: text(h, "description")}
		var err error
		if m.Focus, err = focusOf(h.StringOr("focus", "")); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}
