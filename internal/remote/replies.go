package remote

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// Bounds of a walk through the replies of a post (facts 15).
const (
	walkPause      = 15 * time.Minute // between two walks
	walkAge        = 5 * time.Minute  // of a post before it is walked
	walkStale      = time.Hour        // since a post on the way was last heard of, before it is asked for
	maxReplies     = 500              // taken of one post
	maxWalk        = 1000             // posts fetched in all
	maxPages       = 10               // of one collection
	maxCollections = 100              // walked in all
	walkLookups    = 3000             // with authors and whatever posts lead to
)

// WalkReplies has the replies to a mirrored post fetched, since somebody opens
// its thread, and reports whether they are being fetched. It only takes note:
// one read, and a row where a walk is due.
func (s *Service) WalkReplies(ctx context.Context, status domain.ID) (fetching bool, err error) {
	now := s.Now()
	if status.Time().After(now.Add(-walkAge)) {
		return false, nil
	}
	due, active, err := s.Store.Reader().RepliesDue(ctx, status, now.Add(-walkPause))
	if err != nil || !due {
		return active, err
	}
	return true, s.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := job.Enqueue(tx, domain.JobReplies, status, job.Unique(status.String()), job.Priority(domain.PriorityLow))
		return err
	})
}

// Replies is the job that walks the replies to one post, those to the replies,
// and the collection of its thread (FEP-f228). What it has fetched stays if it
// breaks off; the next walk goes on.
func (s *Service) Replies(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	turn := false
	err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		turn, err = tx.TakeRepliesTurn(id, tx.Now().Add(-walkPause))
		return err
	})
	if err != nil || !turn {
		return err
	}
	ctx = WithBudget(ctx, walkLookups)
	w := &walk{s: s, seen: map[string]bool{}}
	root, err := s.Store.Reader().AnyStatus(ctx, id)
	if err != nil {
		return ignoreGone(err)
	}
	if there, err := w.stillThere(ctx, &root); err != nil || !there {
		return err
	}
	if err := w.from(ctx, id, true); err != nil {
		return err
	}
	for len(w.next) > 0 && w.fetched < maxWalk && w.collections < maxCollections && ctx.Err() == nil {
		id := w.next[0]
		w.next = w.next[1:]
		if err := w.from(ctx, id, false); err != nil {
			return err
		}
	}
	return nil
}

// walk goes through a thread, the nearest replies first.
type walk struct {
	s           *Service
	seen        map[string]bool // addresses looked at
	next        []domain.ID
	fetched     int
	collections int
}

// from fetches the replies to one post. Only errors of ours end the walk.
func (w *walk) from(ctx context.Context, id domain.ID, context bool) error {
	o, err := w.s.Store.Reader().RemoteObject(ctx, id)
	if err != nil {
		return ignoreGone(err)
	}
	if err := w.collection(ctx, o.Replies); err != nil || !context {
		return err
	}
	return w.collection(ctx, o.Context)
}

// collection fetches the posts that a collection names, page by page; all of
// it on the collection's own host.
func (w *walk) collection(ctx context.Context, uri string) error {
	start, taken := uri, 0
	var page *apub.Collection
	for range maxPages {
		if page == nil {
			if uri == "" || w.seen[uri] || !apub.SameOrigin(uri, start) {
				return nil
			}
			w.seen[uri] = true
			w.collections++
			var err error
			if page, err = w.s.Collection(ctx, uri); err != nil {
				return w.mayGoOn(ctx, uri, err)
			}
		}
		for _, item := range page.Items {
			if taken == maxReplies || w.fetched >= maxWalk {
				return nil
			}
			taken++
			if err := w.post(ctx, item.ID); err != nil {
				return err
			}
		}
		uri, page = nextPage(page)
	}
	return nil
}

// nextPage is where a collection goes on: an address, or a page that came
// along.
func nextPage(c *apub.Collection) (uri string, page *apub.Collection) {
	switch {
	case c.Page:
		return c.Next, nil
	case c.FirstPage != nil:
		return "", c.FirstPage
	}
	return c.First, nil
}

// post fetches one reply, unless it is known, and remembers to go on from it.
func (w *walk) post(ctx context.Context, uri string) error {
	if uri == "" || w.seen[uri] || w.s.atHome(uri) {
		return nil
	}
	w.seen[uri] = true
	r := w.s.Store.Reader()
	st, err := w.s.KnownStatus(ctx, r, uri)
	switch {
	case err == nil:
		if there, err := w.stillThere(ctx, &st); err != nil || !there {
			return err
		}
	case domain.Is(err, domain.NotFound):
		w.fetched++
		st, err = w.s.Status(WithBudget(ctx, lookups), uri)
	}
	if err != nil {
		return w.mayGoOn(ctx, uri, err)
	}
	w.next = append(w.next, st.ID)
	return nil
}

// stillThere asks once more for a post by somebody whom nobody here follows,
// for of its end followers alone hear (facts 15), and reports whether it
// is there. What only some may see is left alone.
func (w *walk) stillThere(ctx context.Context, st *domain.Status) (bool, error) {
	if st.Local || !st.Visibility.Listed() || w.fetched >= maxWalk {
		return true, nil
	}
	r := w.s.Store.Reader()
	followed, err := r.FollowedHere(ctx, st.Account)
	if err != nil || followed {
		return true, err
	}
	stale, err := r.FetchedBefore(ctx, st.ID, w.s.Now().Add(-walkStale))
	if err != nil || !stale {
		return true, err
	}
	w.fetched++
	if err := w.s.Confirm(WithBudget(ctx, lookups), st.URI); err != nil {
		return true, w.mayGoOn(ctx, st.URI, err)
	}
	_, err = r.AnyStatus(ctx, st.ID)
	if domain.Is(err, domain.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// mayGoOn passes over what others do wrong.
func (w *walk) mayGoOn(ctx context.Context, uri string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if domain.Is(err, domain.Internal) {
		return fmt.Errorf("walk the replies at %s: %w", uri, err)
	}
	return nil
}
