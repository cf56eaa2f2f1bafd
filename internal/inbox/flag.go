package inbox

import (
	"context"
	"fmt"
	"strings"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/moderation"
)

// flag reports accounts here, posts and collections of them, named in any order (facts 21).
// Posts alone stand for their authors.
func (s *Service) flag(ctx context.Context, a *act) error {
	posts, collections := map[domain.ID][]domain.ID{}, map[domain.ID][]domain.ID{}
	var targets []domain.ID
	report := func(account domain.ID) {
		if _, ok := posts[account]; !ok {
			posts[account] = nil
			targets = append(targets, account)
		}
	}
	for _, id := range reported(a) {
		who, err := s.here(ctx, id)
		if err == nil {
			report(who.ID)
			continue
		}
		if !domain.Is(err, domain.NotFound) {
			return fmt.Errorf("look up who is reported: %w", err)
		}
		c, err := s.collectionHere(ctx, id)
		if err == nil {
			report(c.Account)
			collections[c.Account] = append(collections[c.Account], c.ID)
			continue
		}
		if !domain.Is(err, domain.NotFound) {
			return fmt.Errorf("look up the reported collection: %w", err)
		}
		p, err := s.Remote.KnownStatus(ctx, s.Store.Reader(), id)
		if err == nil && !p.Local {
			err = s.answersHere(ctx, &p)
		}
		switch {
		case err == nil:
			report(p.Account)
			posts[p.Account] = append(posts[p.Account], p.ID)
		case !domain.Is(err, domain.NotFound):
			return fmt.Errorf("look up what is reported: %w", err)
		}
	}
	if len(targets) == 0 {
		return errUnwanted
	}
	for i, target := range targets {
		n := moderation.NewReport{By: a.actor.ID, Target: target, Comment: a.Comment(), Statuses: posts[target], Collections: collections[target]}
		if i == 0 && apub.SameOrigin(a.ID, a.actor.URI) {
			n.URI = a.ID
		}
		if _, err := s.Moderation.Report(ctx, n); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
}

// collectionHere is the collection of ours at that address.
func (s *Service) collectionHere(ctx context.Context, uri string) (domain.Collection, error) {
	l, _ := s.URLs.Parse(uri)
	part, ok := strings.CutPrefix(l.Part, "collections/")
	id, isID := domain.ParseID(part)
	if !ok || !isID {
		return domain.Collection{}, domain.ErrNotFound
	}
	c, err := s.Store.Reader().AnyCollection(ctx, id)
	if err == nil && !c.Local() {
		err = domain.ErrNotFound
	}
	return c, err
}

// answersHere is ErrNotFound unless a status answers somebody here: such are
// reported here too, whoever wrote them.
func (s *Service) answersHere(ctx context.Context, p *domain.Status) error {
	if p.InReplyToAccount == 0 {
		return domain.ErrNotFound
	}
	answered, err := s.Store.Reader().Account(ctx, p.InReplyToAccount)
	if err == nil && !answered.Local() {
		err = domain.ErrNotFound
	}
	return err
}

// maxNamed bounds the addresses that are looked up in what a report says.
const maxNamed = 20

// reported are the addresses that a report names, in its text too: Misskey
// puts posts there.
func reported(a *act) []string {
	var out []string
	for _, o := range a.Objects {
		out = append(out, o.ID)
	}
	named := 0
	for word := range strings.FieldsSeq(a.Comment()) {
		if named < maxNamed && (strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://")) {
			named++
			out = append(out, word)
		}
	}
	return out
}
