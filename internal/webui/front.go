package webui

import (
	"html/template"
	"net/http"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
	"coterie/internal/timeline"
)

// signInPath is the page of package oauth.
const signInPath = "/auth/sign_in"

// front is the community's first page.
func (s *Server) front(r *httpkit.Request) (any, error) {
	owned, err := s.isOwned(r)
	if err != nil {
		return nil, err
	}
	if !owned {
		return s.welcome(r)
	}
	if in, err := s.session(r); err != nil {
		return nil, err
	} else if in != nil && in.Refused == nil && s.pages.HasClient() {
		return redirect("/home", http.StatusSeeOther)
	}
	set, err := s.moderation.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	d := page.Front{Contact: set.ContactEmail, SignIn: signInPath}
	if d.Viewer, err = s.viewer(r); err != nil {
		return nil, err
	}
	counts, err := s.moderation.Counts(r.Context())
	if err != nil {
		return nil, err
	}
	if d.Owner, err = s.host(r, set.ContactAccount, counts.Contact); err != nil {
		return nil, err
	}
	d.Members = counts.Users
	p := cursors(r)
	ids, err := s.publicIDs(r, false, timeline.PublicQuery{Local: true}, func(q timeline.PublicQuery) ([]domain.ID, error) {
		return s.timeline.Public(r.Context(), 0, q, p)
	})
	if err != nil {
		return nil, err
	}
	ids, d.Pager = cut("/", p, ids)
	if d.Statuses, err = s.statuses(r, ids); err != nil {
		return nil, err
	}
	d.Canonical, d.Description = s.urls.Base+"/", set.ShortDescription
	s.pages.Front(r.Writer(), r.HTTP, d)
	return httpkit.Written{}, nil
}

// host is who runs the community: the contact of the settings, else who owns
// it; nil if nobody may be shown.
func (s *Server) host(r *httpkit.Request, contact, owner domain.ID) (*page.Account, error) {
	if contact == 0 {
		contact = owner
	}
	a, err := s.account(r, contact)
	if domain.Is(err, domain.NotFound) {
		return nil, nil
	}
	return &a, err
}

// about says who runs the community, under which rules.
func (s *Server) about(r *httpkit.Request) (any, error) {
	set, err := s.moderation.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	d := page.About{Contact: set.ContactEmail, Costs: set.RunningCosts, Funded: set.Funded(), Version: s.version}
	d.Overdue = !d.Funded.IsZero() && s.now().After(d.Funded.AddDate(0, 0, 1))
	if set.Description != "" {
		d.Text = template.HTML(s.render.ExtendedDescription(set).Content) // made by package text
	}
	if d.Viewer, err = s.viewer(r); err != nil {
		return nil, err
	}
	counts, err := s.moderation.Counts(r.Context())
	if err != nil {
		return nil, err
	}
	if d.Owner, err = s.host(r, set.ContactAccount, counts.Contact); err != nil {
		return nil, err
	}
	d.Members, d.Posts = counts.Users, counts.Statuses
	rules, err := s.moderation.Rules(r.Context())
	if err != nil {
		return nil, err
	}
	for _, rule := range rules {
		d.Rules = append(d.Rules, page.Rule(rule.In(s.pages.Locale(r.HTTP).Tag())))
	}
	d.Title = s.pages.Locale(r.HTTP).T("nav.about")
	d.Canonical, d.Description = s.urls.Base+"/about", set.ShortDescription
	s.pages.About(r.Writer(), r.HTTP, d)
	return httpkit.Written{}, nil
}

// terms are the terms of service that hold now, or those of a day, as on
// Mastodon, with the way to the other versions.
func (s *Server) terms(r *httpkit.Request) (any, error) {
	set, err := s.moderation.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	t, ok := s.render.Terms(set.Terms, r.Path("date"), s.now())
	if !ok {
		return nil, domain.ErrNotFound
	}
	l := s.pages.Locale(r.HTTP)
	d := page.Document{Text: template.HTML(t.Content)} // made by package text
	for i := len(set.Terms) - 1; i >= 0; i-- {
		words := l.T("terms.from", "day", set.Terms[i].Effective)
		if set.Terms[i].Effective == t.EffectiveDate {
			d.Day = words
			continue
		}
		d.Others = append(d.Others, page.Link{URL: "/terms-of-service/" + set.Terms[i].Effective, Text: words})
	}
	return s.document(r, d, l.T("nav.terms"), "/terms-of-service")
}

// privacy is what this server does with what people give it.
func (s *Server) privacy(r *httpkit.Request) (any, error) {
	set, err := s.moderation.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	d := page.Document{Text: template.HTML(s.render.PrivacyPolicy(set).Content)} // made by package text
	return s.document(r, d, s.pages.Locale(r.HTTP).T("nav.privacy"), "/privacy-policy")
}

func (s *Server) document(r *httpkit.Request, d page.Document, title, path string) (_ any, err error) {
	if d.Viewer, err = s.viewer(r); err != nil {
		return nil, err
	}
	d.Title, d.Canonical = title, s.urls.Base+path
	s.pages.Document(r.Writer(), r.HTTP, d)
	return httpkit.Written{}, nil
}

// robots asks crawlers to stay out of what is not for reading.
func (s *Server) robots(r *httpkit.Request) (any, error) {
	r.SetHeader("Cache-Control", "public, max-age=3600")
	return httpkit.Content{Type: "text/plain; charset=utf-8", Body: []byte("User-agent: *\nDisallow: /api/\nDisallow: /auth/\nDisallow: /authorize_interaction\nDisallow: /oauth/\nDisallow: /remote_interaction\n")}, nil
}
