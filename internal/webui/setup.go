package webui

import (
	"net/http"
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

// sessionLife is how long a browser keeps the cookie; the session itself ends
// earlier when it is not used.
const sessionLife = 365 * 24 * time.Hour

// isOwned reports whether the first run is over.
func (s *Server) isOwned(r *httpkit.Request) (bool, error) {
	if s.owned.Load() {
		return true, nil
	}
	owned, err := s.st.HasOwner(r.Context())
	if owned {
		s.owned.Store(true)
	}
	return owned, err
}

// welcome is the front page before the first run: the steps of the set-up for
// whoever has the link from the log, for others where to find it.
func (s *Server) welcome(r *httpkit.Request) (any, error) {
	f := firstRun(r)
	err := s.accounts.CheckSetUpKey(r.Context(), f.Key)
	switch {
	case domain.Is(err, domain.Forbidden):
		code := http.StatusOK
		if _, given := r.Params.String("key"); given {
			code = http.StatusForbidden
		}
		return s.needsKey(r, code)
	case err != nil:
		return nil, err
	}
	step := r.Params.StringOr("step", page.StepPlace)
	if step == page.StepPlace {
		return s.showSetUp(r, f, step, nil)
	}
	return s.showSetUp(r, f, step, f.CheckPlace())
}

// firstRun is what was answered so far.
func firstRun(r *httpkit.Request) account.FirstRun {
	p := r.Params
	return account.FirstRun{
		Key: p.StringOr("key", ""), Title: p.StringOr("server_name", ""), Description: p.StringOr("description", ""),
		Registrations: domain.Registrations(p.StringOr("registrations", "")),
		Owner:         account.SignUp{Username: p.StringOr("username", ""), Email: p.StringOr("email", ""), Password: p.StringOr("password", "")},
	}
}

func (s *Server) needsKey(r *httpkit.Request, code int) (any, error) {
	l := s.pages.Locale(r.HTTP)
	s.pages.Message(r.Writer(), r.HTTP, page.Message{
		Title: l.T("setup.key.title"), Text: l.T("setup.key.text"), Code: code,
		Link: page.Link{Text: l.T("setup.key.again"), URL: "/"},
	})
	return httpkit.Written{}, nil
}

// showSetUp shows a step, or an earlier one that bad says something about.
func (s *Server) showSetUp(r *httpkit.Request, f account.FirstRun, step string, bad error) (any, error) {
	d := page.SetUp{
		Key: f.Key, Step: step, ServerName: f.Title, Description: f.Description, Registrations: string(f.Registrations),
		Username: f.Owner.Username, Email: f.Owner.Email, Mail: s.accounts.Mails(),
	}
	if bad != nil {
		d.Form = s.pages.Fail(r.HTTP, d.Form, bad)
	}
	if d.Registrations == "" {
		set, err := s.moderation.Settings(r.Context())
		if err != nil {
			return nil, err
		}
		d.Registrations = string(set.Registrations)
		if set.Registrations == domain.RegistrationsClosed {
			d.Registrations = string(domain.RegistrationsInvite) // nobody comes without a link either
		}
	}
	s.pages.SetUp(r.Writer(), r.HTTP, d)
	return httpkit.Written{}, nil
}

// setUpAgain is where a browser lands that reloads the answer to the form.
func (s *Server) setUpAgain(*httpkit.Request) (any, error) { return redirect("/", http.StatusSeeOther) }

// setUp is POST /set-up: the owner is made, signed in and sent to the front page.
func (s *Server) setUp(r *httpkit.Request) (any, error) {
	f := firstRun(r)
	f.Owner.Locale = s.pages.Locale(r.HTTP).Tag()
	a, err := s.accounts.SetUp(r.Context(), f)
	switch {
	case domain.Is(err, domain.Forbidden):
		return s.needsKey(r, http.StatusForbidden)
	case domain.Is(err, domain.Invalid):
		return s.showSetUp(r, f, page.StepYou, err)
	case err != nil:
		return nil, err
	}
	secret, err := s.accounts.OpenSession(r.Context(), a.ID, account.SignIn{
		Method: domain.ByJoining,
		IP:     r.Client.String(), UserAgent: r.Header("User-Agent"), Replaces: s.pages.Cookie(r.HTTP, account.SessionCookie),
	})
	if err != nil {
		return nil, err
	}
	s.pages.SetCookie(r.Writer(), account.SessionCookie, secret, sessionLife)
	s.pages.SetStrictCookie(r.Writer(), account.ClientCookie, secret, sessionLife)
	return redirect("/", http.StatusSeeOther)
}
