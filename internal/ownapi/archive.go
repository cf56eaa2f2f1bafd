package ownapi

import (
	"mime"
	"net/http"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

type archiveEntity struct {
	State      string     `json:"state"` // none, working, done, failed
	Done       int64      `json:"done"`
	Total      int64      `json:"total"`
	Size       int64      `json:"size"` // bytes
	CreatedAt  *time.Time `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at"`
	ExpiresAt  *time.Time `json:"expires_at"`
	NextAt     *time.Time `json:"next_at"` // when another may be asked for
}

func archiveOf(a *domain.Archive) archiveEntity {
	e := archiveEntity{
		State: "working", Done: a.Done, Total: a.Total, Size: a.Size, CreatedAt: orNull(a.CreatedAt), FinishedAt: orNull(a.FinishedAt), NextAt: orNull(a.NextAt()),
	}
	if a.Failed {
		e.State = "failed"
	}
	if a.Ready {
		e.State, e.ExpiresAt = "done", orNull(a.ExpiresAt)
	}
	return e
}

// archive is GET /archive: the one asked for last.
func (a *API) archive(r *httpkit.Request) (any, error) {
	last, err := a.Archive.Asked(r.Context(), r.Viewer.Account)
	if domain.Is(err, domain.NotFound) {
		return archiveEntity{State: "none"}, nil
	}
	return archiveOf(&last), err
}

// askArchive is POST /archive.
func (a *API) askArchive(r *httpkit.Request) (any, error) {
	made, err := a.Archive.Ask(r.Context(), r.Viewer.Account)
	return archiveOf(&made), err
}

// archiveFile is GET /archive/file: for its owner alone (SEC-33).
func (a *API) archiveFile(r *httpkit.Request) (any, error) {
	f, made, err := a.Archive.Open(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	w := r.Writer()
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "archive-" + made.FinishedAt.Format(time.DateOnly) + ".zip"}))
	http.ServeContent(w, r.HTTP, "", time.Time{}, f)
	return httpkit.Written{}, nil
}
