package fetch

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A library reaches a private address only if the operator typed it exactly,
// and follows nobody elsewhere.
func TestSEC44_LibrariesStayUnderTheGuard(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
	}))
	t.Cleanup(s.Close)
	for typed, want := range map[string]bool{"": false, "127.0.0.1:1": false, strings.TrimPrefix(s.URL, "http://"): true} {
		c := New(Config{AllowHosts: []string{typed}, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		res, err := c.Library().Get(s.URL)
		if err == nil {
			_ = res.Body.Close()
		}
		if got := err == nil && res.StatusCode == http.StatusFound; got != want {
			t.Errorf("with %q typed: %v, %v", typed, got, err)
		}
		c.Close()
	}
}
