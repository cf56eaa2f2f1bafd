package fedhttp

import (
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// replies are the public answers to a post, the author's own on the first
// page and everybody else's on the others, as Mastodon has it (facts 10, 15).
func (s *Server) replies(r *httpkit.Request) (any, error) {
	f, err := s.find(r, r.Path("name"), r.Path("id"))
	if err != nil {
		return nil, err
	}
	if f.status.ReblogOf != 0 {
		return nil, domain.ErrNotFound
	}
	id := s.URLs.StatusURI(&f.status, &f.account) + "/replies"
	if !wantsPage(r) {
		return document(r, f.reader, apub.CollectionDoc{ID: id, Total: -1, First: firstPage(id)})
	}
	others := r.Params.BoolOr("only_other_accounts", false)
	p := domain.Page{Limit: repliesPage}
	p.MinID, _ = r.Params.ID("min_id")
	ids, err := s.st.RepliesTo(r.Context(), f.status.ID, f.account.ID, others, p.MinID, p.Limit)
	if err != nil {
		return nil, fmt.Errorf("read the replies to %s: %w", f.status.ID, err)
	}
	doc := apub.CollectionDoc{ID: repliesPageID(id, others, p.MinID), Page: true, PartOf: id}
	if doc.Items, err = s.statusURIs(r, ids); err != nil {
		return nil, err
	}
	switch {
	case len(ids) == p.Limit:
		doc.Next = repliesPageID(id, others, ids[len(ids)-1])
	case !others:
		doc.Next = repliesPageID(id, true, 0)
	}
	return document(r, f.reader, doc)
}

func repliesPageID(id string, others bool, after domain.ID) string {
	id = firstPage(id)
	if others {
		id += "&only_other_accounts=true"
	}
	if after != 0 {
		id += "&min_id=" + after.String()
	}
	return id
}

// statusURIs are the ids of posts, in the order given.
func (s *Server) statusURIs(r *httpkit.Request, ids []domain.ID) ([]apub.Part, error) {
	list, err := s.statuses(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	people := make([]domain.ID, len(list))
	for i := range list {
		people[i] = list[i].Account
	}
	authors, err := s.accountsByID(r.Context(), people)
	if err != nil {
		return nil, err
	}
	var out []apub.Part
	for i := range list {
		if a, ok := authors[list[i].Account]; ok {
			out = append(out, apub.IRI(s.URLs.StatusURI(&list[i], &a)))
		}
	}
	return out, nil
}

// likes is how many favourited a post, without saying who.
func (s *Server) likes(r *httpkit.Request) (any, error) {
	return s.tally(r, "/likes", func(st *domain.Status) int64 { return st.FavouritesCount })
}

// shares is how many boosted it.
func (s *Server) shares(r *httpkit.Request) (any, error) {
	return s.tally(r, "/shares", func(st *domain.Status) int64 { return st.ReblogsCount })
}

func (s *Server) tally(r *httpkit.Request, path string, count func(*domain.Status) int64) (any, error) {
	f, err := s.find(r, r.Path("name"), r.Path("id"))
	if err != nil {
		return nil, err
	}
	if f.status.ReblogOf != 0 {
		return nil, domain.ErrNotFound
	}
	return document(r, f.reader, apub.CollectionDoc{
		ID: s.URLs.StatusURI(&f.status, &f.account) + path, Total: count(&f.status), WithoutItems: true,
	})
}
