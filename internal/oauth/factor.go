package oauth

import (
	"net/http"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

// pendingCookie holds the text of a sign-in that waits for its second factor.
const pendingCookie = "pending"

// secondFactorPage is GET /auth/second_factor.
func (s *Server) secondFactorPage(r *httpkit.Request) error {
	return s.showSecondFactor(r, page.Form{})
}

func (s *Server) showSecondFactor(r *httpkit.Request, f page.Form) error {
	back := s.back(r)
	w, err := s.accounts.Waiting(r.Context(), s.pages.Cookie(r.HTTP, pendingCookie))
	if domain.Is(err, domain.Unauthenticated) {
		s.pages.ClearCookie(r.Writer(), pendingCookie)
		return goTo(r, signInURL(back, true))
	}
	if err != nil {
		return err
	}
	f.Action = "/auth/second_factor"
	f.Hidden = []page.Hidden{{Name: "return_to", Value: back}}
	s.pages.SecondFactor(r.Writer(), r.HTTP, page.SecondFactor{
		Form: f, Account: shown(&w.Account), Code: w.Factors.OneTime, Passkey: len(w.Factors.Passkeys) > 0, Back: back,
	})
	return nil
}

// secondFactor is POST /auth/second_factor: a one-time or recovery code.
func (s *Server) secondFactor(r *httpkit.Request) error {
	pending := s.pages.Cookie(r.HTTP, pendingCookie)
	if err := s.limitPending(r, pending); err != nil {
		return err
	}
	secret, err := s.accounts.SecondFactor(r.Context(), s.device(r), pending, r.Params.StringOr("code", ""))
	if domain.Is(err, domain.Unauthenticated) || domain.Is(err, domain.Forbidden) {
		return s.showSecondFactor(r, s.pages.Fail(r.HTTP, page.Form{}, err))
	}
	if err != nil {
		return err
	}
	if err := s.keep(r, secret); err != nil {
		return err
	}
	s.pages.ClearCookie(r.Writer(), pendingCookie)
	return goTo(r, s.back(r))
}

// limitPending counts attempts by the account that a sign-in is for, however
// often the password is given anew (SEC-43).
func (s *Server) limitPending(r *httpkit.Request, pending string) error {
	w, err := s.accounts.Waiting(r.Context(), pending)
	if domain.Is(err, domain.Unauthenticated) {
		return nil // refused without a look at the answer
	}
	if err != nil {
		return err
	}
	return r.LimitSubject("second factor of " + w.Account.ID.String())
}

// asked is what a browser needs to ask for a passkey.
type asked struct {
	Secret  string `json:"secret,omitempty"` // sent back with the answer
	Options any    `json:"options"`          // for navigator.credentials.get
}

// askPasskey is POST /auth/passkey/options: of the account whose sign-in waits
// for a second factor, or of anybody.
func (s *Server) askPasskey(r *httpkit.Request) (any, error) {
	if pending := s.pages.Cookie(r.HTTP, pendingCookie); pending != "" && r.Params.BoolOr("second", false) {
		options, err := s.accounts.AskSecondFactor(r.Context(), pending)
		return asked{Options: options}, err
	}
	c, err := s.accounts.AskPasskey(r.Context())
	return asked{Secret: c.Secret, Options: c.Options}, err
}

// passkey is POST /auth/passkey: the browser's answer, as JSON in answer.
func (s *Server) passkey(r *httpkit.Request) (any, error) {
	answer := []byte(r.Params.StringOr("answer", ""))
	pending := s.pages.Cookie(r.HTTP, pendingCookie)
	var secret string
	var err error
	if ceremony := r.Params.StringOr("secret", ""); ceremony != "" {
		secret, err = s.accounts.SignInByPasskey(r.Context(), s.device(r), ceremony, answer)
	} else {
		if err := s.limitPending(r, pending); err != nil {
			return nil, err
		}
		secret, err = s.accounts.SecondFactorByPasskey(r.Context(), s.device(r), pending, answer)
	}
	if err != nil {
		return nil, err
	}
	if err := s.keep(r, secret); err != nil {
		return nil, err
	}
	s.pages.ClearCookie(r.Writer(), pendingCookie)
	return struct {
		Next string `json:"next"` // path to go on to
	}{s.back(r)}, nil
}

// script is a route that a script of our own pages calls: JSON both ways, with
// the rules of forms (SEC-64).
func script(pattern string, limit httpkit.LimitClass, h httpkit.Handler) httpkit.Route {
	return httpkit.Route{
		Method: http.MethodPost, Pattern: pattern, Auth: httpkit.SessionPage, Scopes: httpkit.NoScope,
		Limit: limit, Cache: httpkit.CacheNever, Handle: h,
	}
}
