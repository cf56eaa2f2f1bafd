package notify

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/locale"
	"coterie/internal/text"
)

// reader is who gets a mail.
type reader struct {
	domain.Account
	user domain.User
}

// write says what a mail says. ErrNotFound: nobody is to get it any more.
func (s *Service) write(ctx context.Context, task domain.MailTask) (*letter, error) {
	set, err := s.st.Reader().Settings(ctx)
	if err != nil {
		return nil, err
	}
	who, err := s.reader(ctx, task)
	if err != nil {
		return nil, err
	}
	l := locale.Match("", task.Locale)
	if who.user.Locale != "" {
		l = locale.Match("", who.user.Locale)
	}
	m := &letter{l: l, Site: oneLine(set.Title, maxName), to: who.user.Email, reply: set.ContactEmail}
	m.from = cmp.Or(oneLine(set.MailSender, maxName), m.Site)
	if task.To != "" && task.Kind != domain.MailReset {
		m.to = task.To
	}
	if m.to == "" {
		return nil, domain.ErrNotFound
	}
	m.Foot = l.T("mail.foot.stranger", "site", m.Site, "domain", s.urls.Host)
	if who.ID != 0 {
		m.Hello = l.T("mail.hello", "name", nameOf(&who.Account))
		m.Foot = l.T("mail.foot", "account", "@"+who.Username+"@"+s.urls.Host, "site", m.Site)
	} else if task.Name != "" {
		m.Hello = l.T("mail.hello", "name", task.Name)
	}
	words := set.MailWords(task.Kind, l.Tag())
	if task.Kind == domain.MailWelcome && words == "" || task.Kind == domain.MailSignIn && set.NoSignInNotices {
		return nil, domain.ErrNotFound
	}
	if err := s.say(ctx, m, &who, task); err != nil {
		return m, err
	}
	for line := range strings.Lines(words) {
		if line = strings.TrimSpace(line); line != "" {
			m.Lines = append(m.Lines, line)
		}
	}
	return m, nil
}

// reader looks up who gets the mail. Where only an address is known, whoever
// has it; so nobody learns from the time it takes to ask whether somebody does.
func (s *Service) reader(ctx context.Context, task domain.MailTask) (who reader, err error) {
	r := s.st.Reader()
	switch {
	case task.Account != 0:
		who.user, err = r.User(ctx, task.Account)
	case task.Kind == domain.MailReset:
		who.user, err = r.UserByEmail(ctx, task.To)
	default:
		return who, nil
	}
	if err != nil {
		return who, err
	}
	if who.user.ConfirmedAt.IsZero() && task.Kind != domain.MailConfirm {
		return who, domain.ErrNotFound
	}
	who.Account, err = r.Account(ctx, who.user.Account)
	return who, err
}

func nameOf(a *domain.Account) string {
	if name := oneLine(a.DisplayName, maxName); name != "" {
		return name
	}
	return a.Username
}

// say writes what is particular to the kind.
func (s *Service) say(ctx context.Context, m *letter, who *reader, task domain.MailTask) error {
	m.text("mail."+string(task.Kind), who, task)
	switch task.Kind {
	case domain.MailConfirm:
		return s.sayConfirm(ctx, m, who)
	case domain.MailReset:
		return s.sayReset(ctx, m, who)
	case domain.MailSignIn:
		return s.saySignIn(ctx, m, who, task.Object)
	case domain.MailStrike, domain.MailDecided:
		return s.sayStrike(ctx, m, who, task)
	case domain.MailAppealed:
		return s.sayAppealed(ctx, m, who, task.Object)
	case domain.MailTerms:
		return s.sayTerms(ctx, m, who, task.Day)
	case domain.MailNotices:
		return s.sayNotices(ctx, m, who)
	case domain.MailPassword, domain.MailFactors, domain.MailAddress:
		m.button(s, "mail.forgot", "/auth/password/new")
		m.Fine = append(m.Fine, m.l.T("mail.not_you", "site", m.Site))
	case domain.MailRejected:
		m.Quote = task.Text
	case domain.MailApproved, domain.MailWelcome:
		m.button(s, "nav.signin", "/auth/sign_in")
	case domain.MailArchive:
		return s.sayArchive(ctx, m, who)
	}
	return nil
}

