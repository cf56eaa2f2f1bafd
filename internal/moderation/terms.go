package moderation

import (
	"context"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

const maxTerms = 100_000

// Mails about terms that wait to be sent at a time: the rest stay rows, so that
// a daily cap does not keep thousands of jobs going round.
const (
	termsMails      = 200
	termsMailsEvery = time.Minute
)

// PublishTerms makes a version of the terms of service hold from a day on,
// today where it is "", in place of one of the same day. Other words have to be
// accepted anew. With tell members are told of it by mail.
func (s *Service) PublishTerms(ctx context.Context, by domain.ID, text, day string, tell bool) (domain.Terms, error) {
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
		set, err := tx.SettingsToChange(ctx)
		if err != nil {
			return 0, "", err
		}
		if !slices.Contains(set.Terms, t) {
			set.Terms = slices.DeleteFunc(set.Terms, func(o domain.Terms) bool { return o.Effective == day })
			set.Terms = append(set.Terms, t)
			slices.SortFunc(set.Terms, func(a, b domain.Terms) int { return strings.Compare(a.Effective, b.Effective) })
			if err := tx.ForgetTerms(day); err != nil {
				return 0, "", err
			}
			if err := tx.SaveSettings(set); err != nil {
				return 0, "", err
			}
		}
		if tell {
			err = s.tellTerms(ctx, tx, day)
		}
		return 0, "terms " + day, err
	})
}

// TellTerms has members told by mail of the version of a day, one that holds or
// is to come: those who were not yet, and those whom the mail did not reach.
func (s *Service) TellTerms(ctx context.Context, by domain.ID, day string) error {
	return s.change(ctx, by, domain.MayManageSettings, "mail", "setting", func(tx *store.Tx) (domain.ID, string, error) {
		return 0, "terms " + day, s.tellTerms(ctx, tx, day)
	})
}

func (s *Service) tellTerms(ctx context.Context, tx *store.Tx, day string) error {
	if !s.mails {
		return domain.Errorf(domain.Unavailable, "This server sends no mail.")
	}
	set, err := tx.Settings(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(set.Terms, func(t domain.Terms) bool { return t.Effective == day })
	if i < 0 || i < domain.TermsAt(set.Terms, tx.Now()) {
		return domain.Errorf(domain.NotFound, "No terms hold from %s on that anybody could be told of.", day)
	}
	if err := tx.MailTerms(day); err != nil {
		return err
	}
	return mailTermsLater(tx, day, 0)
}

func mailTermsLater(tx *store.Tx, day string, wait time.Duration) error {
	_, err := job.Enqueue(tx, domain.JobTermsMails, day, job.Unique(day), job.Priority(domain.PriorityLow), job.RunAt(tx.Now().Add(wait)))
	return err
}

// MailTerms is the job that has the next members told of a version, and comes
// again as long as any wait.
func (s *Service) MailTerms(ctx context.Context, j *job.Job) error {
	var day string
	if err := j.Decode(&day); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		next, err := tx.NextTermsMails(ctx, day, termsMails)
		if err != nil {
			return err
		}
		for _, id := range next {
			if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailTerms, Account: id, Day: day})); err != nil {
				return err
			}
		}
		if counts, err := tx.TermsMails(ctx); err != nil || counts[day].Waiting == 0 {
			return err
		}
		return mailTermsLater(tx, day, termsMailsEvery)
	})
}

// TermsCounted is a version with how many accepted it, of how many who may act
// here, and how many were told of it by mail, nil where nobody was to be.
type TermsCounted struct {
	domain.Terms
	Accepted int64              `json:"accepted"`
	Members  int64              `json:"members"`
	Mails    *domain.TermsMails `json:"mails"`
}

// Terms are all versions of the terms of service, the last one first.
func (s *Service) Terms(ctx context.Context) ([]TermsCounted, error) {
	set, err := s.Settings(ctx)
	if err != nil {
		return nil, err
	}
	accepted, members, err := s.st.Reader().TermsCounts(ctx)
	if err != nil {
		return nil, err
	}
	mails, err := s.st.Reader().TermsMails(ctx)
	out := make([]TermsCounted, 0, len(set.Terms))
	for _, t := range slices.Backward(set.Terms) {
		c := TermsCounted{Terms: t, Accepted: accepted[t.Effective], Members: members}
		if m, ok := mails[t.Effective]; ok {
			c.Mails = &m
		}
		out = append(out, c)
	}
	return out, err
}
