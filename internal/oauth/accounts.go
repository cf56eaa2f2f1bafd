package oauth

import (
	"strings"
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

const (
	// othersCookie holds the secrets of the sessions of this browser that are
	// not in use: of the accounts that somebody added and can switch to.
	othersCookie = "others"
	// addingCookie says that the next sign-in adds an account to the browser
	// instead of taking the place of what was signed in.
	addingCookie = "adding"

	maxOthers  = 4
	addingLife = 10 * time.Minute
)

// other is a session of the browser that is not in use.
type other struct {
	secret  string
	account domain.ID
}

// others are the sessions not in use that are still good.
func (s *Server) others(r *httpkit.Request) ([]other, error) {
	out := []other{}
	for _, secret := range strings.SplitN(s.pages.Cookie(r.HTTP, othersCookie), ".", maxOthers) {
		in, err := s.accounts.Session(r.Context(), secret)
		switch {
		case domain.Is(err, domain.Unauthenticated):
		case err != nil:
			return nil, err
		case in.Refused == nil:
			out = append(out, other{secret, in.Account.ID})
		}
	}
	return out, nil
}

func (s *Server) keepOthers(r *httpkit.Request, list []other) {
	if len(list) == 0 {
		s.forget(r, othersCookie)
		return
	}
	secrets := make([]string, len(list))
	for i, o := range list {
		secrets[i] = o.secret
	}
	s.pages.SetStrictCookie(r.Writer(), othersCookie, strings.Join(secrets, "."), cookieLife)
}

// forget clears a cookie that the browser sent.
func (s *Server) forget(r *httpkit.Request, name string) {
	if s.pages.Cookie(r.HTTP, name) != "" {
		s.pages.ClearCookie(r.Writer(), name)
	}
}

// use has the browser act with a session.
func (s *Server) use(r *httpkit.Request, secret string) {
	s.pages.SetCookie(r.Writer(), account.SessionCookie, secret, cookieLife)
	s.pages.SetStrictCookie(r.Writer(), account.ClientCookie, secret, cookieLife)
}

func (s *Server) adding(r *httpkit.Request) bool {
	return s.pages.Cookie(r.HTTP, addingCookie) != ""
}

// keep has the browser keep a session that was just opened. Beside it stays
// only what somebody added it to: whoever signs in finds nobody else's account.
func (s *Server) keep(r *httpkit.Request, secret string) error {
	now, err := s.accounts.Session(r.Context(), secret)
	if err != nil {
		return err
	}
	before, err := s.others(r)
	if err != nil {
		return err
	}
	if s.adding(r) {
		in, err := s.session(r)
		if err != nil {
			return err
		}
		if in != nil {
			before = append(before, other{s.pages.Cookie(r.HTTP, account.SessionCookie), in.Account.ID})
		}
	}
	var stay []other
	for _, o := range before {
		if s.adding(r) && o.account != now.Account.ID && len(stay) < maxOthers {
			stay = append(stay, o)
		} else if err := s.accounts.SignOut(r.Context(), o.secret); err != nil {
			return err
		}
	}
	s.use(r, secret)
	s.keepOthers(r, stay)
	s.forget(r, addingCookie)
	return nil
}

// otherAccounts is GET /auth/accounts: the ids of the accounts to switch to.
func (s *Server) otherAccounts(r *httpkit.Request) (any, error) {
	list, err := s.others(r)
	ids := make([]string, len(list))
	for i, o := range list {
		ids[i] = o.account.String()
	}
	return ids, err
}

// addAccount is POST /auth/accounts/add.
func (s *Server) addAccount(r *httpkit.Request) error {
	if _, done, err := s.member(r, "/home"); done || err != nil {
		return err
	}
	list, err := s.others(r)
	if err != nil {
		return err
	}
	if len(list) == maxOthers {
		return domain.Errorf(domain.Invalid, "A browser holds five accounts at most. Sign one out first.")
	}
	s.pages.SetStrictCookie(r.Writer(), addingCookie, "1", addingLife)
	return goTo(r, signInURL("/home", true))
}

// switchAccount is POST /auth/accounts/switch, to the account in account. One
// whose session has ended elsewhere is signed in anew.
func (s *Server) switchAccount(r *httpkit.Request) error {
	in, err := s.session(r)
	if err != nil {
		return err
	}
	list, err := s.others(r)
	if err != nil {
		return err
	}
	wanted := r.Params.StringOr("account", "")
	for i, o := range list {
		if o.account.String() != wanted {
			continue
		}
		list = append(list[:i], list[i+1:]...)
		if in != nil {
			list = append(list, other{s.pages.Cookie(r.HTTP, account.SessionCookie), in.Account.ID})
		}
		s.use(r, o.secret)
		s.keepOthers(r, list)
		return goTo(r, "/home")
	}
	if in != nil && in.Account.ID.String() != wanted {
		return s.addAccount(r)
	}
	return goTo(r, "/home")
}

// signOut is POST and DELETE /auth/sign_out: the session ends here and on the
// server. The browser goes on with another account that it holds; without one,
// or with all, every cookie of ours goes (SEC-64).
func (s *Server) signOut(r *httpkit.Request) error {
	list, err := s.others(r)
	if err != nil {
		return err
	}
	if r.Params.BoolOr("all", false) {
		for _, o := range list {
			if err := s.accounts.SignOut(r.Context(), o.secret); err != nil {
				return err
			}
		}
		list = nil
	}
	if err := s.accounts.SignOut(r.Context(), s.pages.Cookie(r.HTTP, account.SessionCookie)); err != nil {
		return err
	}
	if last := len(list) - 1; last >= 0 {
		s.use(r, list[last].secret)
		s.keepOthers(r, list[:last])
		return goTo(r, "/home")
	}
	s.pages.ClearCookie(r.Writer(), account.SessionCookie)
	s.pages.ClearCookie(r.Writer(), account.ClientCookie)
	s.forget(r, othersCookie)
	s.forget(r, addingCookie)
	r.SetHeader("Clear-Site-Data", `"cookies"`)
	return goTo(r, "/")
}
