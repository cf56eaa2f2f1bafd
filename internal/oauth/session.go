package oauth

import (
	"net/http"
	"net/url"

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
		if in != nil {
			return goTo(r, back)
		}
	}
	return s.showSignIn(r, back, page.SignIn{})
}

func (s *Server) showSignIn(r *httpkit.Request, back string, d page.SignIn) error {
	d.Action = "/auth/sign_in"
	d.Hidden = []page.Hidden{{Name: "return_to", Value: back}}
	if s.accounts.MayJoin(r.Context()) == nil {
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
	secret, err := s.accounts.SignIn(r.Context(), in)
	switch {
	case domain.Is(err, domain.Unauthenticated):
		return s.showSignIn(r, back, page.SignIn{Login: login, Form: page.Form{Problem: s.pages.Locale(r.HTTP).T("signin.wrong")}})
	case domain.Is(err, domain.Forbidden):
		return s.showSignIn(r, back, page.SignIn{Login: login, Form: s.pages.Fail(r.HTTP, page.Form{}, err)})
	}
	if err != nil {
		return err
	}
	s.pages.SetCookie(r.Writer(), account.SessionCookie, secret, cookieLife)
	return goTo(r, back)
}

// device is what a session remembers of the browser.
func (s *Server) device(r *httpkit.Request) account.SignIn {
	return account.SignIn{
		IP: r.Client.String(), UserAgent: r.Header("User-Agent"),
		Replaces: s.pages.Cookie(r.HTTP, account.SessionCookie),
	}
}

// signOut is POST and DELETE /auth/sign_out: the session ends here and on the
// server, and every cookie of ours goes (SEC-64).
func (s *Server) signOut(r *httpkit.Request) error {
	if err := s.accounts.SignOut(r.Context(), s.pages.Cookie(r.HTTP, account.SessionCookie)); err != nil {
		return err
	}
	s.pages.ClearCookie(r.Writer(), account.SessionCookie)
	r.SetHeader("Clear-Site-Data", `"cookies"`)
	return goTo(r, "/")
}

// signUpPage is GET /auth/sign_up.
func (s *Server) signUpPage(r *httpkit.Request) error {
	if err := s.accounts.MayJoin(r.Context()); err != nil {
		return s.closed(r, err)
	}
	return s.showSignUp(r, page.SignUp{})
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
	back := s.back(r)
	d.Action = "/auth/sign_up"
	d.Hidden = []page.Hidden{{Name: "return_to", Value: back}}
	d.SignInURL = signInURL(back, false)
	rules, err := s.store.Rules(r.Context())
	if err != nil {
		return err
	}
	for _, rule := range rules {
		d.Rules = append(d.Rules, page.Rule{Text: rule.Text, Hint: rule.Hint})
	}
	s.pages.SignUp(r.Writer(), r.HTTP, d)
	return nil
}

// signUp is POST /auth/sign_up.
func (s *Server) signUp(r *httpkit.Request) error {
	p := r.Params
	j := account.Join{Agreement: p.BoolOr("agreement", false)}
	j.Username, j.Email, j.Password = p.StringOr("username", ""), p.StringOr("email", ""), p.StringOr("password", "")
	j.Locale = s.pages.Locale(r.HTTP).Tag()
	a, err := s.accounts.Join(r.Context(), j)
	switch {
	case domain.Is(err, domain.Forbidden):
		return s.closed(r, err)
	case domain.Is(err, domain.Invalid):
		d := page.SignUp{Username: j.Username, Email: j.Email, Agreement: j.Agreement}
		d.Form = s.pages.Fail(r.HTTP, d.Form, err)
		return s.showSignUp(r, d)
	case err != nil:
		return err
	}
	secret, err := s.accounts.OpenSession(r.Context(), a.ID, s.device(r))
	if err != nil {
		return err
	}
	s.pages.SetCookie(r.Writer(), account.SessionCookie, secret, cookieLife)
	return goTo(r, s.back(r))
}
