package relation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Block severs both directions: follows, requests, list memberships,
// endorsements and notifications (behaviours 7.6).
func (s *Service) Block(ctx context.Context, actor, targetID domain.ID) error {
	return s.BlockAs(ctx, actor, targetID, "")
}

// BlockAs is Block by an activity of that id, "" for one of ours. One that was
// taken back before it came has no effect.
func (s *Service) BlockAs(ctx context.Context, actor, targetID domain.ID, uri string) error {
	if actor == targetID {
		return errNotAllowed
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Account(ctx, targetID); err != nil {
			return err
		}
		if late, err := undone(ctx, tx, actor, uri); err != nil || late {
			return err
		}
		return block(ctx, tx, actor, targetID, uri)
	})
}

func block(ctx context.Context, tx *store.Tx, actor, targetID domain.ID, uri string) error {
	id, isNew, err := tx.InsertBlock(actor, targetID, uri)
	if err != nil {
		return fmt.Errorf("insert the block: %w", err)
	}
	if !isNew {
		return nil
	}
	if err := partCollections(ctx, tx, actor, targetID); err != nil {
		return err
	}
	if err := sever(tx, actor, targetID); err != nil {
		return err
	}
	tx.HomeChanged(actor, targetID)
	return tx.Emit(domain.Event{Kind: domain.EventBlocked, Actor: actor, Target: targetID, Object: id, URI: uri})
}

func sever(tx *store.Tx, actor, other domain.ID) error {
	if err := unfollow(tx, actor, other, domain.EventUnfollowed); err != nil {
		return err
	}
	if err := unfollow(tx, other, actor, domain.EventFollowRejected); err != nil {
		return err
	}
	for _, pair := range [][2]domain.ID{{actor, other}, {other, actor}} {
		if err := tx.Unlist(pair[0], pair[1]); err != nil {
			return fmt.Errorf("take the account off lists: %w", err)
		}
	}
	if err := tx.ForgetSender(actor, other); err != nil {
		return fmt.Errorf("remove notifications: %w", err)
	}
	if err := tx.DropConversations(actor, other); err != nil {
		return fmt.Errorf("remove conversations: %w", err)
	}
	return nil
}

// Unblock ends a block. Doing it again is no error.
func (s *Service) Unblock(ctx context.Context, actor, targetID domain.ID) error {
	return s.UnblockAs(ctx, actor, targetID, "")
}

// UnblockAs is Unblock of an activity of that id: should it come later, it has
// no effect.
func (s *Service) UnblockAs(ctx context.Context, actor, targetID domain.ID, uri string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Account(ctx, targetID); err != nil {
			return err
		}
		if late, err := undone(ctx, tx, actor, uri); err != nil || late {
			return err
		}
		id, err := tx.DeleteBlock(actor, targetID)
		if domain.Is(err, domain.NotFound) {
			return bury(tx, uri)
		}
		if err != nil {
			return fmt.Errorf("delete the block: %w", err)
		}
		tx.HomeChanged(actor, targetID)
		return tx.Emit(domain.Event{Kind: domain.EventUnblocked, Actor: actor, Target: targetID, Object: id, URI: uri})
	})
}

// Mute hides target from actor, for ever if d is 0. Repeating it changes
// duration and notifications.
func (s *Service) Mute(ctx context.Context, actor, targetID domain.ID, notifications bool, d time.Duration) error {
	if actor == targetID {
		return errNotAllowed
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Account(ctx, targetID); err != nil {
			return err
		}
		m := domain.Mute{Account: actor, Target: targetID, HideNotifications: notifications}
		if d > 0 {
			m.ExpiresAt = tx.Now().Add(d)
		}
		if err := tx.SaveMute(&m); err != nil {
			return fmt.Errorf("save the mute: %w", err)
		}
		if err := unmuteLater(tx, m); err != nil {
			return err
		}
		tx.HomeChanged(actor)
		return tx.Emit(domain.Event{Kind: domain.EventMuted, Actor: actor, Target: targetID})
	})
}

