package timeline

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// ProfileQuery narrows the statuses of an account.
type ProfileQuery struct {
	OnlyMedia, ExcludeReplies, ExcludeReblogs, ExcludeDirect bool
	Tagged                                                   string
}

// Profile is what an account posted and boosted, newest first, as far as the
// viewer may see it; nothing of an account that is suspended. An account that
// does not exist is domain.ErrNotFound.
func (s *Service) Profile(ctx context.Context, viewer, account domain.ID, q ProfileQuery, p domain.Page) ([]domain.ID, error) {
	if _, err := s.st.PresentAccount(ctx, account); err != nil {
		return nil, err
	}
	f := store.ProfileFilter{ExcludeReplies: q.ExcludeReplies, ExcludeReblogs: q.ExcludeReblogs, ExcludeDirect: q.ExcludeDirect, Media: q.OnlyMedia}
	if q.Tagged != "" {
		name := text.NormalizeHashtag(q.Tagged)
		tags, err := s.st.TagIDs(ctx, []string{name})
		if err != nil {
			return nil, err
		}
		if f.Tag = tags[name]; f.Tag == 0 {
			return []domain.ID{}, nil
		}
	}
	return s.st.StatusesOf(ctx, viewer, account, f, p)
}

// Pinned are the statuses pinned to a profile, newest pin first.
func (s *Service) Pinned(ctx context.Context, viewer, account domain.ID, p domain.Page) ([]store.Entry, error) {
	if _, err := s.st.PresentAccount(ctx, account); err != nil {
		return nil, err
	}
	return s.st.PinnedBy(ctx, viewer, account, p)
}

// FavouritedBy are the accounts that favourited a status which the viewer may
// see; else domain.ErrNotFound.
func (s *Service) FavouritedBy(ctx context.Context, viewer, status domain.ID, p domain.Page) ([]store.Entry, error) {
	o, err := s.original(ctx, viewer, status)
	if err != nil {
		return nil, err
	}
	return s.st.FavouritedBy(ctx, viewer, o, p)
}

// RebloggedBy are the accounts that boosted a status, like FavouritedBy.
func (s *Service) RebloggedBy(ctx context.Context, viewer, status domain.ID, p domain.Page) ([]store.Entry, error) {
	o, err := s.original(ctx, viewer, status)
	if err != nil {
		return nil, err
	}
	return s.st.RebloggedBy(ctx, viewer, o, p)
}

// original is the status itself, or what it boosts (behaviours 8.7).
func (s *Service) original(ctx context.Context, viewer, id domain.ID) (domain.ID, error) {
	st, err := s.st.Status(ctx, viewer, id)
	if err != nil || st.ReblogOf == 0 {
		return id, err
	}
	return st.ReblogOf, nil
}

// Favourites are what the account has favourited, newest first.
func (s *Service) Favourites(ctx context.Context, account domain.ID, p domain.Page) ([]store.Entry, error) {
	return s.st.Favourites(ctx, account, p)
}

// Bookmarks are what the account has bookmarked, newest first.
func (s *Service) Bookmarks(ctx context.Context, account domain.ID, p domain.Page) ([]store.Entry, error) {
	return s.st.Bookmarks(ctx, account, p)
}
