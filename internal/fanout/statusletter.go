package fanout

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/remote"
)

// own is a status and its author, who lives here. One for this community alone
// is no status to other servers.
func (s *Service) own(ctx context.Context, id domain.ID) (domain.Status, domain.Account, error) {
	st, err := s.federated(ctx, id)
	if err != nil {
		return st, domain.Account{}, err
	}
	a, err := s.ours(ctx, st.Account)
	return st, a, err
}

// federated is a status that other servers may know of.
func (s *Service) federated(ctx context.Context, id domain.ID) (domain.Status, error) {
	st, err := s.Store.Reader().AnyStatus(ctx, id)
	if err == nil && st.LocalOnly {
		err = domain.ErrNotFound
	}
	return st, err
}

// about is a letter about a post of ours to those who may read it, as long as
// it is there.
func (s *Service) about(ctx context.Context, st *domain.Status, doc apub.ActivityDoc, more ...domain.ID) ([]letter, error) {
	to, err := s.readers(ctx, st, more...)
	return []letter{{
		sender: st.Account, doc: doc, carry: carryOf(st.Visibility), sync: st.Visibility == domain.Private, subject: st.ID, to: to,
	}}, err
}

// sayCreated asks first who wrote it: most posts are from elsewhere.
func (s *Service) sayCreated(ctx context.Context, m matter) ([]letter, error) {
	by, err := s.ours(ctx, m.Actor)
	if err != nil {
		return nil, err
	}
	st, err := s.federated(ctx, m.Status)
	if err != nil {
		return nil, err
	}
	if st.ReblogOf != 0 {
		return s.sayBoosted(ctx, &st, &by)
	}
	note, err := s.Remote.DescribeStatus(ctx, st)
	if err != nil {
		return nil, err
	}
	return s.about(ctx, &st, apub.NewCreate(note.ID+"/activity", note))
}

// sayReplyApproved sends an answer of ours, or a boost, again, as its author
// did, now that it is approved.
func (s *Service) sayReplyApproved(ctx context.Context, m matter) ([]letter, error) {
	m.Actor = m.Target
	return s.sayCreated(ctx, m)
}

// sayBoosted tells the booster's followers, and the author of the original. A
// boost of one's own followers-only post brings the post along.
func (s *Service) sayBoosted(ctx context.Context, boost *domain.Status, by *domain.Account) ([]letter, error) {
	original, writer, err := s.original(ctx, boost.ReblogOf)
	if err != nil {
		return nil, err
	}
	id := s.URLs.StatusURI(boost, by)
	l := letter{sender: by.ID, carry: carryOf(boost.Visibility), sync: boost.Visibility == domain.Private, subject: boost.ID}
	if original.Visibility.Listed() {
		to, cc := remote.Audience(s.URLs, boost.Visibility, by, []string{s.URLs.ActorURI(&writer)})
		said, err := s.Store.Reader().ReplyApproval(ctx, boost.ID)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return nil, fmt.Errorf("look for an approval: %w", err)
		}
		doc := apub.NewAnnounce(id, s.URLs.ActorURI(by), s.URLs.StatusURI(&original, &writer), boost.CreatedAt, to, cc)
		doc.Approval = said.URI
		l.doc = doc
	} else {
		note, err := s.Remote.DescribeStatus(ctx, original)
		if err != nil {
			return nil, err
		}
		l.doc = apub.NewPrivateAnnounce(id, note, boost.CreatedAt, []string{s.URLs.Followers(by)})
	}
	l.to, err = s.gather(ctx, by.ID, boostReach(boost.Visibility), []domain.ID{writer.ID})
	return []letter{l}, err
}

// boostReach keeps boosts from relays, which pass posts on.
func boostReach(v domain.Visibility) domain.Visibility { return max(v, domain.Unlisted) }

func (s *Service) original(ctx context.Context, id domain.ID) (domain.Status, domain.Account, error) {
	st, err := s.Store.Reader().AnyStatus(ctx, id)
	if err != nil {
		return st, domain.Account{}, err
	}
	a, err := s.Store.Reader().Account(ctx, st.Account)
	return st, a, err
}

func (s *Service) sayEdited(ctx context.Context, m matter) ([]letter, error) {
	st, _, err := s.own(ctx, m.Status)
	if err != nil || st.ReblogOf != 0 {
		return nil, err
	}
	note, err := s.Remote.DescribeStatus(ctx, st)
	if err != nil {
		return nil, err
	}
	at := st.EditedAt
	if at.IsZero() {
		at = s.Store.Now()
	}
	var reached []domain.ID
	if st.Visibility.Listed() {
		if reached, err = s.Store.Reader().Reached(ctx, st.ID); err != nil {
			return nil, fmt.Errorf("find whom the post reached: %w", err)
		}
	}
	return s.about(ctx, &st, apub.NewUpdate(m.id(note.ID, "updates"), note, at), reached...)
}

