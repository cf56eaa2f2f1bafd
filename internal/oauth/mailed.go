package oauth

import (
	"net/http"
	"net/url"
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

// afterCookie remembers where somebody was going who had to confirm an address
// first.
const (
	afterCookie = "after"
	afterLife   = 24 * time.Hour
)

// tokenForm carries the text of a mailed link along. The link opens a page and
// does nothing by itself, since programs open what is in mails, too.
func tokenForm(r *httpkit.Request, action string) page.Form {
	return page.Form{Action: action, Hidden: []page.Hidden{{Name: "token", Value: r.Params.StringOr("token", "")}}}
}

// dead says that a link works no more, and how to get another.
func (s *Server) dead(r *httpkit.Request, err error, again page.Link) error {
	if !domain.Is(err, domain.Forbidden) {
		return err
	}
	l := s.pages.Locale(r.HTTP)
	s.pages.Message(r.Writer(), r.HTTP, page.Message{Title: l.T("error.403.title"), Text: l.Error(err.Error()), Link: again, Code: http.StatusForbidden})
	return nil
}

// signInLink leads to the sign-in page.
func (s *Server) signInLink(r *httpkit.Request, back string) page.Link {
	return page.Link{Text: s.pages.Locale(r.HTTP).T("nav.signin"), URL: signInURL(back, true)}
}

// confirmPage is GET /auth/confirmation.
func (s *Server) confirmPage(r *httpkit.Request) error {
	if err := s.accounts.CheckConfirm(r.Context(), r.Params.StringOr("token", "")); err != nil {
		return s.dead(r, err, s.signInLink(r, "/"))
	}
	s.pages.Question(r.Writer(), r.HTTP, page.Question{Form: tokenForm(r, "/auth/confirmation"), Kind: page.QuestionConfirm})
	return nil
}

// confirm is POST /auth/confirmation. It signs nobody in: who has the mail need
// not be who chose the password.
func (s *Server) confirm(r *httpkit.Request) error {
	if err := s.accounts.ConfirmEmail(r.Context(), r.Params.StringOr("token", "")); err != nil {
		return s.dead(r, err, s.signInLink(r, "/"))
	}
	back := httpkit.SafeRedirect(s.base, s.pages.Cookie(r.HTTP, afterCookie))
	s.pages.ClearCookie(r.Writer(), afterCookie)
	l := s.pages.Locale(r.HTTP)
	s.pages.Message(r.Writer(), r.HTTP, page.Message{Title: l.T("confirm.done.title"), Text: l.T("confirm.done.text"), Link: s.signInLink(r, back)})
	return nil
}

// forgotPage is GET /auth/password/new.
func (s *Server) forgotPage(r *httpkit.Request) error {
	if !s.accounts.Mails() {
		l := s.pages.Locale(r.HTTP)
		s.pages.Message(r.Writer(), r.HTTP, page.Message{Title: l.T("forgot.link"), Text: l.T("forgot.nomail"), Link: s.signInLink(r, "/")})
		return nil
	}
	return s.showForgot(r, page.Question{})
}

func (s *Server) showForgot(r *httpkit.Request, q page.Question) error {
	q.Action, q.Kind = "/auth/password/new", page.QuestionForgot
	s.pages.Question(r.Writer(), r.HTTP, q)
	return nil
}

// forgot is POST /auth/password/new: the answer is the same whether there is
// such an account or not (SEC-48).
func (s *Server) forgot(r *httpkit.Request) error {
	email := r.Params.StringOr("email", "")
	if err := r.LimitSubject(account.LoginKey(email)); err != nil {
		return err
	}
	err := s.accounts.ForgotPassword(r.Context(), email)
	if domain.Is(err, domain.Invalid) {
		return s.showForgot(r, page.Question{Email: email, Form: s.pages.Fail(r.HTTP, page.Form{}, err)})
	}
	if err != nil {
		return err
	}
	l := s.pages.Locale(r.HTTP)
	s.pages.Message(r.Writer(), r.HTTP, page.Message{Title: l.T("confirm.sent.title"), Text: l.T("forgot.sent.text", "email", email), Link: s.signInLink(r, "/")})
	return nil
}

// forgotLink leads to where a link can be asked for.
func (s *Server) forgotLink(r *httpkit.Request) page.Link {
	return page.Link{Text: s.pages.Locale(r.HTTP).T("forgot.title"), URL: "/auth/password/new"}
}

// resetPage is GET /auth/password/edit.
func (s *Server) resetPage(r *httpkit.Request) error {
	if err := s.accounts.CheckReset(r.Context(), r.Params.StringOr("token", "")); err != nil {
		return s.dead(r, err, s.forgotLink(r))
	}
	s.pages.Question(r.Writer(), r.HTTP, page.Question{Form: tokenForm(r, "/auth/password/edit"), Kind: page.QuestionNewPassword})
	return nil
}

// reset is POST /auth/password/edit.
func (s *Server) reset(r *httpkit.Request) error {
	err := s.accounts.ResetPassword(r.Context(), r.Params.StringOr("token", ""), r.Params.StringOr("password", ""))
	if domain.Is(err, domain.Invalid) {
		s.pages.Question(r.Writer(), r.HTTP, page.Question{Form: s.pages.Fail(r.HTTP, tokenForm(r, "/auth/password/edit"), err), Kind: page.QuestionNewPassword})
		return nil
	}
	if err != nil {
		return s.dead(r, err, s.forgotLink(r))
	}
	l := s.pages.Locale(r.HTTP)
	s.pages.Message(r.Writer(), r.HTTP, page.Message{Title: l.T("newpassword.done.title"), Text: l.T("newpassword.done.text"), Link: s.signInLink(r, "/")})
	return nil
}

// refusePage is GET /unsubscribe: a button, since programs open links in mails.
func (s *Server) refusePage(r *httpkit.Request) error {
	ticket := url.Values{"ticket": {r.Params.StringOr("ticket", "")}}
	s.pages.Question(r.Writer(), r.HTTP, page.Question{Form: page.Form{Action: "/unsubscribe?" + ticket.Encode()}, Kind: page.QuestionUnsubscribe})
	return nil
}

// refuseMail is POST /unsubscribe, by that button or by the mail program of
// who pressed one there (RFC 8058).
func (s *Server) refuseMail(r *httpkit.Request) error {
	if err := s.refuse(r.Context(), r.Params.StringOr("ticket", "")); err != nil {
		return err
	}
	l := s.pages.Locale(r.HTTP)
	s.pages.Message(r.Writer(), r.HTTP, page.Message{Title: l.T("unsubscribe.title"), Text: l.T("unsubscribe.done")})
	return nil
}