// text is the subject and the first line of a kind; more are names and values
// that are the kind's own.
func (m *letter) text(key string, who *reader, task domain.MailTask, more ...any) {
	name := who.Username
	if name == "" {
		name = task.Name
	}
	words := append([]any{"site", m.Site, "name", name, "email", who.user.Email}, more...)
	m.Subject = m.l.T(key+".subject", words...)
	m.Lines = []string{m.l.T(key+".text", words...)}
}

func (m *letter) button(s *Service, key, path string) {
	m.Button, m.Link = m.l.T(key), s.urls.Base+path
}

// sayConfirm has a new address confirmed, that of a newcomer or one that is to
// take the place of another. Whose it is already is told so instead, and who
// asked learns nothing (SEC-48).
func (s *Service) sayConfirm(ctx context.Context, m *letter, who *reader) error {
	m.to = who.user.NewEmail
	newcomer := who.user.ConfirmedAt.IsZero()
	if newcomer {
		m.to = who.user.Email
	} else {
		m.text("mail.confirm_new", who, domain.MailTask{})
	}
	if m.to == "" {
		return domain.ErrNotFound
	}
	owner, err := s.st.Reader().UserByEmail(ctx, text.EmailKey(m.to))
	switch {
	case err == nil && owner.Account != who.ID:
		return s.sayTaken(ctx, m, owner)
	case err != nil && !domain.Is(err, domain.NotFound):
		return err
	}
	secret, err := s.drawLink(ctx, domain.MailConfirm, who.ID, m.to)
	if err != nil {
		return err
	}
	m.button(s, "mail.confirm.button", "/auth/confirmation?"+url.Values{"token": {secret}}.Encode())
	m.Fine = append(m.Fine, m.l.T("mail.confirm.fine"))
	return nil
}

// sayTaken tells somebody that another wants to join with their address.
func (s *Service) sayTaken(ctx context.Context, m *letter, owner domain.User) error {
	a, err := s.st.Reader().Account(ctx, owner.Account)
	if err != nil {
		return err
	}
	m.l = locale.Match("", owner.Locale)
	m.Hello = m.l.T("mail.hello", "name", nameOf(&a))
	m.text("mail.taken", &reader{Account: a, user: owner}, domain.MailTask{})
	m.button(s, "mail.forgot", "/auth/password/new")
	return nil
}

func (s *Service) sayReset(ctx context.Context, m *letter, who *reader) error {
	if who.Suspended() {
		return domain.ErrNotFound
	}
	secret, err := s.drawLink(ctx, domain.MailReset, who.ID, who.user.Email)
	if err != nil {
		return err
	}
	m.button(s, "mail.reset.button", "/auth/password/edit?"+url.Values{"token": {secret}}.Encode())
	m.Fine = append(m.Fine, m.l.T("mail.reset.fine"))
	return nil
}

func (s *Service) saySignIn(ctx context.Context, m *letter, who *reader, id domain.ID) error {
	in, err := s.st.Reader().SignIn(ctx, who.ID, id)
	if err != nil {
		return err
	}
	m.Facts = []fact{
		{m.l.T("mail.browser"), oneLine(in.UserAgent, 200)}, {m.l.T("mail.ip"), in.IP}, {m.l.T("mail.time"), m.l.DateTime(in.CreatedAt)},
	}
	m.button(s, "mail.sessions", "/settings")
	m.Fine = append(m.Fine, m.l.T("mail.not_you", "site", m.Site))
	return nil
}

