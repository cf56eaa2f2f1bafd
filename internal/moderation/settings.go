package moderation

import (
	"context"
	"net/url"
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
	maxRunningCosts     = 1000
)

// Settings are the community's settings. The caller does not change what its
// slices point to.
func (s *Service) Settings(ctx context.Context) (domain.Settings, error) {
	return recall(s, func(m *memory) *domain.Settings { return m.settings },
		func(m *memory, v *domain.Settings) { m.settings = v },
		func() (domain.Settings, error) { return s.st.Reader().Settings(ctx) })
}

// change runs a verb of the staff and writes it down.
func (s *Service) change(ctx context.Context, by domain.ID, needs domain.Permissions, verb, kind string, do func(*store.Tx) (id domain.ID, name string, err error)) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, needs)
		if err != nil {
			return err
		}
		id, name, err := do(tx)
		if err != nil {
			return err
		}
		return who.log(tx, verb, kind, id, name, "")
	})
}

// changeSettings changes what of the settings in the name of by. Whatever
// others change at the same time stays.
func (s *Service) changeSettings(ctx context.Context, by domain.ID, what string, do func(tx *store.Tx, set *domain.Settings) error) error {
	return s.change(ctx, by, domain.MayManageSettings, "update", "setting", func(tx *store.Tx) (domain.ID, string, error) {
		set, err := tx.SettingsToChange(ctx)
		if err != nil {
			return 0, "", err
		}
		if err := do(tx, &set); err != nil {
			return 0, "", err
		}
		return 0, what, tx.SaveSettings(set)
	})
}

// SaveSettings replaces the settings, or says what is wrong with them.
func (s *Service) SaveSettings(ctx context.Context, set domain.Settings) error {
	if err := checkSettings(&set); err != nil {
		return err
	}
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.SaveSettings(set) })
}

// SetThumbnail makes a picture that of the community, "" the usual one.
func (s *Service) SetThumbnail(ctx context.Context, by domain.ID, name, blurhash string) error {
	return s.changeSettings(ctx, by, "thumbnail", func(tx *store.Tx, set *domain.Settings) error {
		old := set.Thumbnail
		set.Thumbnail, set.ThumbnailBlurhash = name, blurhash
		if err := tx.DoomFiles(old); err != nil {
			return err
		}
		return tx.KeepFiles(name)
	})
}

// SetIcon makes a picture the icon of the community, nil the usual one.
func (s *Service) SetIcon(ctx context.Context, by domain.ID, icon domain.Icon) error {
	return s.changeSettings(ctx, by, "icon", func(tx *store.Tx, set *domain.Settings) error {
		old := set.Icon
		set.Icon = icon
		if err := tx.DoomFiles(old.Files()...); err != nil {
			return err
		}
		return tx.KeepFiles(icon.Files()...)
	})
}

func checkSettings(set *domain.Settings) error {
	if !set.Registrations.Valid() {
		return domain.Errorf(domain.Invalid, "Registrations must be closed, invite, approval or open, not %q.", set.Registrations)
	}
	for _, f := range []domain.FeedAccess{set.LiveLocal, set.LiveRemote, set.TopicLocal, set.TopicRemote} {
		if !f.Valid() {
			return domain.Errorf(domain.Invalid, "Timelines are for everyone, members or nobody, not %q.", f)
		}
	}
	if set.TopicLocal == domain.FeedNobody { // which apps have no word for
		return domain.Errorf(domain.Invalid, "Posts of here by hashtag are for everyone or members.")
	}
	if !set.BlockList.Valid() {
		return domain.Errorf(domain.Invalid, "block_list is everyone, members or nobody, not %q.", set.BlockList)
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
		{"The name that mails come from", &set.MailSender, maxTitle},
		{"What is said about the costs", &set.RunningCosts, maxRunningCosts},
	} {
		*t.text = strings.TrimSpace(*t.text)
		if utf8.RuneCountInString(*t.text) > t.max {
			return domain.Errorf(domain.Invalid, "%s may have at most %d characters.", t.name, t.max)
		}
	}
	if set.Trends != "" && !set.Trends.Valid() {
		return domain.Errorf(domain.Invalid, "trends is open, review or off, not %q.", set.Trends)
	}
	if len(set.StaffPicks) > domain.MaxStaffPicks {
		return domain.Errorf(domain.Invalid, "staff_picks are at most %d accounts.", domain.MaxStaffPicks)
	}
	if set.FundedUntil != "" && set.Funded().IsZero() {
		return domain.Errorf(domain.Invalid, "funded_until is a day such as 2027-01-31, not %q.", set.FundedUntil)
	}
	if set.MediaBudget < 0 {
		return domain.Errorf(domain.Invalid, "The budget must be at least 1 GB.")
	}
	for _, n := range []int{set.MediaDays, set.PostDays, set.AddressDays} {
		if n < 0 || n > domain.MostDays {
			return domain.Errorf(domain.Invalid, "Things are kept for 1 to %d days, or without end (0).", domain.MostDays)
		}
	}
	if n := set.ArchiveDays; n < 0 || n > domain.MostDays {
		return domain.Errorf(domain.Invalid, "Archives are kept for 1 to %d days.", domain.MostDays)
	}
	if n := set.PostDays; n != 0 && n < domain.LeastPostDays {
		return domain.Errorf(domain.Invalid, "Posts from elsewhere are kept for at least %d days.", domain.LeastPostDays)
	}
	if n := set.MaxCharacters; n != 0 && (n < domain.LeastCharacters || n > domain.MostCharacters) {
		return domain.Errorf(domain.Invalid, "Posts may be limited to %d to %d characters.", domain.LeastCharacters, domain.MostCharacters)
	}
	if n := set.MaxMedia; n != 0 && (n < 1 || n > domain.MostMedia) {
		return domain.Errorf(domain.Invalid, "Posts may be limited to 1 to %d attachments.", domain.MostMedia)
	}
	if set.MinAge < 0 || set.MinAge > domain.OldestMinAge {
		return domain.Errorf(domain.Invalid, "min_age is 0 to %d.", domain.OldestMinAge)
	}
	if set.ListQuorum < 0 || set.ListQuorum > domain.MaxDomainLists {
		return domain.Errorf(domain.Invalid, "list_quorum is 0 to %d.", domain.MaxDomainLists)
	}
	if set.ProofOfWork < 0 || set.ProofOfWork > domain.MostWork {
		return domain.Errorf(domain.Invalid, "proof_of_work is 0 to %d.", domain.MostWork)
	}
	if set.MailPerDay < 0 {
		return domain.Errorf(domain.Invalid, "mail_per_day must not be negative.")
	}
	if !webAddress(set.TranslationURL) {
		return domain.Errorf(domain.Invalid, "The translation server needs an address such as https://translate.example.org, not %q.", set.TranslationURL)
	}
	if set.Title == "" {
		return domain.Errorf(domain.Invalid, "The community needs a name.")
	}
	return nil
}

// webAddress reports whether s is empty or a plain address on the web.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return s == "" || err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		u.User == nil && u.RawQuery == "" && u.Fragment == ""
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
