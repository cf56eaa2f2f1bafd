package moderation

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Assign gives a report to one of the staff, 0 to nobody.
func (s *Service) Assign(ctx context.Context, by, report, to domain.ID) error {
	verb := "assign"
	if to == 0 {
		verb = "unassign"
	}
	return s.onReport(ctx, by, report, func(tx *store.Tx, who staff, p *domain.Report) error {
		if err := tx.AssignReport(p.ID, to); err != nil {
			return err
		}
		return who.log(tx, verb, "report", p.ID, p.ID.String(), "")
	})
}

// Resolve closes a report; Reopen opens it again.
func (s *Service) Resolve(ctx context.Context, by, report domain.ID) error {
	return s.onReport(ctx, by, report, func(tx *store.Tx, who staff, p *domain.Report) error { return who.resolve(tx, p) })
}

// Reopen opens a report again.
func (s *Service) Reopen(ctx context.Context, by, report domain.ID) error {
	return s.onReport(ctx, by, report, func(tx *store.Tx, who staff, p *domain.Report) error {
		if err := tx.ReopenReport(p.ID); err != nil {
			return err
		}
		return who.log(tx, "reopen", "report", p.ID, p.ID.String(), "")
	})
}

// Sort changes what a report says is wrong; nil leaves that as it is. Only a
// violation names rules.
func (s *Service) Sort(ctx context.Context, by, report domain.ID, category *domain.ReportCategory, rules *[]domain.ID) error {
	known, err := s.Rules(ctx)
	if err != nil {
		return err
	}
	return s.onReport(ctx, by, report, func(tx *store.Tx, who staff, p *domain.Report) error {
		if category != nil {
			p.Category = *category
		}
		if rules != nil {
			p.Rules = once(*rules)
		}
		if p.Category != domain.ReportViolation {
			p.Rules = nil
		}
		if !p.Category.Valid() {
			return domain.Errorf(domain.Invalid, "Validation failed: Category is not included in the list")
		}
		for _, id := range p.Rules {
			if !slices.ContainsFunc(known, func(k domain.Rule) bool { return k.ID == id }) {
				return domain.Errorf(domain.Invalid, "Validation failed: Rule ids does not reference valid rules")
			}
		}
		if err := tx.SortReport(p); err != nil {
			return err
		}
		return who.log(tx, "update", "report", p.ID, p.ID.String(), string(p.Category))
	})
}

func (s *Service) onReport(ctx context.Context, by, report domain.ID, do func(*store.Tx, staff, *domain.Report) error) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageReports)
		if err != nil {
			return err
		}
		p, err := tx.Report(ctx, report)
		if err != nil {
			return err
		}
		if err := do(tx, who, &p); err != nil {
			return err
		}
		return reportChanged(tx, &p)
	})
}

// reportChanged tells that the staff did something about a report.
func reportChanged(tx *store.Tx, p *domain.Report) error {
	return tx.Emit(domain.Event{Kind: domain.EventReportChanged, Target: p.Target, Object: p.ID})
}

// MaxNote is the longest note of the staff, in characters.
const MaxNote = 2000

// Note keeps what somebody of the staff remarks on a report, or on an account.
func (s *Service) Note(ctx context.Context, by domain.ID, n domain.StaffNote) (domain.StaffNote, error) {
	n.Content = strings.TrimSpace(n.Content)
	if k := utf8.RuneCountInString(n.Content); k == 0 || k > MaxNote {
		return n, domain.Errorf(domain.Invalid, "Validation failed: Content needs 1 to %d characters", MaxNote)
	}
	needs := domain.MayManageReports
	if n.Report == 0 {
		needs |= domain.MayManageUsers
	}
	n.Account = by
	return n, s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := staffOf(ctx, tx.Reader, by, needs); err != nil {
			return err
		}
		if n.Report != 0 {
			if _, err := tx.Report(ctx, n.Report); err != nil {
				return err
			}
		} else if _, err := tx.Account(ctx, n.Target); err != nil {
			return err
		}
		return tx.InsertStaffNote(&n)
	})
}
