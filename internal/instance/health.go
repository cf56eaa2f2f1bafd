package instance

import (
	"context"
	"net/http"
	"time"
)

// alive answers as long as the process can answer at all.
func alive(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "OK\n") }

// readyz answers 200 while requests can be served.
func (in *Instance) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	switch {
	case !in.ready.Load():
		plain(w, http.StatusServiceUnavailable, "starting or stopping\n")
	case in.st.Ping(ctx) != nil:
		plain(w, http.StatusServiceUnavailable, "the database does not answer\n")
	default:
		plain(w, http.StatusOK, "OK\n")
	}
}

// health is the answer Mastodon's monitors expect.
func health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte(`{"status":"OK"}`))
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
