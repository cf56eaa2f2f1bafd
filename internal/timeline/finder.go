package timeline

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/remote"
)

// Finder finds what is not known here yet on other servers, for somebody who
// looks for it.
type Finder struct {
	remote *remote.Service
}

// NewFinder makes it.
func NewFinder(r *remote.Service) *Finder { return &Finder{remote: r} }

// Find is the account, the status or the collection that a handle or an
// address names, one of them. Whatever keeps other servers from answering is
// domain.ErrNotFound.
func (f *Finder) Find(ctx context.Context, query string) (remote.Found, error) {
	found, err := f.Look(ctx, query)
	switch domain.KindOf(err) {
	case domain.NotFound, domain.Gone, domain.Forbidden, domain.Invalid, domain.RateLimited, domain.Unavailable:
		return remote.Found{}, domain.ErrNotFound
	}
	return found, err
}

// Look is Find for somebody who is told what kept the other server from
// answering: Forbidden for a host that is refused or refuses us, Invalid for
// an answer that is none, Gone, Unavailable, RateLimited.
func (f *Finder) Look(ctx context.Context, query string) (remote.Found, error) {
	found, err := f.remote.Resolve(ctx, query)
	if err != nil {
		return found, fmt.Errorf("find %q elsewhere: %w", query, err)
	}
	if found.Account != 0 {
		if err := f.Opened(ctx, found.Account); err != nil {
			return found, fmt.Errorf("have %q completed: %w", query, err)
		}
	}
	return found, nil
}

// Opened is told that somebody looks at a profile: if it is a stranger's of
// whom little is known here, more is fetched in the background.
func (f *Finder) Opened(ctx context.Context, account domain.ID) error {
	return f.remote.WantBackfill(ctx, account)
}
