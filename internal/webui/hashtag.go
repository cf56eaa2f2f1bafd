package webui

import (
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/page"
	"coterie/internal/text"
	"coterie/internal/timeline"
)

// hashtag is /tags/NAME and its feed. Whether a hashtag was ever used shows
// only in the posts that anyone may see (SEC-28).
func (s *Server) hashtag(r *httpkit.Request) (any, error) {
	name, feed := strings.CutSuffix(r.Path("tag"), feedSuffix)
	if !text.ValidHashtag(name) {
		return nil, domain.ErrNotFound
	}
	if feed {
		return s.tagFeed(r, name)
	}
	return s.forClient(func(r *httpkit.Request) (any, error) { return s.hashtagPage(r, name) })(r)
}

// publicIDs are posts of a public timeline, or one of a topic, as far as
// visitors get them.
func (s *Server) publicIDs(r *httpkit.Request, topic bool, q timeline.PublicQuery, read func(timeline.PublicQuery) ([]domain.ID, error)) ([]domain.ID, error) {
	set, err := s.moderation.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	// Each half alone, since one may be for members.
	local, _, errLocal := set.Feed(topic, domain.FeedReader{}, !q.Remote, false)
	_, remote, errRemote := set.Feed(topic, domain.FeedReader{}, false, !q.Local)
	if local, remote = local && errLocal == nil, remote && errRemote == nil; !local && !remote {
		return nil, nil
	}
	return read(timeline.PublicQuery{Local: q.Local || !remote, Remote: q.Remote || !local, OnlyMedia: q.OnlyMedia})
}

func (s *Server) hashtagPage(r *httpkit.Request, name string) (any, error) {
	d := page.Hashtag{Name: name}
	p := cursors(r)
	ids, err := s.publicIDs(r, true, timeline.PublicQuery{}, func(q timeline.PublicQuery) ([]domain.ID, error) {
		return s.timeline.Tag(r.Context(), 0, timeline.TagQuery{Name: name, PublicQuery: q}, p)
	})
	if err != nil {
		return nil, err
	}
	if d.Viewer, err = s.viewer(r); err != nil {
		return nil, err
	}
	m := &d.Meta
	m.Title, m.Canonical = "#"+name, s.urls.Tag(text.NormalizeHashtag(name))
	m.Feeds = []page.Feed{{Title: m.Title, URL: m.Canonical + feedSuffix}}
	m.NoIndex = len(ids) == 0
	ids, d.Pager = cut(s.path(m.Canonical), p, ids)
	if d.Statuses, err = s.statuses(r, ids); err != nil {
		return nil, err
	}
	s.pages.Hashtag(r.Writer(), r.HTTP, d)
	return httpkit.Written{}, nil
}
