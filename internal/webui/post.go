package webui

import (
	"net/http"
	"net/url"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
	"coterie/internal/text"
)

// post is a post with its thread.
func (s *Server) post(r *httpkit.Request) (any, error) {
	a, err := s.handle(r, r.Path("handle"))
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("rest")
	if err != nil {
		return nil, err
	}
	st, err := s.publicStatus(r, &a, id)
	if err != nil {
		return nil, err
	}
	if st.ReblogOf != 0 {
		return s.boosted(r, st.ReblogOf)
	}
	thread, err := s.timeline.Thread(r.Context(), 0, id)
	if err != nil {
		return nil, err
	}
	var d page.Post
	if d.Viewer, err = s.viewer(r); err != nil {
		return nil, err
	}
	list, err := s.statuses(r, slices.Concat(thread.Ancestors, []domain.ID{id}, thread.Descendants))
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(shown page.Status) bool { return shown.ID == id.String() })
	if at < 0 {
		return nil, domain.ErrNotFound
	}
	d.Ancestors, d.Status, d.Descendants = list[:at], list[at], list[at+1:]
	s.describePost(&d, &a)
	d.Elsewhere = s.askHome(r, &d.Meta, s.urls.StatusURI(&st, &a), true)
	s.pages.Post(r.Writer(), r.HTTP, d)
	return httpkit.Written{}, nil
}

// framed is a post alone, as everybody may see it and whoever looks, for a frame
// in a page of another site.
func (s *Server) framed(r *httpkit.Request) (any, error) {
	a, err := s.handle(r, r.Path("handle"))
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("rest")
	if err != nil {
		return nil, err
	}
	st, err := s.publicStatus(r, &a, id)
	if err == nil && (!st.Local || st.ReblogOf != 0) {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	list, err := s.statuses(r, []domain.ID{id})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, domain.ErrNotFound
	}
	d := page.Post{Status: list[0]}
	s.describePost(&d, &a)
	s.pages.Framed(r.Writer(), r.HTTP, d)
	return httpkit.Written{}, nil
}

// boosted leads from a boost to what it boosts.
func (s *Server) boosted(r *httpkit.Request, original domain.ID) (any, error) {
	list, err := s.entities(r.Context(), 0, []domain.ID{original})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, domain.ErrNotFound
	}
	return redirect(list[0].URL, http.StatusFound)
}

// describePost fills the head. What stands behind a content warning is not
// told there.
func (s *Server) describePost(d *page.Post, a *domain.Account) {
	m, st := &d.Meta, &d.Status
	words := st.Warning
	if words == "" {
		words = text.PlainText(string(st.Content))
	}
	m.Description = summary(words)
	m.Title = st.Account.Name + ": " + text.Truncate(m.Description, 60)
	m.Type, m.Canonical, m.Image = "article", st.URL, st.Account.Avatar
	if len(st.Media) > 0 && !st.Sensitive && st.Warning == "" && st.Media[0].Preview != "" {
		m.Image = st.Media[0].Preview
	}
	m.Feeds = []page.Feed{{Title: s.titleOf(&st.Account), URL: st.Account.URL + feedSuffix}}
	m.JSON = s.urls.Base + "/api/v1/statuses/" + st.ID
	m.OEmbed = s.urls.Base + "/api/oembed?" + url.Values{"url": {st.URL}}.Encode()
	m.NoIndex = hiddenFromRobots(a) || st.Visibility != domain.Public.String()
}

// publicStatus is the author's post with that id, if anyone may see it.
func (s *Server) publicStatus(r *httpkit.Request, a *domain.Account, id domain.ID) (domain.Status, error) {
	st, err := s.st.Status(r.Context(), 0, id)
	if err == nil && st.Account != a.ID {
		err = domain.ErrNotFound
	}
	return st, err
}