// Unmute shows target again. Doing it again is no error.
func (s *Service) Unmute(ctx context.Context, actor, targetID domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Account(ctx, targetID); err != nil {
			return err
		}
		was, err := tx.DeleteMute(actor, targetID)
		if err != nil {
			return fmt.Errorf("delete the mute: %w", err)
		}
		if !was {
			return nil
		}
		return unmuted(tx, actor, targetID)
	})
}

func unmuted(tx *store.Tx, actor, targetID domain.ID) error {
	tx.HomeChanged(actor)
	return tx.Emit(domain.Event{Kind: domain.EventUnmuted, Actor: actor, Target: targetID})
}

// BlockDomain hides a whole domain from actor and ends its follows from and to there.
// host is a host name in any case; ours is refused with Invalid.
func (s *Service) BlockDomain(ctx context.Context, actor domain.ID, host, ours string) error {
	host, err := otherHost(host, ours)
	if err != nil {
		return err
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		isNew, err := tx.InsertDomainBlock(actor, host)
		if err != nil || !isNew {
			return err
		}
		if err := leaveDomain(ctx, tx, actor, host); err != nil {
			return err
		}
		if err := tx.ForgetDomain(actor, host); err != nil {
			return fmt.Errorf("remove notifications: %w", err)
		}
		tx.HomeChanged(actor)
		return nil
	})
}

// otherHost is a host name as it is compared; ours cannot be blocked.
func otherHost(host, ours string) (string, error) {
	host, err := cleanHost(host)
	if err == nil && host == ours {
		err = domain.Errorf(domain.Invalid, "Validation failed: Domain is this community's own")
	}
	return host, err
}

// PreviewDomainBlock counts the follows that BlockDomain would end: those by
// the actor, and those of the actor.
func (s *Service) PreviewDomainBlock(ctx context.Context, actor domain.ID, host, ours string) (following, followers int64, err error) {
	if host, err = otherHost(host, ours); err != nil {
		return 0, 0, err
	}
	ties, err := s.st.Reader().TiesWith(ctx, actor, host)
	for _, f := range ties {
		switch {
		case f.Pending:
		case f.Account == actor:
			following++
		default:
			followers++
		}
	}
	return following, followers, err
}

// leaveDomain ends the follows and requests between actor and a domain, and
// has the actor told of the follows.
func leaveDomain(ctx context.Context, tx *store.Tx, actor domain.ID, host string) error {
	ties, err := tx.TiesWith(ctx, actor, host)
	if err != nil {
		return fmt.Errorf("find the follows from and to the domain: %w", err)
	}
	v := domain.Severance{Type: domain.SeveredByUserDomainBlock, Target: host}
	for i := range ties {
		f := &ties[i]
		kind := domain.EventUnfollowed
		if f.Target == actor {
			kind = domain.EventFollowRejected
		}
		if err := unfollow(tx, f.Account, f.Target, kind); err != nil {
			return err
		}
		if f.Pending {
			continue
		}
		if v.ID == 0 {
			if err := tx.InsertSeverance(&v); err != nil {
				return fmt.Errorf("note that follows end: %w", err)
			}
		}
		if err := tx.KeepSevered(v.ID, actor, f); err != nil {
			return fmt.Errorf("keep what was ended: %w", err)
		}
	}
	if v.ID == 0 {
		return nil
	}
	return tx.Emit(domain.Event{Kind: domain.EventSevered, Object: v.ID})
}

// UnblockDomain shows a domain again. Doing it again is no error.
func (s *Service) UnblockDomain(ctx context.Context, actor domain.ID, host string) error {
	host, err := cleanHost(host)
	if err != nil {
		return err
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		tx.HomeChanged(actor)
		_, err := tx.DeleteDomainBlock(actor, host)
		return err
	})
}

// cleanHost is a host name in the form in which it is stored. A word is none:
// whoever types one has probably slipped.
func cleanHost(name string) (string, error) {
	host, err := text.HostName(name)
	if err == nil && !strings.ContainsAny(host, ".:") {
		err = domain.Errorf(domain.Invalid, "Validation failed: Domain is not a valid domain name")
	}
	return host, err
}
