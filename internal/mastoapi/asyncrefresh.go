package mastoapi

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// Work that an answer does not wait for can be asked about until it is done
// (behaviours 16.6).
const (
	asyncHeader  = "Mastodon-Async-Refresh"
	refreshRetry = 3 // seconds
	refreshLife  = time.Hour
)

// What is refreshed, as the first part of an id names it.
const (
	refreshThread = "thread" // then the id of the status
	refreshAnnual = "annual" // then the year
)

// refreshing is the header's value. The id says what is refreshed and until
// when it may be asked for; whoever asks is told of nothing that they could not
// see anyway.
func (a *API) refreshing(kind, of string) string {
	until := strconv.FormatInt(a.Now().Add(refreshLife).Unix(), 36)
	return fmt.Sprintf(`id="%s-%s-%s", retry=%d`, kind, of, until, refreshRetry)
}

// asyncRefresh is GET /api/v1_alpha/async_refreshes/{id}.
func (a *API) asyncRefresh(r *httpkit.Request) (any, error) {
	parts := strings.Split(r.Path("id"), "-")
	if len(parts) != 3 {
		return nil, domain.ErrNotFound
	}
	until, err := strconv.ParseInt(parts[2], 36, 64)
	now := a.Now()
	if left := time.Unix(until, 0).Sub(now); err != nil || left < 0 || left > refreshLife {
		return nil, domain.ErrNotFound
	}
	running, err := a.runs(r, parts[0], parts[1])
	if err != nil {
		return nil, err
	}
	state := "finished"
	if running {
		state = "running"
	}
	return map[string]any{"async_refresh": map[string]any{"id": r.Path("id"), "status": state, "result_count": nil}}, nil
}

// runs reports whether what is refreshed is still being worked at.
func (a *API) runs(r *httpkit.Request, kind, of string) (bool, error) {
	ctx, viewer := r.Context(), r.Viewer.Account
	switch kind {
	case refreshThread:
		id, ok := domain.ParseID(of)
		if !ok {
			return false, domain.ErrNotFound
		}
		if _, err := a.Store.Status(ctx, viewer, id); err != nil {
			return false, err
		}
		return a.Post.ThreadGrows(ctx, id)
	case refreshAnnual:
		y, err := strconv.Atoi(of)
		if err != nil {
			return false, domain.ErrNotFound
		}
		state, err := a.Post.AnnualState(ctx, viewer, y)
		return state == domain.AnnualGenerating, err
	}
	return false, domain.ErrNotFound
}
