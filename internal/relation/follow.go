package relation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// FollowOptions are what the follower wishes; nil leaves a wish as it is.
type FollowOptions struct {
	Reblogs   *bool
	Notify    *bool
	Languages *[]string // an empty list is all languages
	URI       string    // id of the Follow, where another server sent it
}

// Follow makes actor follow target, or ask to, where target approves its
// followers, lives elsewhere, or actor is limited. Repeating it changes the
// options (behaviours 7.5). Who asks from elsewhere is answered each time, also
// when the answer is no (facts 14).
func (s *Service) Follow(ctx context.Context, actor, targetID domain.ID, o FollowOptions) error {
	if actor == targetID {
		return errNotAllowed
	}
	var refused error
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		if late, err := undone(ctx, tx, actor, o.URI); err != nil || late {
			return err
		}
		from, err := tx.Account(ctx, actor)
		if err != nil {
			return fmt.Errorf("look up the follower: %w", err)
		}
		to, err := tx.Account(ctx, targetID)
		if err != nil {
			return err
		}
		if refused, err = refusal(ctx, tx, from, to); err != nil {
			return err
		}
		if refused != nil {
			return refuse(tx, from, to, o.URI)
		}
		f, err := tx.Follow(ctx, actor, to.ID)
		switch {
		case err == nil:
			return changeFollow(tx, from, f, o)
		case !domain.Is(err, domain.NotFound):
			return fmt.Errorf("look for the follow: %w", err)
		}
		return newFollow(ctx, tx, from, to, o)
	})
	if err == nil {
		err = refused
	}
	return err
}

// Greet has a new member follow who invited them, or ask to, within the
// transaction in which they come in; where that cannot be, nothing happens.
func Greet(ctx context.Context, tx *store.Tx, newcomer, host domain.ID) error {
	from, err := tx.Account(ctx, newcomer)
	if err != nil {
		return fmt.Errorf("look up the new member: %w", err)
	}
	to, err := tx.Account(ctx, host)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up who invited them: %w", err)
	}
	if refused, err := refusal(ctx, tx, from, to); refused != nil || err != nil {
		return err
	}
	return newFollow(ctx, tx, from, to, FollowOptions{})
}

// refusal says why from cannot follow to, nil if it can.
func refusal(ctx context.Context, tx *store.Tx, from, to domain.Account) (why, err error) {
	if to.Suspended() {
		return domain.ErrNotFound, nil
	}
	blocked, err := apart(ctx, tx, from.ID, to.ID)
	if err != nil {
		return nil, fmt.Errorf("look for blocks: %w", err)
	}
	if !blocked && !from.Local() {
		shunned, err := tx.Shunned(ctx, to.ID, []domain.ID{from.ID})
		if err != nil {
			return nil, fmt.Errorf("look for domain blocks: %w", err)
		}
		blocked = len(shunned) > 0
	}
	if blocked || to.MovedTo != 0 {
		return errNotAllowed, nil
	}
	return nil, nil
}

// refuse tells a server that its request is refused.
func refuse(tx *store.Tx, from, to domain.Account, uri string) error {
	if from.Local() {
		return nil
	}
	return tx.Emit(domain.Event{Kind: domain.EventFollowRejected, Actor: to.ID, Target: from.ID, URI: uri})
}

func newFollow(ctx context.Context, tx *store.Tx, from, to domain.Account, o FollowOptions) error {
	if err := checkFollowLimit(ctx, tx, from); err != nil {
		return err
	}
	f := domain.Follow{
		Account: from.ID, Target: to.ID, ShowReblogs: true, Pending: to.Locked || !to.Local() || from.Silenced(), URI: o.URI,
	}
	o.apply(&f)
	isNew, err := tx.InsertFollow(&f)
	if err != nil {
		return fmt.Errorf("save the follow: %w", err)
	}
	if !isNew { // it was asked for twice at once
		if f, err = tx.Follow(ctx, from.ID, to.ID); err != nil {
			return fmt.Errorf("look for the follow: %w", err)
		}
		return changeFollow(tx, from, f, o)
	}
	if f.Pending {
		return tx.Emit(domain.Event{Kind: domain.EventFollowRequested, Actor: from.ID, Target: to.ID, Object: f.ID, URI: f.URI})
	}
	return began(tx, f)
}

// began is what follows from a follow that is in force.
func began(tx *store.Tx, f domain.Follow) error {
	if err := tx.CountFollow(f.Account, f.Target, 1); err != nil {
		return fmt.Errorf("count the follow: %w", err)
	}
	tx.HomeChanged(f.Account)
	return tx.Emit(domain.Event{Kind: domain.EventFollowed, Actor: f.Account, Target: f.Target, Object: f.ID, URI: f.URI})
}

