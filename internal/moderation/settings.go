package moderation

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Longest texts of the settings, in characters.
const (
	maxTitle            = 100
	maxShortDescription = 500
	maxDescription      = 20000
	maxClosedMessage    = 500
)

// Settings are the community's settings. The caller does not change what its
// slices point to.
func (s *Service) Settings(ctx context.Context) (domain.Settings, error) {
	return recall(s, func(m *memory) *domain.Settings { return m.settings },
		func(m *memory, v *domain.Settings) { m.settings = v },
		func() (domain.Settings, error) { return s.st.Reader().Settings(ctx) })
}

// SaveSettings replaces the settings, or says what is wrong with them.
func (s *Service) SaveSettings(ctx context.Context, set domain.Settings) error {
	if err := checkSettings(&set); err != nil {
		return err
	}
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.SaveSettings(set) })
}

func checkSettings(set *domain.Settings) error {
	if !set.Registrations.Valid() {
		return domain.Errorf(domain.Invalid, "Registrations must be closed, invite, approval or open, not %q.", set.Registrations)
	}
	for _, t := range []struct {
		name string
		text *string
		max  int
	}{
		{"The name of the community", &set.Title, maxTitle},
		{"The short description", &set.ShortDescription, maxShortDescription},
		{"The description", &set.Description, maxDescription},
		{"The text for closed registrations", &set.ClosedMessage, maxClosedMessage},
	} {
		*t.text = strings.TrimSpace(*t.text)
		if utf8.RuneCountInString(*t.text) > t.max {
			return domain.Errorf(domain.Invalid, "%s may have at most %d characters.", t.name, t.max)
		}
	}
	if set.Title == "" {
		return domain.Errorf(domain.Invalid, "The community needs a name.")
	}
	return nil
}

const (
	countsKept  = 5 * time.Minute
	activeMonth = 30 * 24 * time.Hour
)

// Counts are the figures of the community, at most five minutes old. Recent
// counts who was seen within 30 days.
func (s *Service) Counts(ctx context.Context) (store.Counts, error) {
	now := s.st.Now()
	return recall(s, func(m *memory) *store.Counts {
		if now.Sub(m.countsAt) >= countsKept {
			return nil
		}
		return m.counts
	}, func(m *memory, c *store.Counts) {
		// Before the first run the owner may come at any moment.
		if c.Contact != 0 {
			m.counts, m.countsAt = c, now
		}
	}, func() (store.Counts, error) { return s.st.Reader().Counts(ctx, now.Add(-activeMonth)) })
}
