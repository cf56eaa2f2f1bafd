package remote

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// How many old posts go in one transaction, and in one day at most: each is
// told to the streams.
const (
	postsAtOnce = 100
	postsADay   = 50_000
)

// forgetPosts removes posts from elsewhere that are older than the setting
// post_days and that nobody here has to do with. They come again when somebody
// looks for them.
func (s *Service) forgetPosts(ctx context.Context) error {
	set, err := s.Store.Reader().Settings(ctx)
	if err != nil || set.PostDays == 0 {
		return err
	}
	before := s.Now().Add(-domain.Days(set.PostDays))
	var last domain.ID
	for n := 0; n < postsADay; {
		list, err := s.Store.Reader().OldMirrors(ctx, before, last, postsAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		last, n = list[len(list)-1].ID, n+len(list)
		if err := s.Store.Write(ctx, func(tx *store.Tx) error { return forgetAll(tx, list) }); err != nil {
			return fmt.Errorf("remove old posts from elsewhere: %w", err)
		}
	}
	return nil
}

func forgetAll(tx *store.Tx, list []domain.Status) error {
	for i := range list {
		if err := tx.ForgetStatus(&list[i]); err != nil && !domain.Is(err, domain.Conflict) {
			return err
		}
	}
	return nil
}
