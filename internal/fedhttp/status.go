package fedhttp

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

var errStatusGone = domain.Errorf(domain.Gone, "This post was deleted")

// found is a post of an account here, and who asked for it.
type found struct {
	account domain.Account
	status  domain.Status
	reader  reader
}

// find is the post as far as who asks may see it. What anybody may read is
// answered without a look at keys we do not know; for the rest, and for what
// is not there, a signature is verified, so that the two look the same from
// outside (SEC-28).
func (s *Server) find(r *httpkit.Request, name, id string) (found, error) {
	var f found
	var err error
	if f.reader, err = s.reader(r, false); err != nil {
		return f, err
	}
	ctx := r.Context()
	if f.account, err = s.account(ctx, name); err != nil {
		return f, err
	}
	if f.account.Suspended() {
		return f, errSuspended
	}
	number, ok := domain.ParseID(id)
	if !ok {
		return f, domain.ErrNotFound
	}
	f.status, err = s.st.Status(ctx, f.reader.id, number)
	if domain.Is(err, domain.NotFound) && f.reader.signed && f.reader.id == 0 {
		v, err2 := s.reader(r, true)
		switch {
		case domain.Is(err2, domain.Forbidden), domain.Is(err2, domain.Internal) && err2 != nil:
			return f, err2
		case err2 == nil:
			f.reader = v
			f.status, err = s.st.Status(ctx, v.id, number)
		}
	}
	if err == nil && f.status.Account != f.account.ID {
		err = domain.ErrNotFound
	}
	if domain.Is(err, domain.NotFound) {
		gone, err2 := s.st.Buried(ctx, f.account.ID, number)
		if err2 != nil {
			return f, err2
		}
		if gone {
			return f, errStatusGone
		}
	}
	return f, err
}

// handleStatus is /@NAME/ID.
func (s *Server) handleStatus(r *httpkit.Request) (any, error) {
	name := r.Path("handle")
	if name == "" || name[0] != '@' {
		return nil, domain.ErrNotFound
	}
	return s.serveStatus(r, name[1:], r.Path("id"))
}

// status is /users/NAME/statuses/ID.
func (s *Server) status(r *httpkit.Request) (any, error) {
	return s.serveStatus(r, r.Path("name"), r.Path("id"))
}

// serveStatus answers with a post; a boost is nothing but its activity.
func (s *Server) serveStatus(r *httpkit.Request, name, id string) (any, error) {
	f, err := s.find(r, name, id)
	if err != nil {
		return nil, err
	}
	if f.status.ReblogOf != 0 {
		return s.serveActivity(r, f)
	}
	notes, err := s.DescribeStatuses(r.Context(), []domain.Status{f.status})
	if err != nil {
		return nil, err
	}
	return document(r, f.reader, notes[0])
}

// activity is /users/NAME/statuses/ID/activity: the Create of a post, or the
// Announce that a boost is.
func (s *Server) activity(r *httpkit.Request) (any, error) {
	f, err := s.find(r, r.Path("name"), r.Path("id"))
	if err != nil {
		return nil, err
	}
	return s.serveActivity(r, f)
}

func (s *Server) serveActivity(r *httpkit.Request, f found) (any, error) {
	list, err := s.activities(r.Context(), &f.account, []domain.Status{f.status})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, domain.ErrNotFound
	}
	return document(r, f.reader, list[0])
}

// activities are the Creates and Announces of an account, in the order of its
// posts and boosts, in a number of statements that does not grow with them.
func (s *Server) activities(ctx context.Context, a *domain.Account, list []domain.Status) ([]apub.Part, error) {
	var posts []domain.Status
	var boosted []domain.ID
	for _, st := range list {
		if st.ReblogOf == 0 {
			posts = append(posts, st)
		} else {
			boosted = append(boosted, st.ReblogOf)
		}
	}
	notes, err := s.DescribeStatuses(ctx, posts)
	if err != nil {
		return nil, fmt.Errorf("describe the posts of %s: %w", a.Username, err)
	}
	originals, err := s.originals(ctx, boosted)
	if err != nil {
		return nil, err
	}
	var out []apub.Part
	for i := range list {
		st := &list[i]
		if st.ReblogOf == 0 {
			out = append(out, apub.NewCreate(s.URLs.StatusURI(st, a)+"/activity", notes[0]))
			notes = notes[1:]
			continue
		}
		if o, ok := originals[st.ReblogOf]; ok {
			out = append(out, s.announce(a, st, &o))
		}
	}
	return out, nil
}

// original is a boosted post and its author.
type original struct {
	status domain.Status
	author domain.Account
}

func (s *Server) originals(ctx context.Context, ids []domain.ID) (map[domain.ID]original, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := s.st.PageTexts(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read boosted posts: %w", err)
	}
	people := make([]domain.ID, len(list))
	for i := range list {
		people[i] = list[i].Account
	}
	authors, err := s.accountsByID(ctx, people)
	if err != nil {
		return nil, err
	}
	out := make(map[domain.ID]original, len(list))
	for _, st := range list {
		if a, ok := authors[st.Account]; ok {
			out[st.ID] = original{st, a}
		}
	}
	return out, nil
}

func (s *Server) accountsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]domain.Account, error) {
	out := make(map[domain.ID]domain.Account, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	list, err := s.st.Accounts(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	for _, a := range list {
		out[a.ID] = a
	}
	return out, nil
}

// announce is a boost of a post to those who may see it (facts 8).
func (s *Server) announce(a *domain.Account, boost *domain.Status, o *original) apub.Part {
	author, followers := s.URLs.ActorURI(&o.author), s.URLs.Followers(a)
	to, cc := []string{followers}, []string{author}
	switch boost.Visibility {
	case domain.Public:
		to, cc = []string{apub.Public}, []string{author, followers}
	case domain.Unlisted:
		cc = []string{apub.Public, author}
	}
	return apub.NewAnnounce(s.URLs.StatusURI(boost, a), s.URLs.ActorURI(a), s.URLs.StatusURI(&o.status, &o.author), boost.CreatedAt, to, cc)
}
