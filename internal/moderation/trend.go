package moderation

import (
	"context"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// ReviewTrend decides whether a hashtag, a link, a post or an account's posts
// may trend; allowed nil takes the decision back. name is the hashtag, the
// link's address, the post's address or id, the account's handle. It bites at
// once. What is not known here is NotFound.
func (s *Service) ReviewTrend(ctx context.Context, kind domain.TrendKind, name string, allowed *bool) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		item, err := s.trendNamed(ctx, tx.Reader, kind, strings.TrimSpace(name))
		if domain.Is(err, domain.NotFound) {
			return domain.Errorf(domain.NotFound, "There is no %s %q here.", kind, name)
		}
		if err != nil {
			return err
		}
		return tx.ReviewTrend(kind, item, allowed)
	})
}

func (s *Service) trendNamed(ctx context.Context, r store.Reader, kind domain.TrendKind, name string) (domain.ID, error) {
	switch kind {
	case domain.TrendTag:
		t, err := r.TagByName(ctx, text.NormalizeHashtag(strings.TrimPrefix(name, "#")))
		return t.ID, err
	case domain.TrendLink:
		return r.LinkCard(ctx, name)
	case domain.TrendStatus:
		st, err := r.StatusByURI(ctx, name)
		if id, ok := domain.ParseID(name[strings.LastIndexByte(name, '/')+1:]); ok && domain.Is(err, domain.NotFound) {
			st, err = r.AnyStatus(ctx, id)
		}
		return st.ID, err
	case domain.TrendAccount:
		a, err := s.accountNamed(ctx, r, name)
		return a.ID, err
	}
	return 0, domain.Errorf(domain.Invalid, "Trends are of a tag, a link, a status or an account, not of %q.", kind)
}
