package relation

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// moveRest is how long an account that moved must stay where it is (facts 19).
const moveRest = 7 * 24 * time.Hour

// moveBatch is how many people one transaction moves.
const moveBatch = 50

// moving is the job of a move, and how far it got.
type moving struct {
	From     domain.ID `json:"from"`
	To       domain.ID `json:"to"`
	Followed bool      `json:"followed,omitempty"` // the followers are done
	After    domain.ID `json:"after,omitempty"`
}

// Move makes everybody here who follows from follow to instead, in the
// background. The caller has seen to it that both say so. Moving again too
// soon is Forbidden (SEC-19).
func (s *Service) Move(ctx context.Context, from, to domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(from); err != nil {
			return fmt.Errorf("lock the account: %w", err)
		}
		known, err := tx.Actor(ctx, from)
		if err != nil {
			return fmt.Errorf("look up the account: %w", err)
		}
		if !known.MovedAt.IsZero() && tx.Now().Sub(known.MovedAt) < moveRest {
			return domain.Errorf(domain.Forbidden, "This account has moved lately")
		}
		if err := tx.MarkMoved(from); err != nil {
			return fmt.Errorf("remember the move: %w", err)
		}
		if err := tx.SetMovedTo(from, to); err != nil {
			return fmt.Errorf("note where the account is now: %w", err)
		}
		return MoveLater(tx, from, to)
	})
}

// MoveLater enqueues what follows for the people here when an account, ours
// or another's, says that it is elsewhere now.
func MoveLater(tx *store.Tx, from, to domain.ID) error {
	return moveLater(tx, moving{From: from, To: to})
}

func moveLater(tx *store.Tx, m moving) error {
	_, err := job.Enqueue(tx, domain.JobMove, m, job.Unique(m.From.String()))
	return err
}

// MoveFollowers is the job of a move: batch by batch, first those who follow,
// then those who block or mute.
func (s *Service) MoveFollowers(ctx context.Context, j *job.Job) error {
	var m moving
	if err := j.Decode(&m); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		to, err := tx.Account(ctx, m.To)
		if domain.Is(err, domain.NotFound) || err == nil && to.Suspended() {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look up the new account: %w", err)
		}
		if m.Followed {
			return moveAvoiders(ctx, tx, m)
		}
		list, err := tx.FollowersHere(ctx, m.From, moveBatch)
		if err != nil {
			return fmt.Errorf("find the followers: %w", err)
		}
		for _, f := range list {
			if err := moveFollower(ctx, tx, f, to); err != nil {
				return err
			}
		}
		m.Followed = len(list) < moveBatch
		return moveLater(tx, m)
	})
}

// moveFollower makes one follow the new account, as they followed the old, in
// the same lists.
func moveFollower(ctx context.Context, tx *store.Tx, f domain.Follow, to domain.Account) error {
	lists, err := tx.ListsWith(ctx, f.Account, f.Target)
	if err != nil {
		return fmt.Errorf("find their lists: %w", err)
	}
	if err := unfollow(tx, f.Account, f.Target, domain.EventUnfollowed); err != nil {
		return err
	}
	from, err := tx.Account(ctx, f.Account)
	if err != nil {
		return fmt.Errorf("look up the follower: %w", err)
	}
	if from.ID == to.ID || from.Suspended() {
		return nil
	}
	if why, err := refusal(ctx, tx, from, to); err != nil || why != nil {
		return err
	}
	_, err = tx.Follow(ctx, from.ID, to.ID)
	if domain.Is(err, domain.NotFound) {
		err = newFollow(ctx, tx, from, to, FollowOptions{Reblogs: &f.ShowReblogs, Notify: &f.Notify, Languages: &f.Languages})
	}
	if err != nil {
		return fmt.Errorf("follow the new account: %w", err)
	}
	for _, l := range lists {
		if _, err := tx.AddListMember(l.ID, to.ID); err != nil {
			return fmt.Errorf("add the new account to a list: %w", err)
		}
	}
	return nil
}

// moveAvoiders makes those who block or mute the old account block or mute
// the new one, unless they follow it.
func moveAvoiders(ctx context.Context, tx *store.Tx, m moving) error {
	list, err := tx.AvoidersHere(ctx, m.From, m.After, moveBatch)
	if err != nil {
		return fmt.Errorf("find who avoids the account: %w", err)
	}
	for _, who := range list {
		if err := moveAvoider(ctx, tx, who, m); err != nil {
			return err
		}
	}
	if len(list) < moveBatch {
		return nil
	}
	m.After = list[len(list)-1]
	return moveLater(tx, m)
}

func moveAvoider(ctx context.Context, tx *store.Tx, who domain.ID, m moving) error {
	known, err := tx.Relationships(ctx, who, []domain.ID{m.From, m.To}, tx.Now())
	if err != nil {
		return fmt.Errorf("look up how they stand: %w", err)
	}
	var old, next domain.Relationship
	for _, k := range known {
		if k.Target == m.From {
			old = k
		} else {
			next = k
		}
	}
	if who == m.To || next.Following || next.Requested {
		return nil
	}
	if old.Blocking && !next.Blocking {
		if err := block(ctx, tx, who, m.To, ""); err != nil {
			return err
		}
	}
	if !old.Muting || next.Muting {
		return nil
	}
	mute := domain.Mute{Account: who, Target: m.To, HideNotifications: old.MutingNotifications, ExpiresAt: old.MutingExpiresAt}
	if err := tx.SaveMute(&mute); err != nil {
		return fmt.Errorf("mute the new account: %w", err)
	}
	if err := unmuteLater(tx, mute); err != nil {
		return err
	}
	tx.HomeChanged(who)
	return tx.Emit(domain.Event{Kind: domain.EventMuted, Actor: who, Target: m.To})
}
