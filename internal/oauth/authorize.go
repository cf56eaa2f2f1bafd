package oauth

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

// carried are the parameters of an authorisation that go along through
// signing in and the consent form.
var carried = [...]string{"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method", "lang"}

// request is an authorisation as it was asked for.
type request struct {
	account.Ask
	state  string
	params url.Values
}

// url is the authorisation to come back to; consent shows the form even if
// the same was granted before.
func (q *request) url(consent bool) string {
	v := url.Values{}
	for k, values := range q.params {
		v[k] = values
	}
	if consent {
		v.Set("prompt", "consent")
	}
	return "/oauth/authorize?" + v.Encode()
}

// answer is the registered address with what the app is to learn.
func (q *request) answer(pairs ...string) string {
	// The address was parsed when it was registered.
	u, err := url.Parse(q.RedirectURI)
	if err != nil {
		return "/"
	}
	v := u.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	if q.state != "" {
		v.Set("state", q.state)
	}
	u.RawQuery = v.Encode()
	return u.String()
}

// read understands an authorisation (behaviours 6.3). What is wrong about the
// client or its address is an error for a page; everything else is refused
// with a GrantError, to be told to the app.
func (s *Server) read(r *httpkit.Request) (*request, error) {
	q := &request{params: url.Values{}}
	for _, name := range carried {
		if v, ok := r.Params.String(name); ok {
			q.params.Set(name, v)
		}
	}
	q.RedirectURI, q.state = q.params.Get("redirect_uri"), q.params.Get("state")
	var err error
	if q.App, err = s.accounts.FindClient(r.Context(), q.params.Get("client_id"), q.RedirectURI); err != nil {
		return nil, err
	}
	if q.params.Get("response_type") != "code" {
		return q, &account.GrantError{Code: "unsupported_response_type", Description: "The authorization server does not support this response type."}
	}
	if q.Challenge, err = challenge(q.params); err != nil {
		return q, err
	}
	q.Scopes, err = account.AskedScopes(q.App, q.params.Get("scope"))
	return q, err
}

// challenge is the PKCE challenge, S256 only (SEC-42).
func challenge(params url.Values) (string, error) {
	c, method := params.Get("code_challenge"), params.Get("code_challenge_method")
	switch {
	case c == "" && method == "":
		return "", nil
	case method != "S256":
		return "", &account.GrantError{Code: "invalid_request", Description: "The code_challenge_method must be S256."}
	case len(c) != 43 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "":
		return "", &account.GrantError{Code: "invalid_request", Description: "The code_challenge is not the base64url of a SHA-256."}
	}
	return c, nil
}

// begin reads the authorisation and tells the app what is wrong with it; then
// done is true.
func (s *Server) begin(r *httpkit.Request) (q *request, done bool, err error) {
	q, err = s.read(r)
	l := s.pages.Locale(r.HTTP)
	switch {
	case errors.Is(err, account.ErrClient):
		return nil, true, s.stop(r, l.T("authorize.client"))
	case errors.Is(err, account.ErrRedirect):
		return nil, true, s.stop(r, l.T("authorize.redirect"))
	}
	var refused *account.GrantError
	if !errors.As(err, &refused) {
		return q, false, err
	}
	if q.RedirectURI == domain.OutOfBand {
		return nil, true, s.stop(r, l.Error(refused.Description))
	}
	return nil, true, redirect(r, q.answer("error", refused.Code, "error_description", refused.Description), http.StatusFound)
}

// stop shows what cannot be told to the app: nothing is sent to an address
// that is not its own.
func (s *Server) stop(r *httpkit.Request, text string) error {
	s.pages.Message(r.Writer(), r.HTTP, page.Message{
		Title: s.pages.Locale(r.HTTP).T("authorize.title"), Text: text, Code: http.StatusBadRequest,
	})
	return nil
}

