package inbox

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
)

// wanted reports whether a post concerns somebody here (facts 6): its author is
// followed, it names or answers or quotes somebody, it answers somebody who is
// followed, it came to a person's own inbox, or through a relay of ours.
func (s *Service) wanted(ctx context.Context, a *act, n *apub.Note) (bool, error) {
	if a.letter.Recipient != 0 {
		return true, nil
	}
	for _, step := range []func(context.Context, *act, *apub.Note) (bool, error){s.followed, s.named, s.answers, s.quotes, s.relayed} {
		if ok, err := step(ctx, a, n); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

func (s *Service) followed(ctx context.Context, a *act, n *apub.Note) (bool, error) {
	r := s.Store.Reader()
	if n.Author == a.actor.URI && a.actor.ID != 0 {
		return r.FollowedHere(ctx, a.actor.ID)
	}
	author, err := r.AccountByURI(ctx, n.Author)
	if domain.Is(err, domain.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up the author: %w", err)
	}
	return r.FollowedHere(ctx, author.ID)
}

// named looks for people here among whom the post is addressed to or mentions.
func (s *Service) named(ctx context.Context, a *act, n *apub.Note) (bool, error) {
	uris := n.Recipients()
	for _, m := range n.Mentions {
		uris = append(uris, m.Href)
	}
	uris = append(append(uris, a.To...), a.Cc...)
	seen := map[string]bool{}
	for _, uri := range uris {
		if l, ours := s.URLs.Parse(uri); !ours || l.Status != 0 || l.Part != "" || seen[uri] {
			continue
		}
		seen[uri] = true
		_, err := s.here(ctx, uri)
		if err == nil {
			return true, nil
		}
		if !domain.Is(err, domain.NotFound) {
			return false, fmt.Errorf("look up whom the post names: %w", err)
		}
	}
	return false, nil
}

func (s *Service) answers(ctx context.Context, _ *act, n *apub.Note) (bool, error) {
	if n.InReplyTo == "" {
		return false, nil
	}
	r := s.Store.Reader()
	p, err := s.Remote.KnownStatus(ctx, r, n.InReplyTo)
	switch {
	case domain.Is(err, domain.NotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look up what the post answers: %w", err)
	case p.Local:
		return true, nil
	}
	return r.FollowedHere(ctx, p.Account)
}

func (s *Service) quotes(ctx context.Context, _ *act, n *apub.Note) (bool, error) {
	if n.Quote.Target == "" {
		return false, nil
	}
	p, err := s.Remote.KnownStatus(ctx, s.Store.Reader(), n.Quote.Target)
	if domain.Is(err, domain.NotFound) {
		return false, nil
	}
	return p.Local, err
}

func (s *Service) relayed(ctx context.Context, a *act, _ *apub.Note) (bool, error) {
	return s.Moderation.IsRelay(ctx, a.signer.ID)
}

// here is the account of ours with that actor id, or page.
func (s *Service) here(ctx context.Context, uri string) (domain.Account, error) {
	a, err := s.Remote.Known(ctx, s.Store.Reader(), uri)
	if err == nil && (!a.Local() || a.Suspended()) {
		err = domain.ErrNotFound
	}
	return a, err
}

// boostWanted is wanted for a boost of what has that id.
func (s *Service) boostWanted(ctx context.Context, a *act, id string) (bool, error) {
	if ok, err := s.Store.Reader().FollowedHere(ctx, a.actor.ID); err != nil || ok {
		return ok, err
	}
	p, err := s.Remote.KnownStatus(ctx, s.Store.Reader(), id)
	if domain.Is(err, domain.NotFound) {
		return false, nil
	}
	return p.Local, err
}
