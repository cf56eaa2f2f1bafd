package moderation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// NewReport is what somebody reports, here or on another server.
type NewReport struct {
	By          domain.ID // an account here, or the actor who signed a Flag
	Target      domain.ID
	URI         string // id of the Flag, if its host is the actor's
	Category    domain.ReportCategory
	Comment     string
	Statuses    []domain.ID
	Rules       []domain.ID
	Collections []domain.ID
	Forward     bool // to other servers
	// ForwardTo are their domains; none is the target's own alone. Of others,
	// those hear of it whom the reported posts answer.
	ForwardTo []string
}

// Report keeps a report for the staff. Of a report from elsewhere, posts that
// are not the target's are left out and what is too long is cut; a repeat of
// its URI is the first one. Servers whose reports nobody wants get Forbidden.
func (s *Service) Report(ctx context.Context, n NewReport) (domain.Report, error) {
	r := s.st.Reader()
	by, err := r.Account(ctx, n.By)
	if err != nil {
		return domain.Report{}, fmt.Errorf("look up who reports: %w", err)
	}
	target, err := r.Account(ctx, n.Target)
	if err != nil {
		return domain.Report{}, err
	}
	if target.Suspended() {
		return domain.Report{}, domain.ErrNotFound
	}
	report := domain.Report{
		Account: by.ID, Target: target.ID, URI: n.URI, Category: n.Category, Comment: strings.TrimSpace(n.Comment),
		Statuses: n.Statuses, Rules: n.Rules, Collections: once(n.Collections), Forwarded: n.Forward && by.Local() && !target.Local(),
	}
	if report.Forwarded {
		report.ForwardTo = forwardTo(n.ForwardTo, target.Domain)
	}
	check := s.checkOwn
	if !by.Local() {
		check = s.checkForeign
	}
	if err := check(ctx, &by, &report); err != nil {
		return domain.Report{}, err
	}
	return report, s.st.Write(ctx, func(tx *store.Tx) error {
		isNew, err := tx.InsertReport(&report)
		if err != nil {
			return fmt.Errorf("store the report: %w", err)
		}
		if !isNew {
			report, err = tx.ReportByURI(ctx, n.URI)
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventReported, Actor: by.ID, Target: target.ID, Object: report.ID})
	})
}

// checkOwn holds a report made here to the rules (behaviours 18.5). Posts
// that the reporter may not see are absent to it (SEC-28).
func (s *Service) checkOwn(ctx context.Context, by *domain.Account, r *domain.Report) error {
	switch {
	case len(r.Rules) > 0:
		r.Category = domain.ReportViolation
	case r.Category == "":
		r.Category = domain.ReportOther
	case !r.Category.Valid():
		return domain.Errorf(domain.Invalid, "Validation failed: Category is not included in the list")
	}
	if utf8.RuneCountInString(r.Comment) > domain.MaxReportComment {
		return domain.Errorf(domain.Invalid, "Validation failed: Comment is too long (maximum is %d characters)", domain.MaxReportComment)
	}
	if len(r.Statuses) > domain.MaxReportStatuses || len(r.Collections) > domain.MaxReportStatuses {
		return domain.Errorf(domain.Invalid, "Validation failed: At most %d posts can be reported at once", domain.MaxReportStatuses)
	}
	known, err := s.Rules(ctx)
	if err != nil {
		return err
	}
	r.Rules = once(r.Rules)
	for _, id := range r.Rules {
		if !slices.ContainsFunc(known, func(k domain.Rule) bool { return k.ID == id }) {
			return domain.Errorf(domain.Invalid, "Validation failed: Rule ids does not reference valid rules")
		}
	}
	r.Statuses = once(r.Statuses)
	seen, err := s.st.Reader().Reportable(ctx, by.ID, r.Target, r.Statuses)
	if err == nil && len(seen) < len(r.Statuses) {
		err = domain.ErrNotFound
	}
	if err != nil || len(r.Collections) == 0 {
		return err
	}
	seen, err = s.st.Reader().ReportableCollections(ctx, by.ID, r.Target, r.Collections)
	if err == nil && len(seen) < len(r.Collections) {
		err = domain.ErrNotFound
	}
	return err
}

// checkForeign makes the best of a report from elsewhere.
func (s *Service) checkForeign(ctx context.Context, by *domain.Account, r *domain.Report) error {
	p, err := s.Policy(ctx, by.Domain)
	if err != nil {
		return err
	}
	if p.RejectReports || p.Severity == domain.SeveritySuspend {
		return domain.Errorf(domain.Forbidden, "Reports from this server are not taken")
	}
	if !r.Category.Valid() {
		r.Category = domain.ReportOther
	}
	r.Rules = nil
	if runes := []rune(r.Comment); len(runes) > domain.MaxReportComment {
		r.Comment = string(runes[:domain.MaxReportComment])
	}
	r.Statuses = once(r.Statuses)
	r.Statuses = r.Statuses[:min(len(r.Statuses), domain.MaxReportStatuses)]
	if r.Statuses, err = s.st.Reader().Reportable(ctx, 0, r.Target, r.Statuses); err != nil {
		return err
	}
	r.Collections = r.Collections[:min(len(r.Collections), domain.MaxReportStatuses)]
	r.Collections, err = s.st.Reader().ReportableCollections(ctx, 0, r.Target, r.Collections)
	return err
}

// once is the list in ascending order without repeats.
func once(list []domain.ID) []domain.ID {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// forwardTo are the domains that a report is passed on to, in their stored form.
func forwardTo(wanted []string, origin string) []string {
	if len(wanted) == 0 {
		return []string{origin}
	}
	var list []string
	for _, host := range wanted[:min(len(wanted), domain.MaxReportStatuses)] {
		if host = strings.ToLower(strings.TrimSpace(host)); host != "" {
			list = append(list, host)
		}
	}
	return list
}
