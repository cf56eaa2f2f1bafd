package webui

import (
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
	"coterie/internal/text"
	"coterie/internal/timeline"
)

const (
	feedSuffix = ".rss"
	maxSummary = 200 // characters of a description in the head
	maxPins    = domain.MaxPins
)

// find is the local account with that name as far as there is a page of it:
// one that waits for approval, is suspended or was never there are the same
// domain.ErrNotFound (SEC-28).
func (s *Server) find(r *httpkit.Request, name string) (domain.Account, error) {
	if !text.ValidUsername(name) {
		return domain.Account{}, domain.ErrNotFound
	}
	a, err := s.st.AccountByName(r.Context(), name, "")
	if err != nil {
		return domain.Account{}, err
	}
	if a.Suspended() {
		return domain.Account{}, domain.ErrNotFound
	}
	_, err = s.accounts.Present(r.Context(), a.ID)
	return a, err
}

// handle is the account named by a path segment "@name". A handle with our own
// domain written out is one of ours, too.
func (s *Server) handle(r *httpkit.Request, segment string) (domain.Account, error) {
	name, ok := strings.CutPrefix(segment, "@")
	if !ok {
		return domain.Account{}, domain.ErrNotFound
	}
	return s.find(r, strings.TrimSuffix(name, "@"+s.urls.Host))
}

// person is /@name and /@name.rss.
func (s *Server) person(r *httpkit.Request) (any, error) {
	if segment, ok := strings.CutSuffix(r.Path("handle"), feedSuffix); ok {
		return s.personFeed(r, segment, timeline.ProfileQuery{ExcludeReplies: true})
	}
	return s.forClient(s.profilePosts)(r)
}

// profilePosts is the profile as visitors see it first.
func (s *Server) profilePosts(r *httpkit.Request) (any, error) {
	return s.profile(r, "posts", timeline.ProfileQuery{ExcludeReplies: true})
}

// personal is /@name/with_replies, the feeds of that and of media, and /@name/ID.
func (s *Server) personal(r *httpkit.Request) (any, error) {
	switch r.Path("rest") {
	case "with_replies" + feedSuffix:
		return s.personFeed(r, r.Path("handle"), timeline.ProfileQuery{})
	case "media" + feedSuffix:
		return s.personFeed(r, r.Path("handle"), timeline.ProfileQuery{OnlyMedia: true})
	}
	return s.forClient(s.replyOrPost)(r)
}

func (s *Server) replyOrPost(r *httpkit.Request) (any, error) {
	if r.Path("rest") == "with_replies" {
		return s.profile(r, "replies", timeline.ProfileQuery{})
	}
	return s.post(r)
}

// tagged is /@name/tagged/TAG and its feed.
func (s *Server) tagged(r *httpkit.Request) (any, error) {
	tag, feed := strings.CutSuffix(r.Path("tag"), feedSuffix)
	if !text.ValidHashtag(tag) {
		return nil, domain.ErrNotFound
	}
	q := timeline.ProfileQuery{Tagged: tag}
	if feed {
		return s.personFeed(r, r.Path("handle"), q)
	}
	return s.forClient(func(r *httpkit.Request) (any, error) { return s.profile(r, "tagged", q) })(r)
}

// profile writes one tab of a profile.
func (s *Server) profile(r *httpkit.Request, tab string, q timeline.ProfileQuery) (any, error) {
	a, err := s.handle(r, r.Path("handle"))
	if err != nil {
		return nil, err
	}
	d := page.Profile{Tab: tab, Tagged: q.Tagged}
	if d.Viewer, err = s.viewer(r); err != nil {
		return nil, err
	}
	if d.Account, err = s.account(r, a.ID); err != nil {
		return nil, err
	}
	p := cursors(r)
	ids, err := s.timeline.Profile(r.Context(), 0, a.ID, q, p)
	if err != nil {
		return nil, err
	}
	address := s.tabURL(&a, tab, q.Tagged)
	ids, d.Pager = cut(s.path(address), p, ids)
	pins, err := s.pins(r, a.ID, tab == "posts" && p.MaxID == 0 && p.MinID == 0)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id domain.ID) bool { return slices.Contains(pins, id) })
	list, err := s.statuses(r, append(slices.Clone(pins), ids...))
	if err != nil {
		return nil, err
	}
	for _, st := range list {
		if slices.ContainsFunc(pins, func(id domain.ID) bool { return id.String() == st.ID }) {
			st.Pinned = true
			d.Pinned = append(d.Pinned, st)
		} else {
			d.Statuses = append(d.Statuses, st)
		}
	}
	s.describe(&d.Meta, &a, &d.Account, address)
	s.wholeHandle(&d.Account) // it is what others type to follow
	d.Elsewhere = s.askHome(r, &d.Meta, s.urls.ActorURI(&a), false)
	s.pages.Profile(r.Writer(), r.HTTP, d)
	return httpkit.Written{}, nil
}

// pins are the posts pinned to a profile, none unless they are wanted.
func (s *Server) pins(r *httpkit.Request, account domain.ID, wanted bool) ([]domain.ID, error) {
	if !wanted {
		return nil, nil
	}
	entries, err := s.timeline.Pinned(r.Context(), 0, account, domain.Page{Limit: maxPins})
	ids := make([]domain.ID, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	return ids, err
}

// tabURL is the address of a tab of the profile.
func (s *Server) tabURL(a *domain.Account, tab, tag string) string {
	switch tab {
	case "replies":
		return s.urls.Profile(a) + "/with_replies"
	case "tagged":
		return s.urls.TaggedBy(a, text.NormalizeHashtag(tag))
	}
	return s.urls.Profile(a)
}

// path is an address of ours without scheme and host.
func (s *Server) path(address string) string { return strings.TrimPrefix(address, s.urls.Base) }

// describe fills the head of a profile.
func (s *Server) describe(m *page.Meta, a *domain.Account, shown *page.Account, address string) {
	m.Title = s.titleOf(shown)
	m.Description = summary(text.PlainText(string(shown.Note)))
	m.Type, m.Canonical, m.Image = "profile", address, shown.Avatar
	m.Feeds = []page.Feed{{Title: m.Title, URL: address + feedSuffix}}
	m.JSON = s.urls.Base + "/api/v1/accounts/" + a.ID.String()
	m.NoIndex = hiddenFromRobots(a)
	for _, f := range a.Fields {
		if link, ok := text.FieldLink(f.Value); ok {
			m.RelMe = append(m.RelMe, link)
		}
	}
}

// titleOf names a person with the whole handle.
func (s *Server) titleOf(a *page.Account) string {
	return a.Name + " (@" + a.Handle + "@" + s.urls.Host + ")"
}

// hiddenFromRobots reports whether search engines shall stay away: strangers
// find only who wants to be found (behaviours 7.12).
func hiddenFromRobots(a *domain.Account) bool { return !a.Discoverable || !a.Indexable }

// summary is plain text short enough for the head of a page.
func summary(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if short := text.Truncate(s, maxSummary); short != s {
		return strings.TrimSpace(short) + "…"
	}
	return s
}
