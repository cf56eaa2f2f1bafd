package fanout

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
)

// follow is somebody's follow: by the id it came with, if any, or ours by its
// row.
func (s *Service) follow(from, to *domain.Account, row domain.ID, uri string) apub.ActivityDoc {
	if uri == "" && from.Local() {
		uri = s.URLs.DeedURI(from, domain.DeedFollow, row)
	}
	return apub.NewFollow(uri, s.URLs.ActorURI(from), s.URLs.ActorURI(to))
}

// sayFollow asks an account elsewhere, unless that was taken back since.
func (s *Service) sayFollow(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if err != nil {
		return nil, err
	}
	f, err := s.Store.Reader().Follow(ctx, us.ID, them.ID)
	if err != nil || f.ID != m.Object {
		return nil, err
	}
	return s.personal(ctx, us.ID, them.ID, s.follow(&us, &them, m.Object, m.URI))
}

// sayFollowed answers a follower elsewhere who was let in at once, or who asks
// again.
func (s *Service) sayFollowed(ctx context.Context, m matter) ([]letter, error) {
	return s.accept(ctx, m, m.Target, m.Actor)
}

// sayAccepted answers a follower elsewhere who had to wait.
func (s *Service) sayAccepted(ctx context.Context, m matter) ([]letter, error) {
	return s.accept(ctx, m, m.Actor, m.Target)
}

func (s *Service) accept(ctx context.Context, m matter, here, there domain.ID) ([]letter, error) {
	us, them, err := s.pair(ctx, here, there)
	if err != nil {
		return nil, err
	}
	row, uri := m.Object, m.URI
	if uri == "" && us.ID != 0 {
		f, err := s.Store.Reader().Follow(ctx, them.ID, us.ID)
		if err != nil {
			return nil, fmt.Errorf("look up the follow: %w", err)
		}
		row, uri = f.ID, f.URI
	}
	actor := s.URLs.ActorURI(&us)
	return s.personal(ctx, us.ID, them.ID, apub.NewAccept(m.id(actor, "accepts"), actor, s.follow(&them, &us, row, uri), ""))
}

// sayRejected refuses a request from elsewhere, or removes a follower there.
func (s *Service) sayRejected(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if err != nil {
		return nil, err
	}
	actor := s.URLs.ActorURI(&us)
	return s.personal(ctx, us.ID, them.ID, apub.NewReject(m.id(actor, "rejects"), actor, s.follow(&them, &us, m.Object, m.URI)))
}

// sayUnfollowed takes a follow or a request back.
func (s *Service) sayUnfollowed(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if err != nil {
		return nil, err
	}
	done := s.follow(&us, &them, m.Object, m.URI)
	return s.personal(ctx, us.ID, them.ID, apub.NewUndo(done.ID+"/undo", done))
}

func (s *Service) sayBlocked(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if err != nil {
		return nil, err
	}
	return s.personal(ctx, us.ID, them.ID, s.block(&us, &them, m.Object))
}

func (s *Service) sayUnblocked(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if err != nil {
		return nil, err
	}
	done := s.block(&us, &them, m.Object)
	return s.personal(ctx, us.ID, them.ID, apub.NewUndo(done.ID+"/undo", done))
}

func (s *Service) block(from, to *domain.Account, row domain.ID) apub.ActivityDoc {
	return apub.NewBlock(s.URLs.DeedURI(from, domain.DeedBlock, row), s.URLs.ActorURI(from), s.URLs.ActorURI(to))
}