// sayStrike tells of a decision of the staff, in the community's name (SEC-39).
func (s *Service) sayStrike(ctx context.Context, m *letter, who *reader, task domain.MailTask) error {
	k, err := s.st.Reader().Strike(ctx, task.Object)
	if err != nil {
		return err
	}
	what := m.l.T("mail.strike." + string(k.Action))
	if task.Kind == domain.MailDecided {
		if k.Appeal.ApprovedAt.IsZero() {
			what = m.l.T("mail.appeal.rejected")
		} else {
			what = m.l.T("mail.appeal.approved")
		}
		m.Lines = append(m.Lines, what)
		return nil
	}
	m.Lines, m.Quote = append(m.Lines, what), k.Text
	if who.user.Active() && !who.Suspended() {
		m.Lines = append(m.Lines, m.l.N("mail.strike.appeal", int64(domain.AppealWithin/(24*60*60*1e9))))
		m.button(s, "mail.notices.button", "/settings/strikes")
	}
	return nil
}

// sayAppealed tells the staff that somebody appeals.
func (s *Service) sayAppealed(ctx context.Context, m *letter, who *reader, id domain.ID) error {
	if !who.user.Held.May(domain.MayManageAppeals) || !who.user.Prefs.Mail.Wants(domain.NotifyAdminReport) {
		return domain.ErrNotFound
	}
	k, err := s.st.Reader().Strike(ctx, id)
	if err != nil {
		return err
	}
	if k.Appeal.ID == 0 || !k.Appeal.ApprovedAt.IsZero() || !k.Appeal.RejectedAt.IsZero() {
		return domain.ErrNotFound
	}
	target, err := s.st.Reader().Account(ctx, k.Target)
	if err != nil {
		return err
	}
	m.Lines = []string{m.l.T("mail.appealed.text", "name", "@"+target.Username)}
	m.Quote = k.Appeal.Text
	return s.refusable(ctx, m, who)
}

// sayArchive tells until when the archive is there, if it still is.
func (s *Service) sayArchive(ctx context.Context, m *letter, who *reader) error {
	a, err := s.st.Reader().Archive(ctx, who.ID)
	if err != nil {
		return err
	}
	if !a.Ready || !a.ExpiresAt.After(s.st.Now()) {
		return domain.ErrNotFound
	}
	m.text("mail.archive", who, domain.MailTask{}, "day", m.l.Date(a.ExpiresAt))
	m.button(s, "mail.archive.button", "/settings/data")
	return nil
}

// sayTerms tells a member of a version of the terms, unless they were told, or
// accepted it, or it was replaced. It comes whatever they wish to read by mail,
// since it is about what they agreed to.
func (s *Service) sayTerms(ctx context.Context, m *letter, who *reader, day string) error {
	r := s.st.Reader()
	state, err := r.TermsMail(ctx, who.ID, day)
	if err != nil {
		return err
	}
	accepted, err := r.TermsAccepted(ctx, who.ID)
	if err != nil {
		return err
	}
	if state == domain.TermsMailSent || who.Suspended() || slices.ContainsFunc(accepted, func(a domain.TermsAcceptance) bool { return a.Effective == day }) {
		return domain.ErrNotFound
	}
	from, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return fmt.Errorf("read the day of the terms: %w", err)
	}
	key := "mail.terms.text"
	if !from.After(s.st.Now()) {
		key = "mail.terms.since"
	}
	m.Lines = []string{m.l.T(key, "site", m.Site, "day", m.l.Date(from)), m.l.T("mail.terms.asked")}
	m.button(s, "mail.terms.button", "/terms-of-service/"+day)
	m.Fine = append(m.Fine, m.l.T("mail.terms.fine", "site", m.Site))
	return nil
}

// refusable lets a notice be refused with one click, and chosen among others.
func (s *Service) refusable(ctx context.Context, m *letter, who *reader) error {
	k, err := s.key(ctx)
	if err != nil {
		return fmt.Errorf("read the key of tickets: %w", err)
	}
	m.Unsubscribe = s.urls.Base + "/unsubscribe?" + url.Values{"ticket": {k.mailTicket(who.ID)}}.Encode()
	m.Wishes = s.urls.Base + "/settings/notifications"
	return nil
}
