package oauth

import (
	"html/template"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

// firstFactorPage is GET /auth/first_factor: whose role asks for a second
// factor sets it up after the password.
func (s *Server) firstFactorPage(r *httpkit.Request) error {
	return s.showFirstFactor(r, page.Form{})
}

func (s *Server) showFirstFactor(r *httpkit.Request, f page.Form) error {
	back := s.back(r)
	a, set, err := s.accounts.FirstFactor(r.Context(), s.pages.Cookie(r.HTTP, pendingCookie))
	if domain.Is(err, domain.Unauthenticated) {
		s.pages.ClearCookie(r.Writer(), pendingCookie)
		return goTo(r, signInURL(back, true))
	}
	if err != nil {
		return err
	}
	f.Action = "/auth/first_factor"
	f.Hidden = []page.Hidden{{Name: "return_to", Value: back}}
	s.pages.FirstFactor(r.Writer(), r.HTTP, page.FirstFactor{
		Form: f, Account: shown(&a), Secret: set.Secret,
		QR: template.URL(set.QR), // a picture that we drew
	})
	return nil
}

// firstFactor is POST /auth/first_factor: the first code of an app, or a
// passkey that the browser made. What comes back is shown once.
func (s *Server) firstFactor(r *httpkit.Request) error {
	pending := s.pages.Cookie(r.HTTP, pendingCookie)
	var secret string
	var codes []string
	var err error
	if p := newPasskey(r); p.Secret != "" {
		secret, codes, err = s.accounts.FirstFactorByPasskey(r.Context(), s.device(r), pending, p)
	} else {
		secret, codes, err = s.accounts.FirstFactorByCode(r.Context(), s.device(r), pending, r.Params.StringOr("code", ""))
	}
	if domain.Is(err, domain.Unauthenticated) || domain.Is(err, domain.Forbidden) || domain.Is(err, domain.Invalid) {
		return s.showFirstFactor(r, s.pages.Fail(r.HTTP, page.Form{}, err))
	}
	if err != nil {
		return err
	}
	if err := s.keep(r, secret); err != nil {
		return err
	}
	s.pages.ClearCookie(r.Writer(), pendingCookie)
	s.pages.RecoveryCodes(r.Writer(), r.HTTP, page.RecoveryCodes{Codes: codes, Next: s.back(r)})
	return nil
}

// askFirstPasskey is POST /auth/first_factor/passkey.
func (s *Server) askFirstPasskey(r *httpkit.Request) (any, error) {
	c, err := s.accounts.AskFirstPasskey(r.Context(), s.pages.Cookie(r.HTTP, pendingCookie))
	return asked{Secret: c.Secret, Options: c.Options}, err
}

// newPasskey is what a form brings of a passkey that the browser made.
func newPasskey(r *httpkit.Request) account.NewPasskey {
	p := r.Params
	return account.NewPasskey{Secret: p.StringOr("secret", ""), Name: p.StringOr("passkey_name", ""), Answer: []byte(p.StringOr("answer", ""))}
}
