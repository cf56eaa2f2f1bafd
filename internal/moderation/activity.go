package moderation

import (
	"context"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

const (
	activityKept  = time.Hour
	activityWeeks = 12
)

// Activity is what happened here in the last twelve weeks, the latest first, at
// most an hour old.
func (s *Service) Activity(ctx context.Context) ([]domain.Week, error) {
	now := s.st.Now()
	return recall(s, func(m *memory) *[]domain.Week {
		if now.Sub(m.activityAt) >= activityKept {
			return nil
		}
		return m.activity
	}, func(m *memory, w *[]domain.Week) { m.activity, m.activityAt = w, now }, func() ([]domain.Week, error) {
		first := domain.WeekOf(now).AddDate(0, 0, -7*(activityWeeks-1))
		weeks := make([]domain.Week, activityWeeks)
		for i := range weeks {
			weeks[i].Begins = first.AddDate(0, 0, 7*i)
		}
		busy, err := s.st.Reader().Weeks(ctx, first)
		for _, w := range busy {
			if w.Number < activityWeeks {
				k := &weeks[w.Number]
				k.Statuses, k.Logins, k.Registrations = w.Statuses, w.Logins, w.Registrations
			}
		}
		slices.Reverse(weeks)
		return weeks, err
	})
}

const maxTerms = 100_000

// PublishTerms makes a version of the terms of service hold from a day on,
// today where it is "", in place of one of the same day. Other words have to be
// accepted anew.
func (s *Service) PublishTerms(ctx context.Context, by domain.ID, text, day string) (domain.Terms, error) {
	today := s.st.Now().UTC().Format(time.DateOnly)
	if day == "" {
		day = today
	}
	t := domain.Terms{Effective: day, Text: strings.TrimSpace(text)}
	if _, err := time.Parse(time.DateOnly, day); err != nil || day < today {
		return t, domain.Errorf(domain.Invalid, "Terms hold from a day such as %s on, not before today: %q.", today, day)
	}
	if t.Text == "" || len(t.Text) > maxTerms {
		return t, domain.Errorf(domain.Invalid, "Terms need a text of at most %d bytes.", maxTerms)
	}
	return t, s.change(ctx, by, domain.MayManageSettings, "update", "setting", func(tx *store.Tx) (domain.ID, string, error) {
		set, err := tx.Settings(ctx)
		if err != nil {
			return 0, "", err
		}
		if slices.Contains(set.Terms, t) {
			return 0, "terms " + day, nil
		}
		set.Terms = slices.DeleteFunc(set.Terms, func(o domain.Terms) bool { return o.Effective == day })
		set.Terms = append(set.Terms, t)
		slices.SortFunc(set.Terms, func(a, b domain.Terms) int { return strings.Compare(a.Effective, b.Effective) })
		if err := tx.ForgetTerms(day); err != nil {
			return 0, "", err
		}
		return 0, "terms " + day, tx.SaveSettings(set)
	})
}

// TermsCounted is a version with how many accepted it, of how many who may act
// here.
type TermsCounted struct {
	domain.Terms
	Accepted int64 `json:"accepted"`
	Members  int64 `json:"members"`
}

// Terms are all versions of the terms of service, the last one first.
func (s *Service) Terms(ctx context.Context) ([]TermsCounted, error) {
	set, err := s.Settings(ctx)
	if err != nil {
		return nil, err
	}
	accepted, members, err := s.st.Reader().TermsCounts(ctx)
	out := make([]TermsCounted, 0, len(set.Terms))
	for _, t := range slices.Backward(set.Terms) {
		out = append(out, TermsCounted{t, accepted[t.Effective], members})
	}
	return out, err
}
