package oauth

import (
	"net/url"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/oidc"
	"coterie/internal/page"
)

const (
	// flowCookie binds what a provider answers to the browser that was sent
	// there; it comes along when the provider sends the browser back.
	flowCookie = "flow"
	// identityCookie holds an identity that nobody here has yet.
	identityCookie = "identity"

	linkPath = "/auth/provider/link"
)

// toProvider is POST /auth/provider: the browser goes to the OpenID Connect
// provider.
func (s *Server) toProvider(r *httpkit.Request) error {
	if s.provider == nil {
		return domain.ErrNotFound
	}
	to, flow, err := s.provider.Begin(r.Context(), s.back(r))
	if err != nil {
		return err
	}
	secret, err := s.accounts.Remember(r.Context(), domain.CeremonyProvider, flow)
	if err != nil {
		return err
	}
	s.pages.SetCookie(r.Writer(), flowCookie, secret, domain.CeremonyLife)
	return goTo(r, to)
}

// fromProvider is GET /auth/provider/callback. An identity that is linked signs
// its account in; any other waits until somebody has signed in here, and asks
// then whether it is theirs.
func (s *Server) fromProvider(r *httpkit.Request) error {
	if s.provider == nil {
		return domain.ErrNotFound
	}
	var flow oidc.Flow
	err := s.accounts.Recall(r.Context(), domain.CeremonyProvider, s.pages.Cookie(r.HTTP, flowCookie), &flow)
	s.pages.ClearCookie(r.Writer(), flowCookie)
	if err != nil {
		return s.notKnown(r, "/", err)
	}
	back := httpkit.SafeRedirect(s.base, flow.Back)
	who, err := s.provider.Finish(r.Context(), flow, r.Params.StringOr("state", ""), r.Params.StringOr("code", ""))
	if err != nil {
		return s.notKnown(r, back, err)
	}
	opened, err := s.accounts.SignInByIdentity(r.Context(), s.device(r), who.Issuer, who.Subject)
	if domain.Is(err, domain.NotFound) {
		secret, err := s.accounts.Remember(r.Context(), domain.CeremonyIdentity, who)
		if err != nil {
			return err
		}
		s.pages.SetCookie(r.Writer(), identityCookie, secret, domain.CeremonyLife)
		return goTo(r, signInURL(linkPath+"?"+url.Values{"return_to": {back}}.Encode(), true))
	}
	if err != nil {
		return s.notKnown(r, back, err)
	}
	return s.opened(r, opened, back)
}

// notKnown shows the sign-in page with why the provider's word did not do.
func (s *Server) notKnown(r *httpkit.Request, back string, err error) error {
	if !domain.Is(err, domain.Unauthenticated) && !domain.Is(err, domain.Forbidden) && !domain.Is(err, domain.Unavailable) {
		return err
	}
	return s.showSignIn(r, back, page.SignIn{Form: s.pages.Fail(r.HTTP, page.Form{}, err)})
}

// linkPage is GET /auth/provider/link: is that identity yours?
func (s *Server) linkPage(r *httpkit.Request) error {
	back := s.back(r)
	here := linkPath + "?" + url.Values{"return_to": {back}}.Encode()
	in, done, err := s.member(r, here)
	if done || err != nil {
		return err
	}
	i, fresh, err := s.accounts.Linkable(r.Context(), s.pages.Cookie(r.HTTP, identityCookie), &in.Session)
	switch {
	case domain.Is(err, domain.Unauthenticated):
		s.pages.ClearCookie(r.Writer(), identityCookie)
		return goTo(r, back)
	case err != nil:
		return err
	case !fresh:
		return goTo(r, signInURL(here, true))
	}
	name := i.Name
	if name == "" {
		name = i.Subject
	}
	s.pages.Question(r.Writer(), r.HTTP, page.Question{
		Kind: page.QuestionLink, Login: name, Provider: s.providerName(), Account: in.Account.Acct(), Back: back,
		Form: page.Form{Action: linkPath, Hidden: []page.Hidden{{Name: "return_to", Value: back}}},
	})
	return nil
}

// link is POST /auth/provider/link.
func (s *Server) link(r *httpkit.Request) error {
	in, done, err := s.member(r, s.back(r))
	if done || err != nil {
		return err
	}
	err = s.accounts.LinkIdentity(r.Context(), s.pages.Cookie(r.HTTP, identityCookie), &in.Session)
	s.pages.ClearCookie(r.Writer(), identityCookie)
	if err != nil {
		return err
	}
	return goTo(r, s.back(r))
}

// providerName is what people know the provider by, "" without one.
func (s *Server) providerName() string {
	if s.provider == nil {
		return ""
	}
	return s.provider.Name()
}