// sayDeleted goes to everybody who may hold a copy.
func (s *Service) sayDeleted(ctx context.Context, m matter) ([]letter, error) {
	if m.Gone == nil || m.Gone.LocalOnly {
		return nil, nil
	}
	by, err := s.ours(ctx, m.Actor)
	if err != nil {
		return nil, err
	}
	gone := domain.Status{ID: m.Status, Local: true, URI: m.Gone.URI, ReblogOf: m.Gone.ReblogOf}
	uri, actor := s.URLs.StatusURI(&gone, &by), s.URLs.ActorURI(&by)
	l := letter{sender: by.ID, carry: carryOf(m.Gone.Visibility)}
	if gone.ReblogOf != 0 {
		return s.sayUnboosted(ctx, m, l, uri, &by)
	}
	l.doc = apub.NewDelete(uri+"#delete", actor, uri)
	l.to, err = s.gather(ctx, by.ID, m.Gone.Visibility, append(m.Gone.Mentions, m.Gone.Reached...))
	return []letter{l}, err
}

// sayUnboosted undoes a boost: by its id alone where the original is gone, too.
func (s *Service) sayUnboosted(ctx context.Context, m matter, l letter, uri string, by *domain.Account) ([]letter, error) {
	actor := s.URLs.ActorURI(by)
	original, writer, err := s.original(ctx, m.Gone.ReblogOf)
	switch {
	case domain.Is(err, domain.NotFound):
		l.doc = apub.ActivityDoc{ID: uri + "#undo", Type: "Undo", Actor: actor, To: []string{s.URLs.Followers(by)}, Object: apub.IRI(uri)}
	case err != nil:
		return nil, fmt.Errorf("look up the boosted post: %w", err)
	default:
		to, cc := remote.Audience(s.URLs, m.Gone.Visibility, by, []string{s.URLs.ActorURI(&writer)})
		done := apub.ActivityDoc{ID: uri, Type: "Announce", Actor: actor, To: to, Cc: cc, Object: apub.IRI(s.URLs.StatusURI(&original, &writer))}
		l.doc = apub.NewUndo(uri+"#undo", done)
	}
	l.to, err = s.gather(ctx, by.ID, boostReach(m.Gone.Visibility), []domain.ID{writer.ID})
	return []letter{l}, err
}

func (s *Service) sayFavourited(ctx context.Context, m matter) ([]letter, error) {
	like, err := s.like(ctx, m)
	if err != nil {
		return nil, err
	}
	if _, err := s.Store.Reader().FavouriteByID(ctx, m.Object); err != nil {
		return nil, err // taken back since, which has its own letter
	}
	return s.personal(ctx, m.Actor, m.Target, like)
}

func (s *Service) sayUnfavourited(ctx context.Context, m matter) ([]letter, error) {
	like, err := s.like(ctx, m)
	if err != nil {
		return nil, err
	}
	return s.personal(ctx, m.Actor, m.Target, apub.NewUndo(like.ID+"/undo", like))
}

// like is the favourite of an event, of somebody here for a post elsewhere.
func (s *Service) like(ctx context.Context, m matter) (apub.ActivityDoc, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if err != nil {
		return apub.ActivityDoc{}, err
	}
	st, err := s.Store.Reader().AnyStatus(ctx, m.Status)
	return apub.NewLike(s.URLs.DeedURI(&us, domain.DeedLike, m.Object), s.URLs.ActorURI(&us), s.URLs.StatusURI(&st, &them)), err
}

func (s *Service) sayPinned(ctx context.Context, m matter) ([]letter, error) {
	return s.feature(ctx, m, apub.NewAdd)
}

func (s *Service) sayUnpinned(ctx context.Context, m matter) ([]letter, error) {
	return s.feature(ctx, m, apub.NewRemove)
}

// feature tells the followers of a change to what is pinned.
func (s *Service) feature(ctx context.Context, m matter, do func(actor string, what apub.Part, collection string) apub.ActivityDoc) ([]letter, error) {
	st, by, err := s.own(ctx, m.Status)
	if err != nil {
		return nil, err
	}
	doc := do(s.URLs.ActorURI(&by), apub.IRI(s.URLs.StatusURI(&st, &by)), s.URLs.Featured(&by))
	to, err := s.Store.Reader().Inboxes(ctx, by.ID)
	return []letter{{sender: by.ID, doc: doc, carry: carryOf(st.Visibility), to: to}}, err
}
