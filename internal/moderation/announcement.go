package moderation

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/text"
)

// maxAnnouncement is the longest announcement, in characters.
const maxAnnouncement = 5000

// AddAnnouncement tells everybody here something: at once where PublishedAt is
// zero, else then. With AllDay the times are cut to their days (UTC).
func (s *Service) AddAnnouncement(ctx context.Context, by domain.ID, a domain.Announcement) (domain.Announcement, error) {
	a.Text = strings.TrimSpace(a.Text)
	if a.AllDay {
		a.StartsAt, a.EndsAt = a.StartsAt.Truncate(domain.AllDayLength), a.EndsAt.Truncate(domain.AllDayLength)
	}
	err := s.change(ctx, by, domain.MayManageAnnouncements, "create", "announcement", func(tx *store.Tx) (domain.ID, string, error) {
		err := announce(tx, &a)
		return a.ID, a.ID.String(), err
	})
	return a, err
}

// announce stores an announcement and has it told when it begins and ends.
func announce(tx *store.Tx, a *domain.Announcement) error {
	if a.PublishedAt.IsZero() {
		a.PublishedAt = tx.Now()
	}
	if err := checkAnnouncement(a, tx.Now()); err != nil {
		return err
	}
	if err := tx.InsertAnnouncement(a); err != nil {
		return fmt.Errorf("insert the announcement: %w", err)
	}
	if a.State(tx.Now()) == domain.AnnouncementPublished {
		if err := tx.Emit(domain.Event{Kind: domain.EventAnnounced, Object: a.ID}); err != nil {
			return err
		}
	} else if err := announceLater(tx, a, a.PublishedAt); err != nil {
		return err
	}
	return announceLater(tx, a, a.Over())
}

func checkAnnouncement(a *domain.Announcement, now time.Time) error {
	over := a.Over()
	switch {
	case a.Text == "":
		return domain.Errorf(domain.Invalid, "An announcement needs a text.")
	case utf8.RuneCountInString(a.Text) > maxAnnouncement:
		return domain.Errorf(domain.Invalid, "An announcement may have at most %d characters.", maxAnnouncement)
	case a.AllDay && (a.StartsAt.IsZero() || a.EndsAt.IsZero()):
		return domain.Errorf(domain.Invalid, "What lasts whole days needs a first and a last day.")
	case !over.IsZero() && !over.After(a.StartsAt):
		return domain.Errorf(domain.Invalid, "An announcement cannot end before it starts.")
	case !over.IsZero() && (!over.After(now) || !over.After(a.PublishedAt)):
		return domain.Errorf(domain.Invalid, "This announcement would be over before anybody saw it.")
	}
	return nil
}

// announceLater has it told that the announcement begins or ends; the zero
// time is never.
func announceLater(tx *store.Tx, a *domain.Announcement, at time.Time) error {
	if at.IsZero() {
		return nil
	}
	_, err := job.Enqueue(tx, domain.JobAnnouncement, a.ID, job.RunAt(at), job.Unique(a.ID.String()+" "+at.String()))
	if err != nil {
		return fmt.Errorf("have it announced later: %w", err)
	}
	return nil
}

// Announce is the job that tells how an announcement stands, once it has begun
// or ended. Run again, it tells the same again.
func (s *Service) Announce(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.AnyAnnouncement(ctx, id)
		if domain.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		kind := domain.EventAnnounced
		if a.State(tx.Now()) == domain.AnnouncementEnded {
			kind = domain.EventAnnouncementGone
		}
		return tx.Emit(domain.Event{Kind: kind, Object: id})
	})
}

// RemoveAnnouncement takes an announcement back, with its reactions.
func (s *Service) RemoveAnnouncement(ctx context.Context, by, id domain.ID) error {
	return s.change(ctx, by, domain.MayManageAnnouncements, "destroy", "announcement", func(tx *store.Tx) (domain.ID, string, error) {
		err := tx.DeleteAnnouncement(id)
		if domain.Is(err, domain.NotFound) {
			err = domain.Errorf(domain.NotFound, "There is no announcement %s.", id)
		}
		if err != nil {
			return 0, "", err
		}
		return id, id.String(), tx.Emit(domain.Event{Kind: domain.EventAnnouncementGone, Object: id})
	})
}

// DismissAnnouncement remembers that account has read what is announced now.
// It may be repeated.
func (s *Service) DismissAnnouncement(ctx context.Context, account, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Announcement(ctx, id, tx.Now()); err != nil {
			return err
		}
		return tx.DismissAnnouncement(account, id)
	})
}

// React puts account's emoji under an announcement: one of Unicode, or the
// shortcode of one of ours. It may be repeated.
func (s *Service) React(ctx context.Context, account, id domain.ID, name string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Announcement(ctx, id, tx.Now()); err != nil {
			return err
		}
		emoji, err := reactionNamed(ctx, tx.Reader, name)
		if err != nil {
			return err
		}
		if err := tx.LockAnnouncement(id); err != nil {
			return err
		}
		there, err := tx.Reactions(ctx, account, []domain.ID{id})
		if err != nil {
			return fmt.Errorf("read the reactions: %w", err)
		}
		joins := false
		for _, x := range there {
			joins = joins || x.Name == emoji
		}
		if !joins && len(there) >= domain.MaxReactions {
			return domain.Errorf(domain.Invalid, "Validation failed: Limit of different reactions reached")
		}
		isNew, err := tx.InsertReaction(account, id, emoji)
		if err != nil || !isNew {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventAnnouncementReacted, Actor: account, Object: id, Name: emoji})
	})
}

// Unreact takes account's emoji back; one it has not given is ErrNotFound.
func (s *Service) Unreact(ctx context.Context, account, id domain.ID, name string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Announcement(ctx, id, tx.Now()); err != nil {
			return err
		}
		if emoji, ok := text.UnicodeEmoji(name); ok {
			name = emoji
		}
		if err := tx.DeleteReaction(account, id, name); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventAnnouncementReacted, Actor: account, Object: id, Name: name})
	})
}

// reactionNamed is the form in which a reaction is kept.
func reactionNamed(ctx context.Context, r store.Reader, name string) (string, error) {
	if emoji, ok := text.UnicodeEmoji(name); ok {
		return emoji, nil
	}
	if text.ValidShortcode(name) {
		list, err := r.Emojis(ctx, []string{""}, []string{name})
		if err != nil || len(list) > 0 {
			return name, err
		}
	}
	return "", domain.Errorf(domain.Invalid, "Validation failed: Name is not a recognized emoji")
}
