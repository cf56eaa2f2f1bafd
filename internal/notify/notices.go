package notify

import (
	"context"
	"slices"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

const (
	// noticesWait is how long notifications are collected for a mail; who reads
	// them meanwhile gets none.
	noticesWait = 2 * time.Minute
	// noticesMost is how many one mail tells; it says how many more there are.
	noticesMost = 10
	// noticesOld is what is too old to be told.
	noticesOld = 2 * 24 * time.Hour
)

// mailNotice has a new notification told by mail, unless an app is there to
// tell. Whether it is still unread is looked at when the mail is written.
func (s *Service) mailNotice(ctx context.Context, tx *store.Tx, n *domain.Notification) error {
	if s.mailer == nil || !slices.Contains(domain.MailedTypes(), n.Type) {
		return nil
	}
	u, err := tx.User(ctx, n.Account)
	if domain.Is(err, domain.NotFound) || err == nil && (u.Email == "" || !u.Prefs.Mail.Wants(n.Type)) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.MailLater(tx, domain.MailTask{Kind: domain.MailNotices, Account: n.Account})
}

// told reports whether an app tells somebody what happens.
func (s *Service) told(ctx context.Context, who *reader) (bool, error) {
	if who.user.Prefs.Mail.Always {
		return false, nil
	}
	if s.listens(who.ID) {
		return true, nil
	}
	apps, err := s.st.Reader().PushSubscriptions(ctx, who.ID)
	return len(apps) > 0, err
}

// sayNotices tells what somebody has not read yet.
func (s *Service) sayNotices(ctx context.Context, m *letter, who *reader) error {
	if told, err := s.told(ctx, who); err != nil || told {
		return orGone(err)
	}
	list, more, err := s.unread(ctx, who)
	if err != nil || len(list) == 0 {
		return orGone(err)
	}
	for i := range list {
		it, err := s.item(ctx, m, &list[i])
		if err != nil {
			return err
		}
		m.Items = append(m.Items, it)
	}
	m.newest = list[0].ID
	m.Subject, m.Lines = m.Items[0].Title, nil
	if len(list) > 1 {
		m.Subject = m.l.N("mail.notices.subject", int64(len(list)+more), "site", m.Site)
	}
	if more > 0 {
		m.Fine = append(m.Fine, m.l.N("mail.notices.more", int64(more)))
	}
	m.button(s, "mail.notices.button", "/notifications")
	return s.refusable(ctx, m, who)
}

// orGone is err, or that there is nothing to say.
func orGone(err error) error {
	if err != nil {
		return err
	}
	return domain.ErrNotFound
}

// unread are notifications that are wanted by mail, newer than what was read
// and what was mailed before, newest first, and how many more there are.
func (s *Service) unread(ctx context.Context, who *reader) (list []domain.Notification, more int, err error) {
	r := s.st.Reader()
	after, err := r.MailedUpTo(ctx, who.ID)
	if err != nil {
		return nil, 0, err
	}
	read, err := r.Markers(ctx, who.ID, []string{"notifications"})
	if err != nil {
		return nil, 0, err
	}
	for _, x := range read {
		if id, ok := domain.ParseID(x.LastRead); ok {
			after = max(after, id)
		}
	}
	q := store.NotificationQuery{}
	for _, t := range domain.MailedTypes() {
		if who.user.Prefs.Mail.Wants(t) {
			q.Types = append(q.Types, string(t))
		}
	}
	if len(q.Types) == 0 {
		return nil, 0, nil
	}
	all, err := r.Notifications(ctx, who.ID, q, domain.Page{SinceID: after, Limit: 4 * noticesMost})
	if err != nil {
		return nil, 0, err
	}
	for _, n := range all {
		worth, err := s.worthMail(ctx, &n)
		switch {
		case err != nil:
			return nil, 0, err
		case !worth:
		case len(list) == noticesMost:
			more++
		default:
			list = append(list, n)
		}
	}
	return list, more, nil
}

// worthMail leaves out what is old, and newcomers of whom nothing is to be
// decided.
func (s *Service) worthMail(ctx context.Context, n *domain.Notification) (bool, error) {
	if s.st.Now().Sub(n.CreatedAt) > noticesOld {
		return false, nil
	}
	if n.Type != domain.NotifyAdminSignUp {
		return true, nil
	}
	u, err := s.st.Reader().User(ctx, n.From)
	if domain.Is(err, domain.NotFound) {
		return false, nil
	}
	return !u.Approved, err
}

// item is a notification as a mail tells it.
func (s *Service) item(ctx context.Context, m *letter, n *domain.Notification) (item, error) {
	from, err := s.st.Reader().Account(ctx, n.From)
	if err != nil {
		return item{}, err
	}
	out := item{Title: title(m.l, n.Type, from.DisplayName, from.Username), Link: s.urls.Profile(&from)}
	if out.Body, err = s.body(ctx, *n, &from); err != nil {
		return item{}, err
	}
	switch {
	case n.Type == domain.NotifyAdminReport:
		out.Body, out.Link = "", ""
	case n.Type == domain.NotifyAdminSignUp:
		u, err := s.st.Reader().User(ctx, n.From)
		if err != nil {
			return item{}, err
		}
		out.Title, out.Body, out.Link = m.l.T("mail.waits", "name", from.Username), oneLine(u.Reason, domain.MaxPushBody), ""
	case n.Status != 0:
		out.Link, err = s.statusLink(ctx, n.Status)
		if err != nil {
			return item{}, err
		}
	}
	return out, nil
}

func (s *Service) statusLink(ctx context.Context, id domain.ID) (string, error) {
	st, err := s.st.Reader().AnyStatus(ctx, id)
	if err != nil {
		return "", err
	}
	author, err := s.st.Reader().Account(ctx, st.Account)
	return s.urls.StatusURL(&st, &author), err
}
