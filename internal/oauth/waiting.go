package oauth

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

// ticketCookie holds what somebody in the waiting room finds their place by.
const (
	ticketCookie = "ticket"
	ticketLife   = 7 * 24 * time.Hour
)

// waiting is GET /auth/waiting: one's place in the waiting room, and, once it
// is one's turn, the way on.
func (s *Server) waiting(r *httpkit.Request) error {
	p, err := s.accounts.Place(r.Context(), s.pages.Cookie(r.HTTP, ticketCookie))
	if domain.Is(err, domain.NotFound) {
		return goTo(r, signInURL("/", true))
	}
	if err != nil {
		return err
	}
	l := s.pages.Locale(r.HTTP)
	if p.Number > 0 {
		a, err := s.store.Account(r.Context(), p.Account)
		if err != nil {
			return err
		}
		s.pages.Waiting(r.Writer(), r.HTTP, page.Waiting{
			Username: a.Username, Number: int64(p.Number), Minutes: int64((p.In + time.Minute - 1) / time.Minute),
		})
		return nil
	}
	u, err := s.store.User(r.Context(), p.Account)
	if domain.Is(err, domain.NotFound) {
		return goTo(r, signInURL("/", true))
	}
	if err != nil {
		return err
	}
	s.pages.ClearCookie(r.Writer(), ticketCookie)
	m := page.Message{Title: l.T("room.in.title"), Text: l.T("room.in.text"), Link: s.signInLink(r, httpkit.SafeRedirect(s.base, s.pages.Cookie(r.HTTP, afterCookie)))}
	switch {
	case u.ConfirmedAt.IsZero():
		m.Title, m.Text = l.T("confirm.sent.title"), l.T("confirm.sent.text", "email", u.Email)
	case !u.Approved:
		m.Title, m.Text = l.T("signup.waiting.title"), l.T("signup.waiting.text")
	}
	s.pages.Message(r.Writer(), r.HTTP, m)
	return nil
}
