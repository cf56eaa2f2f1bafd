package fedhttp

import (
	"context"
	"fmt"
	"net/url"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/store"
)

const (
	outboxPage  = 20
	peoplePage  = 40
	repliesPage = 20
)

// owner is the account whose collection is asked for, and who asks.
func (s *Server) owner(r *httpkit.Request) (domain.Account, reader, error) {
	v, err := s.reader(r, false)
	if err != nil {
		return domain.Account{}, v, err
	}
	a, err := s.account(r.Context(), r.Path("name"))
	if err == nil && a.Suspended() {
		err = errSuspended
	}
	return a, v, err
}

// wantsPage reports whether a page is asked for and not the collection.
func wantsPage(r *httpkit.Request) bool { return r.Params.BoolOr("page", false) }

// pageBefore is a page that goes downwards from max_id.
func pageBefore(r *httpkit.Request, limit int) domain.Page {
	p := domain.Page{Limit: limit}
	p.MaxID, _ = r.Params.ID("max_id")
	return p
}

func firstPage(id string) string { return id + "?page=true" }

func nextPage(id string, max domain.ID) string { return firstPage(id) + "&max_id=" + max.String() }

// pageID is the address of the page that was asked for.
func pageID(id string, p domain.Page) string {
	if p.MaxID != 0 {
		return nextPage(id, p.MaxID)
	}
	return firstPage(id)
}

// outbox is what an account posted and boosted, as far as who asks may see it.
func (s *Server) outbox(r *httpkit.Request) (any, error) {
	a, v, err := s.owner(r)
	if err != nil {
		return nil, err
	}
	id := s.URLs.ActorURI(&a) + "/outbox"
	if !wantsPage(r) {
		return document(r, v, apub.CollectionDoc{ID: id, Ordered: true, Total: a.StatusesCount, First: firstPage(id)})
	}
	p := pageBefore(r, outboxPage)
	doc := apub.CollectionDoc{ID: pageID(id, p), Ordered: true, Page: true, PartOf: id}
	ids, err := s.st.StatusesOf(r.Context(), v.id, a.ID, store.ProfileFilter{ExcludeDirect: v.id == 0}, p)
	if err != nil {
		return nil, fmt.Errorf("read the outbox of %s: %w", a.Username, err)
	}
	list, err := s.statuses(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	if doc.Items, err = s.activities(r.Context(), &a, list); err != nil {
		return nil, err
	}
	if len(ids) == p.Limit {
		doc.Next = nextPage(id, ids[len(ids)-1])
	}
	return document(r, v, doc)
}

// statuses are the statuses with those ids, in their order.
func (s *Server) statuses(ctx context.Context, ids []domain.ID) ([]domain.Status, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.st.PageTexts(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	byID := make(map[domain.ID]domain.Status, len(rows))
	for _, st := range rows {
		byID[st.ID] = st
	}
	out := make([]domain.Status, 0, len(ids))
	for _, id := range ids {
		if st, ok := byID[id]; ok {
			out = append(out, st)
		}
	}
	return out, nil
}

func (s *Server) followers(r *httpkit.Request) (any, error) {
	return s.people(r, "/followers", func(a *domain.Account) int64 { return a.FollowersCount }, s.st.Followers)
}

func (s *Server) following(r *httpkit.Request) (any, error) {
	return s.people(r, "/following", func(a *domain.Account) int64 { return a.FollowingCount }, s.st.Following)
}

// people is a list of accounts, or its length alone where the owner hides it.
func (s *Server) people(
	r *httpkit.Request, path string, count func(*domain.Account) int64,
	list func(context.Context, domain.ID, domain.ID, domain.Page) ([]store.Row, error),
) (any, error) {
	a, v, err := s.owner(r)
	if err != nil {
		return nil, err
	}
	id := s.URLs.ActorURI(&a) + path
	doc := apub.CollectionDoc{ID: id, Ordered: true, Total: count(&a)}
	switch {
	case a.HideCollections:
		doc.WithoutItems = true
		return document(r, v, doc)
	case !wantsPage(r):
		doc.First = firstPage(id)
		return document(r, v, doc)
	}
	p := pageBefore(r, peoplePage)
	doc.ID, doc.Page, doc.PartOf = pageID(id, p), true, id
	rows, err := list(r.Context(), v.id, a.ID, p)
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", path, a.Username, err)
	}
	if doc.Items, err = s.actorURIs(r.Context(), rows); err != nil {
		return nil, err
	}
	if len(rows) == p.Limit {
		doc.Next = nextPage(id, rows[len(rows)-1].ID)
	}
	return document(r, v, doc)
}

// actorURIs are the ids of the accounts of a list, in its order.
func (s *Server) actorURIs(ctx context.Context, rows []store.Row) ([]apub.Part, error) {
	ids := make([]domain.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.Account
	}
	byID, err := s.accountsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []apub.Part
	for _, id := range ids {
		if a, ok := byID[id]; ok {
			out = append(out, apub.IRI(s.URLs.ActorURI(&a)))
		}
	}
	return out, nil
}

// featured are the pinned posts, whole.
func (s *Server) featured(r *httpkit.Request) (any, error) {
	a, v, err := s.owner(r)
	if err != nil {
		return nil, err
	}
	pins, err := s.st.PinnedBy(r.Context(), v.id, a.ID, domain.Page{Limit: domain.MaxPins})
	if err != nil {
		return nil, fmt.Errorf("read the pins of %s: %w", a.Username, err)
	}
	ids := make([]domain.ID, len(pins))
	for i, e := range pins {
		ids[i] = e.ID
	}
	list, err := s.statuses(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	notes, err := s.DescribeStatuses(r.Context(), list)
	if err != nil {
		return nil, err
	}
	doc := apub.CollectionDoc{ID: s.URLs.ActorURI(&a) + "/collections/featured", Ordered: true, Total: int64(len(notes))}
	for i := range notes {
		doc.Items = append(doc.Items, notes[i])
	}
	return document(r, v, doc)
}

// featuredTags are the hashtags on the profile.
func (s *Server) featuredTags(r *httpkit.Request) (any, error) {
	a, v, err := s.owner(r)
	if err != nil {
		return nil, err
	}
	tags, err := s.st.FeaturedTags(r.Context(), a.ID)
	if err != nil {
		return nil, fmt.Errorf("read the hashtags of %s: %w", a.Username, err)
	}
	doc := apub.CollectionDoc{ID: s.URLs.ActorURI(&a) + "/collections/tags", Total: int64(len(tags))}
	for _, t := range tags {
		doc.Items = append(doc.Items, apub.HashtagDoc{Name: t.Tag.Display, Href: s.URLs.Profile(&a) + "/tagged/" + url.PathEscape(t.Tag.Name)})
	}
	return document(r, v, doc)
}

// followersSync are the followers that live where the signer lives, for its
// server to compare with its own list (FEP-8fcf).
func (s *Server) followersSync(r *httpkit.Request) (any, error) {
	v, err := s.reader(r, true)
	if err != nil {
		return nil, err
	}
	a, _, err := s.owner(r)
	if err != nil {
		return nil, err
	}
	uris, err := s.st.FollowerURIs(r.Context(), a.ID, v.host)
	if err != nil {
		return nil, fmt.Errorf("read the followers of %s at %s: %w", a.Username, v.host, err)
	}
	return document(r, v, apub.CollectionDoc{
		ID: s.URLs.ActorURI(&a) + "/followers_synchronization", Ordered: true, Total: int64(len(uris)), Items: apub.IRIs(uris),
	})
}
