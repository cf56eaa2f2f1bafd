package timeline

import (
	"context"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/text"
)

// TagNamed is the hashtag of that name as typed, with or without its sign. It
// need not exist; what cannot be a hashtag is domain.ErrNotFound.
func TagNamed(name string) (domain.Tag, error) {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "#"), "＃")
	normal := text.NormalizeHashtag(name)
	if normal == "" || !text.ValidHashtag(name) {
		return domain.Tag{}, domain.ErrNotFound
	}
	return domain.Tag{Name: normal, Display: name}, nil
}

// SearchTags are the hashtags that begin with what was typed, the exact one
// first (behaviours 16.1).
func (s *Service) SearchTags(ctx context.Context, typed string, limit, offset int) ([]domain.Tag, error) {
	prefix := text.NormalizeHashtag(strings.TrimSpace(typed))
	if prefix == "" || strings.Contains(typed, "@") {
		return []domain.Tag{}, nil
	}
	return s.st.SearchTags(ctx, prefix, limit, offset)
}

// StatusSearch asks for statuses by words.
type StatusSearch struct {
	Text   string
	Author domain.ID // 0: any
	Page   domain.Page
	Offset int
}

// SearchStatuses are the viewer's own posts that have all of the words, newest
// first.
func (s *Service) SearchStatuses(ctx context.Context, viewer domain.ID, q StatusSearch) ([]domain.ID, error) {
	words := text.Words(q.Text)
	if viewer == 0 || len(words) == 0 || q.Author != 0 && q.Author != viewer {
		return []domain.ID{}, nil
	}
	return s.st.OwnStatuses(ctx, viewer, words, q.Page, q.Offset)
}