// ask is GET /oauth/authorize: the consent form, after signing in.
func (s *Server) ask(r *httpkit.Request) error {
	q, done, err := s.begin(r)
	if done || err != nil {
		return err
	}
	if r.Params.BoolOr("force_login", false) {
		return goTo(r, signInURL(q.url(true), true))
	}
	in, done, err := s.member(r, q.url(false))
	if done || err != nil {
		return err
	}
	if prompt, _ := r.Params.String("prompt"); prompt != "consent" {
		granted, err := s.accounts.Granted(r.Context(), in.Account.ID, q.Ask)
		if err != nil {
			return err
		}
		if granted {
			return s.allow(r, in, q)
		}
	}
	form := page.Form{Action: "/oauth/authorize"}
	for _, name := range carried {
		if q.params.Has(name) {
			form.Hidden = append(form.Hidden, page.Hidden{Name: name, Value: q.params.Get(name)})
		}
	}
	s.pages.Consent(r.Writer(), r.HTTP, page.Consent{
		Form: form, App: q.App.Name, Website: q.App.Website, Redirect: inWords(q.RedirectURI), Scopes: q.Scopes.List(),
		Account: shown(&in.Account), OtherURL: signInURL(q.url(true), true),
	})
	return nil
}

// decide is POST /oauth/authorize: one of the two buttons.
func (s *Server) decide(r *httpkit.Request) error {
	if d, _ := r.Params.String("decision"); d == "deny" {
		return s.deny(r)
	}
	q, done, err := s.begin(r)
	if done || err != nil {
		return err
	}
	in, done, err := s.member(r, q.url(false))
	if done || err != nil {
		return err
	}
	return s.allow(r, in, q)
}

// allow sends the app its code.
func (s *Server) allow(r *httpkit.Request, in *account.SignedIn, q *request) error {
	code, err := s.accounts.Consent(r.Context(), in.Account.ID, q.Ask)
	if err != nil {
		return err
	}
	if q.RedirectURI == domain.OutOfBand {
		return redirect(r, "/oauth/authorize/native?"+url.Values{"code": {code}}.Encode(), http.StatusFound)
	}
	return redirect(r, q.answer("code", code), http.StatusFound)
}

// deny is DELETE /oauth/authorize: the app hears that it may not.
func (s *Server) deny(r *httpkit.Request) error {
	q, done, err := s.begin(r)
	if done || err != nil {
		return err
	}
	if _, done, err := s.member(r, q.url(false)); done || err != nil {
		return err
	}
	const description = "The resource owner or authorization server denied the request."
	if q.RedirectURI == domain.OutOfBand {
		return goTo(r, "/")
	}
	return redirect(r, q.answer("error", "access_denied", "error_description", description), http.StatusFound)
}

// native is GET /oauth/authorize/native: the code to copy into the app.
func (s *Server) native(r *httpkit.Request) error {
	code, _ := r.Params.String("code")
	if code == "" || len(code) > 128 {
		return domain.Errorf(domain.BadRequest, "There is no code here. Go back to the app and sign in again.")
	}
	if _, done, err := s.member(r, "/"); done || err != nil {
		return err
	}
	s.pages.Code(r.Writer(), r.HTTP, page.Code{Code: code})
	return nil
}

// inWords is where an answer goes: the host of a site, or the scheme that an
// app on the device answers to.
func inWords(redirectURI string) string {
	u, err := url.Parse(redirectURI)
	switch {
	case err != nil || redirectURI == domain.OutOfBand:
		return ""
	case u.Scheme == "http" || u.Scheme == "https":
		return u.Host
	}
	return u.Scheme + ":"
}

// shown is an account on a page of signing in.
func shown(a *domain.Account) page.Account {
	name := a.DisplayName
	if name == "" {
		name = a.Username
	}
	return page.Account{Name: name, Handle: a.Acct(), URL: "/@" + a.Username, Avatar: page.MissingAvatar}
}
