package notify

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/mail"
	"coterie/internal/store"
)

// MailAttempts is how often a mail is tried before it is set aside: over some
// four days, by which a server that was away is back.
const MailAttempts = 20

// Mails reports whether there is a server to send mail by.
func (s *Service) Mails() bool { return s.mailer != nil }

// MailLater has a mail written and sent. Without a mail server nothing is.
func (s *Service) MailLater(tx *store.Tx, task domain.MailTask) error {
	if s.mailer == nil {
		return unsent(tx, task)
	}
	task.Since = tx.Now()
	_, err := job.Enqueue(tx, domain.JobMail, task, mailOptions(task)...)
	return err
}

// unsent notes of a mail about terms that it does not get through.
func unsent(tx *store.Tx, task domain.MailTask) error {
	if task.Kind != domain.MailTerms {
		return nil
	}
	return tx.TermsMailed(task.Account, task.Day, domain.TermsMailRefused)
}

// mailOptions put what is urgent first, and let notices of one person wait
// together.
func mailOptions(task domain.MailTask) []job.Option {
	list := []job.Option{job.Priority(task.Kind.Priority())}
	switch task.Kind {
	case domain.MailNotices:
		list = append(list, job.Unique(task.Account.String()), job.RunAt(task.Since.Add(noticesWait)))
	case domain.MailTerms:
		list = append(list, job.Unique("terms "+task.Day+" "+task.Account.String()))
	}
	return list
}

// SendMail is the job of kind domain.JobMail: one mail to one person. Should
// it run again after a crash, the mail comes twice, under the same id. What
// the server refuses for good is set aside; while the provider's daily cap is
// reached, mails wait, and the urgent ones go first.
func (s *Service) SendMail(ctx context.Context, j *job.Job) error {
	var task domain.MailTask
	if err := j.Decode(&task); err != nil {
		return err
	}
	if s.mailer == nil {
		return j.Write(ctx, func(tx *store.Tx) error { return unsent(tx, task) })
	}
	room, err := s.takeRoom(ctx, task.Kind)
	if err != nil {
		return fmt.Errorf("look how many mails went out: %w", err)
	}
	if !room {
		return j.Write(ctx, func(tx *store.Tx) error {
			at := tx.Now().Truncate(time.Hour).Add(time.Hour)
			_, err := job.Enqueue(tx, domain.JobMail, task, append(mailOptions(task), job.RunAt(at))...)
			return err
		})
	}
	sent, err := s.sendMail(ctx, j, task)
	if !sent {
		if back := s.st.Write(ctx, func(tx *store.Tx) error { return tx.UncountMail() }); back != nil {
			s.log.WarnContext(ctx, "a mail that was not sent counts as one", "error", back)
		}
	}
	return err
}

// sendMail writes the mail and hands it over, if there is still something to
// say.
func (s *Service) sendMail(ctx context.Context, j *job.Job, task domain.MailTask) (sent bool, err error) {
	l, err := s.write(ctx, task)
	if domain.Is(err, domain.NotFound) {
		return false, s.unsaid(ctx, j, task)
	}
	if err != nil {
		return false, fmt.Errorf("write a mail (%s): %w", task.Kind, err)
	}
	m, err := l.mail(s, j.ID)
	if err != nil {
		return false, job.Permanent(err)
	}
	if err := s.mailer.Send(ctx, m); err != nil {
		if mail.Refused(err) {
			err = job.Permanent(err)
		}
		if mail.Refused(err) || j.Attempts >= MailAttempts {
			err = errors.Join(err, j.Part(ctx, func(tx *store.Tx) error { return unsent(tx, task) }))
		}
		return false, err
	}
	switch {
	case task.Kind == domain.MailTerms:
		return true, j.Write(ctx, func(tx *store.Tx) error { return tx.TermsMailed(task.Account, task.Day, domain.TermsMailSent) })
	case l.newest != 0:
		return true, j.Write(ctx, func(tx *store.Tx) error { return tx.Mailed(task.Account, l.newest) })
	}
	return true, nil
}

// unsaid ends a mail that nobody is to get any more.
func (s *Service) unsaid(ctx context.Context, j *job.Job, task domain.MailTask) error {
	if task.Kind != domain.MailTerms {
		return nil
	}
	return j.Write(ctx, func(tx *store.Tx) error { return tx.DropTermsMail(task.Account, task.Day) })
}

// noticesShare is the part of a daily cap, one in so many, that is kept from
// notices, so that a link somebody waits for does not wait behind them.
const noticesShare = 5

// takeRoom counts one more mail, unless the provider would not take it.
func (s *Service) takeRoom(ctx context.Context, kind domain.MailKind) (bool, error) {
	set, err := s.st.Reader().Settings(ctx)
	if err != nil {
		return false, err
	}
	most := set.MailPerDay
	if kind.Priority() < domain.PriorityNormal {
		most -= most / noticesShare
	}
	full := domain.Errorf(domain.Unavailable, "no more mails for now")
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.CountMail(ctx)
		if err == nil && set.MailPerDay > 0 && n > most {
			err = full
		}
		return err
	})
	if err == full {
		return false, nil
	}
	return err == nil, err
}

// drawLink keeps a new link of a kind and returns its text.
func (s *Service) drawLink(ctx context.Context, kind domain.MailKind, account domain.ID, email string) (string, error) {
	secret := rand.Text() + rand.Text()
	m := domain.MailSecret{Account: account, Kind: kind, Email: email}
	err := s.st.Write(ctx, func(tx *store.Tx) error { return tx.InsertMailSecret(&m, domain.HashSecret(secret)) })
	return secret, err
}

// TestMail sends a mail at once, to see whether the server takes it.
func (s *Service) TestMail(ctx context.Context, to string) error {
	if s.mailer == nil {
		return domain.Errorf(domain.Unavailable, "No mail server is set: set COTERIE_MAIL_URL to an address such as smtp://NAME:PASSWORD@mail.example.org:587.")
	}
	l, err := s.write(ctx, domain.MailTask{Kind: domain.MailTest, To: to})
	if err != nil {
		return err
	}
	m, err := l.mail(s, domain.ID(s.st.Now().UnixMilli()))
	if err != nil {
		return err
	}
	if err := s.mailer.Send(ctx, m); err != nil {
		return &domain.Error{Kind: domain.Unavailable, Msg: "The mail was not sent: " + err.Error(), Err: err}
	}
	return nil
}
