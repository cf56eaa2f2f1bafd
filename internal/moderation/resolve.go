package moderation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// answerReports resolves what an action answers: the report that is named
// where it is a mere word, else all about the account.
func (s staff) answerReports(ctx context.Context, tx *store.Tx, a Action) error {
	open, err := tx.OpenReports(ctx, a.Target)
	if err != nil {
		return fmt.Errorf("find the reports: %w", err)
	}
	for i := range open {
		if a.Type == domain.ActionNone && open[i].ID != a.Report {
			continue
		}
		if err := s.resolve(tx, &open[i]); err != nil {
			return err
		}
		if err := reportChanged(tx, &open[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s staff) resolve(tx *store.Tx, p *domain.Report) error {
	if err := tx.ResolveReport(p.ID, s.id); err != nil {
		return fmt.Errorf("resolve the report: %w", err)
	}
	return s.log(tx, "resolve", "report", p.ID, p.ID.String(), "")
}
