package oauth

import (
	"net/http"
	"net/url"
	"strings"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

// signInPage is GET /auth/sign_in.
func (s *Server) signInPage(r *httpkit.Request) error {
	back := s.back(r)
	if !r.Params.BoolOr("again", false) {
		in, err := s.session(r)
		if err != nil {
			return err
		}
		if in != nil && in.Refused == nil {
			// The web client may lack its cookie, and would come back again and again.
			s.use(r, s.pages.Cookie(r.HTTP, account.SessionCookie))
			return goTo(r, back)
		}
	}
	return s.showSignIn(r, back, page.SignIn{})
}

func (s *Server) showSignIn(r *httpkit.Request, back string, d page.SignIn) error {
	d.Action, d.Back = "/auth/sign_in", back
	d.Provider = s.providerName()
	d.Hidden = []page.Hidden{{Name: "return_to", Value: back}}
	if _, err := s.accounts.MayJoin(r.Context(), ""); err == nil {
		d.SignUpURL = "/auth/sign_up?" + url.Values{"return_to": {back}}.Encode()
	}
	d.App = s.appName(r, back)
	s.pages.SignIn(r.Writer(), r.HTTP, d)
	return nil
}

// appName is the app that an authorisation to come back to is for, "" if
// there is none.
func (s *Server) appName(r *httpkit.Request, back string) string {
	u, err := url.Parse(back)
	if err != nil || u.Path != "/oauth/authorize" {
		return ""
	}
	a, err := s.accounts.FindClient(r.Context(), u.Query().Get("client_id"), u.Query().Get("redirect_uri"))
	if err != nil {
		return ""
	}
	return a.Name
}

// signIn is POST /auth/sign_in.
func (s *Server) signIn(r *httpkit.Request) error {
	back := s.back(r)
	login, _ := r.Params.String("login")
	password, _ := r.Params.String("password")
	if err := r.LimitSubject(account.LoginKey(login)); err != nil {
		return err
	}
	in := s.device(r)
	in.Login, in.Password = login, password
	opened, err := s.accounts.SignIn(r.Context(), in)
	switch {
	case domain.Is(err, domain.Unauthenticated):
		return s.showSignIn(r, back, page.SignIn{Login: login, Form: page.Form{Problem: s.pages.Locale(r.HTTP).T("signin.wrong")}})
	case domain.Is(err, domain.Forbidden):
		return s.showSignIn(r, back, page.SignIn{Login: login, Form: s.pages.Fail(r.HTTP, page.Form{}, err)})
	}
	if err != nil {
		return err
	}
	return s.opened(r, opened, back)
}

// opened goes on with a sign-in: to the session, or to what is still missing.
func (s *Server) opened(r *httpkit.Request, opened account.Opened, back string) error {
	if opened.Pending != "" {
		s.pages.SetStrictCookie(r.Writer(), pendingCookie, opened.Pending, domain.CeremonyLife)
		path := "/auth/second_factor?"
		if opened.FirstFactor {
			path = "/auth/first_factor?"
		}
		return goTo(r, path+url.Values{"return_to": {back}}.Encode())
	}
	if err := s.keep(r, opened.Session); err != nil {
		return err
	}
	return goTo(r, back)
}

// device is what a session remembers of the browser.
func (s *Server) device(r *httpkit.Request) account.SignIn {
	in := account.SignIn{IP: r.Client.String(), UserAgent: r.Header("User-Agent")}
	if !s.adding(r) {
		in.Replaces = s.pages.Cookie(r.HTTP, account.SessionCookie)
	}
	return in
}

// signUpPage is GET /auth/sign_up.
func (s *Server) signUpPage(r *httpkit.Request) error {
	return s.showSignUp(r, page.SignUp{})
}

// invite is GET /invite/{code}: the page to join by an invitation or, for an
// app, whether it is still good and where to go on (behaviours 18.2).
func (s *Server) invite(r *httpkit.Request) (any, error) {
	code := r.Path("code")
	if !strings.Contains(r.Header("Accept"), "json") {
		return httpkit.Redirect{URL: "/auth/sign_up?" + url.Values{"invite_code": {code}}.Encode()}, nil
	}
	v, err := s.accounts.Invited(r.Context(), code)
	if domain.Is(err, domain.Forbidden) {
		err = domain.Errorf(domain.Unauthenticated, "This invitation is not valid any more. Ask for a new one.")
	}
	return struct {
		Code string `json:"invite_code"`
		URL  string `json:"instance_api_url"`
	}{v.Invite.Code, s.base + "/api/v2/instance"}, err
}

// closed says why nobody can join.
func (s *Server) closed(r *httpkit.Request, err error) error {
	if !domain.Is(err, domain.Forbidden) {
		return err
	}
	l := s.pages.Locale(r.HTTP)
	s.pages.Message(r.Writer(), r.HTTP, page.Message{
		Title: l.T("signup.closed.title"), Text: l.Error(err.Error()), Code: http.StatusForbidden,
	})
	return nil
}

func (s *Server) showSignUp(r *httpkit.Request, d page.SignUp) error {
	back, code := s.back(r), r.Params.StringOr("invite_code", "")
	door, err := s.accounts.MayJoin(r.Context(), code)
	if err != nil {
		return s.closed(r, err)
	}
	d.Action, d.Approval, d.MinAge = "/auth/sign_up", door.Approval, door.MinAge
	d.Hidden = []page.Hidden{{Name: "return_to", Value: back}}
	if door.Work {
		c, err := s.accounts.WorkChallenge(r.Context())
		if err != nil {
			return err
		}
		d.Challenge, d.ChallengeBits = c.Text, c.Bits
	}
	if door.Invited != nil {
		host := shown(&door.Invited.Maker)
		d.Host = &host
		d.Hidden = append(d.Hidden, page.Hidden{Name: "invite_code", Value: door.Invited.Invite.Code})
	}
	d.SignInURL = signInURL(back, false)
	rules, err := s.store.Rules(r.Context())
	if err != nil {
		return err
	}
	for _, rule := range rules {
		d.Rules = append(d.Rules, page.Rule(rule.In(s.pages.Locale(r.HTTP).Tag())))
	}
	s.pages.SignUp(r.Writer(), r.HTTP, d)
	return nil
}

// signUp is POST /auth/sign_up.
func (s *Server) signUp(r *httpkit.Request) error {
	p := r.Params
	j := account.Join{Agreement: p.BoolOr("agreement", false)}
	j.Username, j.Email, j.Password = p.StringOr("username", ""), p.StringOr("email", ""), p.StringOr("password", "")
	l := s.pages.Locale(r.HTTP)
	j.Locale, j.Invite, j.Reason = l.Tag(), p.StringOr("invite_code", ""), p.StringOr("reason", "")
	j.From, j.Born, j.Passkey = r.Client, p.StringOr("date_of_birth", ""), newPasskey(r)
	j.Work = p.StringOr("proof_of_work", "")
	joined, err := s.accounts.Join(r.Context(), j)
	switch {
	case domain.Is(err, domain.Forbidden):
		return s.closed(r, err)
	case domain.Is(err, domain.Invalid), domain.Is(err, domain.Unauthenticated):
		d := page.SignUp{Username: j.Username, Born: j.Born, Email: j.Email, Reason: j.Reason, Agreement: j.Agreement}
		if domain.Is(err, domain.Invalid) {
			d.PasskeySecret, d.PasskeyAnswer = j.Passkey.Secret, string(j.Passkey.Answer)
		}
		d.Form = s.pages.Fail(r.HTTP, d.Form, err)
		return s.showSignUp(r, d)
	case err != nil:
		return err
	}
	if joined.Ticket != "" {
		s.pages.SetCookie(r.Writer(), ticketCookie, joined.Ticket, ticketLife)
		s.pages.SetCookie(r.Writer(), afterCookie, s.back(r), afterLife)
		return s.shownCodes(r, joined, "/auth/waiting")
	}
	if joined.Confirms {
		s.pages.SetCookie(r.Writer(), afterCookie, s.back(r), afterLife)
		return s.joinedBut(r, joined, l.T("confirm.sent.title"), l.T("confirm.sent.text", "email", j.Email))
	}
	if joined.Waits {
		return s.joinedBut(r, joined, l.T("signup.waiting.title"), l.T("signup.waiting.text"))
	}
	device := s.device(r)
	device.Method = domain.ByJoining
	secret, err := s.accounts.OpenSession(r.Context(), joined.Account.ID, device)
	if err != nil {
		return err
	}
	if err := s.keep(r, secret); err != nil {
		return err
	}
	return s.shownCodes(r, joined, s.back(r))
}

// joinedBut tells a newcomer what is still to come, after the recovery codes
// if there are any.
func (s *Server) joinedBut(r *httpkit.Request, joined account.Joined, title, text string) error {
	if len(joined.RecoveryCodes) > 0 {
		s.pages.RecoveryCodes(r.Writer(), r.HTTP, page.RecoveryCodes{Codes: joined.RecoveryCodes, Title: title, Text: text})
		return nil
	}
	s.pages.Message(r.Writer(), r.HTTP, page.Message{Title: title, Text: text, Code: http.StatusOK})
	return nil
}

// shownCodes goes on to a path, after the recovery codes of a newcomer if there
// are any.
func (s *Server) shownCodes(r *httpkit.Request, joined account.Joined, next string) error {
	if len(joined.RecoveryCodes) == 0 {
		return goTo(r, next)
	}
	s.pages.RecoveryCodes(r.Writer(), r.HTTP, page.RecoveryCodes{Codes: joined.RecoveryCodes, Next: next})
	return nil
}

// beginJoin is POST /auth/sign_up/passkey: for a passkey instead of a password.
func (s *Server) beginJoin(r *httpkit.Request) (any, error) {
	c, err := s.accounts.BeginJoin(r.Context(), r.Params.StringOr("username", ""), r.Params.StringOr("invite_code", ""))
	return asked{Secret: c.Secret, Options: c.Options}, err
}

// recoveryPage is GET /auth/recovery, for who has lost the passkey and has no
// password.
func (s *Server) recoveryPage(r *httpkit.Request) error {
	return s.showRecovery(r, page.Question{})
}

func (s *Server) showRecovery(r *httpkit.Request, q page.Question) error {
	q.Action, q.Kind = "/auth/recovery", page.QuestionRecovery
	q.Hidden = []page.Hidden{{Name: "return_to", Value: s.back(r)}}
	s.pages.Question(r.Writer(), r.HTTP, q)
	return nil
}

// recover is POST /auth/recovery.
func (s *Server) recover(r *httpkit.Request) error {
	in := s.device(r)
	in.Login, in.Password = r.Params.StringOr("login", ""), r.Params.StringOr("code", "")
	if err := r.LimitSubject(account.LoginKey(in.Login)); err != nil {
		return err
	}
	secret, err := s.accounts.SignInByRecoveryCode(r.Context(), in)
	if domain.Is(err, domain.Unauthenticated) || domain.Is(err, domain.Forbidden) {
		return s.showRecovery(r, page.Question{Login: in.Login, Form: s.pages.Fail(r.HTTP, page.Form{}, err)})
	}
	if err != nil {
		return err
	}
	if err := s.keep(r, secret); err != nil {
		return err
	}
	return goTo(r, s.back(r))
}