// changeFollow takes new wishes, and a new id from a server that lost the old
// one and waits for the answer.
func changeFollow(tx *store.Tx, from domain.Account, f domain.Follow, o FollowOptions) error {
	o.apply(&f)
	if o.URI != "" {
		f.URI = o.URI
	}
	tx.HomeChanged(f.Account)
	if err := tx.SaveFollow(&f); err != nil {
		return fmt.Errorf("change the follow: %w", err)
	}
	if from.Local() || f.Pending {
		return nil
	}
	return tx.Emit(domain.Event{Kind: domain.EventFollowRepeated, Actor: f.Account, Target: f.Target, Object: f.ID, URI: f.URI})
}

func (o FollowOptions) apply(f *domain.Follow) {
	if o.Reblogs != nil {
		f.ShowReblogs = *o.Reblogs
	}
	if o.Notify != nil {
		f.Notify = *o.Notify
	}
	if o.Languages != nil {
		f.Languages = *o.Languages
		if len(f.Languages) == 0 {
			f.Languages = nil
		}
	}
}

func checkFollowLimit(ctx context.Context, tx *store.Tx, from domain.Account) error {
	if !from.Local() || from.FollowingCount < domain.MaxFollows {
		return nil
	}
	n, err := tx.CountFollowing(ctx, from.ID)
	if err != nil {
		return fmt.Errorf("count who is followed: %w", err)
	}
	if float64(n) >= max(domain.MaxFollows, domain.FollowRatio*float64(from.FollowersCount)) {
		return domain.Errorf(domain.Invalid, "Validation failed: You cannot follow more people until more people follow you")
	}
	return nil
}

// Unfollow ends a follow or takes back a request. Doing it again is no error.
func (s *Service) Unfollow(ctx context.Context, actor, targetID domain.ID) error {
	return s.UnfollowAs(ctx, actor, targetID, "")
}

// UnfollowAs is Unfollow by somebody here or elsewhere. uri is the id of the
// Follow: should it come later, it has no effect.
func (s *Service) UnfollowAs(ctx context.Context, actor, targetID domain.ID, uri string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Account(ctx, targetID); err != nil {
			return err
		}
		if late, err := undone(ctx, tx, actor, uri); err != nil || late {
			return err
		}
		_, err := tx.Follow(ctx, actor, targetID)
		if domain.Is(err, domain.NotFound) {
			return bury(tx, uri)
		}
		if err != nil {
			return fmt.Errorf("look for the follow: %w", err)
		}
		return unfollow(tx, actor, targetID, domain.EventUnfollowed)
	})
}

// RemoveFollower ends the follow of follower, or refuses its request, from
// the side of the followed.
func (s *Service) RemoveFollower(ctx context.Context, actor, follower domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Account(ctx, follower); err != nil {
			return err
		}
		return unfollow(tx, follower, actor, domain.EventFollowRejected)
	})
}

// unfollow ends a follow or request of follower, if there is one. What is
// said of it depends on who ends it.
func unfollow(tx *store.Tx, follower, target domain.ID, kind domain.EventKind) error {
	f, err := tx.DeleteFollow(follower, target)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("delete the follow: %w", err)
	}
	if !f.Pending {
		if err := tx.CountFollow(follower, target, -1); err != nil {
			return fmt.Errorf("count the follow: %w", err)
		}
	}
	if err := tx.Unlist(follower, target); err != nil {
		return fmt.Errorf("take the account off lists: %w", err)
	}
	tx.HomeChanged(follower)
	e := domain.Event{Kind: kind, Actor: follower, Target: target, Object: f.ID, URI: f.URI}
	if kind == domain.EventFollowRejected {
		e.Actor, e.Target = target, follower
	}
	return tx.Emit(e)
}

// AcceptRequest lets follower follow actor. Without a request it is
// ErrNotFound (SEC-18).
func (s *Service) AcceptRequest(ctx context.Context, actor, follower domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		accepted, err := tx.AcceptFollow(follower, actor)
		if err != nil {
			return fmt.Errorf("accept the request: %w", err)
		}
		if !accepted {
			return domain.ErrNotFound
		}
		f, err := tx.Follow(ctx, follower, actor)
		if err != nil {
			return fmt.Errorf("look up the follow: %w", err)
		}
		if err := tx.CountFollow(follower, actor, 1); err != nil {
			return fmt.Errorf("count the follow: %w", err)
		}
		tx.HomeChanged(follower)
		return tx.Emit(domain.Event{Kind: domain.EventFollowAccepted, Actor: actor, Target: follower, Object: f.ID, URI: f.URI})
	})
}

// RejectRequest refuses follower's request. Without one it is ErrNotFound.
func (s *Service) RejectRequest(ctx context.Context, actor, follower domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		f, err := tx.Follow(ctx, follower, actor)
		if err != nil {
			return err
		}
		if !f.Pending {
			return domain.ErrNotFound
		}
		return unfollow(tx, follower, actor, domain.EventFollowRejected)
	})
}
