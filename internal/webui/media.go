package webui

import (
	"io"
	"mime"
	"net/http"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/media"
)

// mediaPolicy lets a file that is opened by itself do nothing (SEC-04, SEC-56).
// It is saved then, since only pages that show it need more than its bytes.
const mediaPolicy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

// mediaFile serves a file of ours to whoever knows its name.
func (s *Server) mediaFile(r *httpkit.Request) (any, error) {
	name := r.Path("name")
	f, err := s.media.File(r.Context(), name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return serveFile(r, name, f)
}

// remoteFile serves what is elsewhere to whoever knows its key.
func (s *Server) remoteFile(r *httpkit.Request) (any, error) {
	name, f, err := s.media.Remote(r.Context(), r.Path("key"), r.Path("variant"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return serveFile(r, name, f)
}

// serveFile answers with a file, or a part of it. Its type follows from its
// name, which is of a closed list.
func serveFile(r *httpkit.Request, name string, f io.ReadSeeker) (any, error) {
	kind := media.TypeOf(name)
	if kind == "" {
		return nil, domain.ErrNotFound
	}
	w := r.Writer()
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", mediaPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+name+`"`)
	http.ServeContent(w, r.HTTP, "", time.Time{}, f)
	return httpkit.Written{}, nil
}
