package inbox

import (
	"context"
	"fmt"
	"strings"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/moderation"
)

// flag reports accounts here and posts of them, named in any order (facts 21).
// Posts alone stand for their authors.
func (s *Service) flag(ctx context.Context, a *act) error {
	posts := map[domain.ID][]domain.ID{}
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
		p, err := s.Remote.KnownStatus(ctx, s.Store.Reader(), id)
		if err == nil && p.Local {
			report(p.Account)
			posts[p.Account] = append(posts[p.Account], p.ID)
		} else if err != nil && !domain.Is(err, domain.NotFound) {
			return fmt.Errorf("look up what is reported: %w", err)
		}
	}
	if len(targets) == 0 {
		return errUnwanted
	}
	for i, target := range targets {
		n := moderation.NewReport{By: a.actor.ID, Target: target, Comment: a.Comment(), Statuses: posts[target]}
		if i == 0 && apub.SameOrigin(a.ID, a.actor.URI) {
			n.URI = a.ID
		}
		if _, err := s.Moderation.Report(ctx, n); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
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
