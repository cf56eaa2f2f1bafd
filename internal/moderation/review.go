package moderation

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Review decides whether a hashtag, a post, a link, by its oldest card, or all
// links of a publisher about which nothing else was decided may trend.
func (s *Service) Review(ctx context.Context, by domain.ID, kind domain.TrendKind, item domain.ID, allowed bool) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageTaxonomies)
		if err != nil {
			return err
		}
		name, err := trendOf(ctx, tx.Reader, kind, item)
		if err != nil {
			return err
		}
		if err := tx.ReviewTrend(kind, item, &allowed); err != nil {
			return err
		}
		verb := "reject"
		if allowed {
			verb = "approve"
		}
		return who.log(tx, verb, string(kind), item, name, "")
	})
}

// trendOf is how what can trend is called in the audit log.
func trendOf(ctx context.Context, r store.Reader, kind domain.TrendKind, item domain.ID) (string, error) {
	switch kind {
	case domain.TrendTag:
		t, err := r.Tag(ctx, item)
		return "#" + t.Display, err
	case domain.TrendStatus:
		s, err := r.AnyStatus(ctx, item)
		return s.ID.String(), err
	case domain.TrendLink:
		list, err := r.Cards(ctx, []domain.ID{item})
		if err == nil && len(list) == 0 {
			err = domain.ErrNotFound
		}
		if err != nil {
			return "", err
		}
		return list[0].URL, nil
	case domain.TrendPublisher:
		p, err := r.Publisher(ctx, item)
		return p.Domain, err
	}
	return "", domain.ErrNotFound
}

// TagChange is what the staff decides about a hashtag; nil leaves it.
type TagChange struct {
	Display                     *string
	Usable, Listable, Trendable *bool
}

// ChangeTag decides about a hashtag. It may be written otherwise, but stays
// the same one.
func (s *Service) ChangeTag(ctx context.Context, by, id domain.ID, c TagChange) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageTaxonomies)
		if err != nil {
			return err
		}
		t, err := tx.Tag(ctx, id)
		if err != nil {
			return err
		}
		known, err := tx.TagRules(ctx, []domain.ID{id})
		if err != nil {
			return err
		}
		rules := known[0]
		if c.Display != nil {
			if text.NormalizeHashtag(*c.Display) != t.Name {
				return domain.Errorf(domain.Invalid, "Validation failed: Display name does not match the hashtag")
			}
			t.Display = *c.Display
		}
		if c.Usable != nil {
			rules.Usable = *c.Usable
		}
		if c.Listable != nil {
			rules.Listable = *c.Listable
		}
		if err := tx.SetTag(t, rules); err != nil {
			return err
		}
		if c.Trendable != nil {
			if err := tx.ReviewTrend(domain.TrendTag, id, c.Trendable); err != nil {
				return err
			}
		}
		return who.log(tx, "update", "tag", id, "#"+t.Display, "")
	})
}
