package moderation

import (
	"context"
	"slices"
	"time"

	"coterie/internal/domain"
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
