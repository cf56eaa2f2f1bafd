package webui

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

const (
	elsewherePath = "/remote_interaction"
	// homeCookie remembers what somebody without an account here typed last,
	// their handle or their server.
	homeCookie = "home"
	homeLife   = 365 * 24 * time.Hour
)

// local is something of here that somebody elsewhere may act on.
type local struct {
	account domain.Account
	uri     string // its id, which every server can look up
	post    bool
}

// local reads the address of a public account or post of here. Hidden and
// absent ones are the same domain.ErrNotFound (SEC-28).
func (s *Server) local(r *httpkit.Request) (local, error) {
	l, ok := s.urls.Parse(r.Params.StringOr("uri", ""))
	if !ok || l.Part != "" || l.Username == "" {
		return local{}, domain.ErrNotFound
	}
	a, err := s.find(r, l.Username)
	if err != nil {
		return local{}, err
	}
	if l.Status == 0 {
		return local{account: a, uri: s.urls.ActorURI(&a)}, nil
	}
	st, err := s.publicStatus(r, &a, l.Status)
	if err != nil {
		return local{}, err
	}
	return local{account: a, uri: s.urls.StatusURI(&st, &a), post: true}, nil
}

// askHome is the form of a public page to go on at one's own server, nil for
// who is signed in. What it remembers makes the page this browser's own.
func (s *Server) askHome(r *httpkit.Request, m *page.Meta, uri string, post bool) *page.Elsewhere {
	if m.Viewer != nil {
		return nil
	}
	d := s.homeForm(r, uri)
	d.Post = post
	m.Own = d.Server != ""
	return d
}

func (s *Server) homeForm(r *httpkit.Request, uri string) *page.Elsewhere {
	return &page.Elsewhere{
		Form:   page.Form{Action: elsewherePath, Hidden: []page.Hidden{{Name: "uri", Value: uri}}},
		Server: s.pages.Cookie(r.HTTP, homeCookie), SignIn: signInURL(interactURL(uri)),
	}
}

// elsewhere is GET /remote_interaction: the form on a page of its own.
func (s *Server) elsewhere(r *httpkit.Request) (any, error) {
	l, err := s.local(r)
	if err != nil {
		return nil, err
	}
	in, err := s.session(r)
	if err != nil {
		return nil, err
	}
	if in != nil {
		return redirect(interactURL(l.uri), http.StatusSeeOther)
	}
	return s.showElsewhere(r, l, s.homeForm(r, l.uri))
}

func (s *Server) showElsewhere(r *httpkit.Request, l local, d *page.Elsewhere) (any, error) {
	var err error
	if d.Account, err = s.account(r, l.account.ID); err != nil {
		return nil, err
	}
	s.wholeHandle(&d.Account)
	d.Post = l.post
	s.pages.Elsewhere(r.Writer(), r.HTTP, *d)
	return httpkit.Written{}, nil
}

// goHome is POST /remote_interaction: on to the server that was typed. Only a
// form of ours gets here (SEC-64), and only addresses on that server get out
// (SEC-65).
func (s *Server) goHome(r *httpkit.Request) (any, error) {
	l, err := s.local(r)
	if err != nil {
		return nil, err
	}
	typed := r.Params.StringOr("server", "")
	home, err := s.remote.SubscribeTemplate(r.Context(), typed)
	if err != nil {
		return s.cannotGo(r, l, typed, err)
	}
	s.pages.SetCookie(r.Writer(), homeCookie, home.Named, homeLife)
	return redirect(strings.ReplaceAll(home.Template, "{uri}", url.QueryEscape(l.uri)), http.StatusSeeOther)
}

// cannotGo shows the form again. It does not tell strangers which hosts are
// refused here.
func (s *Server) cannotGo(r *httpkit.Request, l local, typed string, err error) (any, error) {
	t := s.pages.Locale(r.HTTP)
	var why string
	switch domain.KindOf(err) {
	case domain.Invalid:
		why = t.T("elsewhere.invalid")
	case domain.Unavailable:
		why = t.T("elsewhere.unreachable")
	case domain.NotFound, domain.Gone, domain.Forbidden:
		why = t.T("elsewhere.none", "address", l.uri)
	default:
		return nil, err
	}
	d := s.homeForm(r, l.uri)
	d.Server, d.Problems = typed, map[string]string{"server": why}
	return s.showElsewhere(r, l, d)
}
