package fanout

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

func (s *Service) statusCreated(ctx context.Context, tx *store.Tx, e domain.Event) error {
	st, err := tx.AnyStatus(ctx, e.Status)
	if domain.Is(err, domain.NotFound) {
		return nil // deleted since
	}
	if err != nil {
		return fmt.Errorf("look up the status: %w", err)
	}
	if st.ReblogOf != 0 {
		return s.boosted(ctx, tx, st)
	}
	if err := s.Remote.Preview(ctx, tx, &st); err != nil {
		return err
	}
	if err := s.mentioned(ctx, tx, st); err != nil {
		return err
	}
	if st.Visibility == domain.Direct || st.Reply() {
		return nil
	}
	bells, err := tx.BellFollowers(ctx, st.Account)
	if err != nil {
		return fmt.Errorf("find who wants to hear of it: %w", err)
	}
	return s.tell(ctx, tx, bells, domain.Notification{From: st.Account, Type: domain.NotifyStatus, Status: st.ID})
}

func (s *Service) boosted(ctx context.Context, tx *store.Tx, boost domain.Status) error {
	original, err := tx.AnyStatus(ctx, boost.ReblogOf)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up the boosted status: %w", err)
	}
	return s.tell(ctx, tx, []domain.ID{original.Account},
		domain.Notification{From: boost.Account, Type: domain.NotifyReblog, Status: original.ID})
}

// mentioned tells the mentioned and adds to their conversations. Who was told
// before is not told again.
func (s *Service) mentioned(ctx context.Context, tx *store.Tx, st domain.Status) error {
	mentions, err := tx.Mentions(ctx, []domain.ID{st.ID})
	if err != nil {
		return fmt.Errorf("find the mentions: %w", err)
	}
	var who []domain.ID
	for _, m := range mentions {
		if !m.Silent {
			who = append(who, m.Account)
		}
	}
	err = s.tell(ctx, tx, who, domain.Notification{From: st.Account, Type: domain.NotifyMention, Status: st.ID})
	if err != nil {
		return err
	}
	return s.Conversations.Add(ctx, tx, st)
}

func (s *Service) statusEdited(ctx context.Context, tx *store.Tx, e domain.Event) error {
	st, err := tx.AnyStatus(ctx, e.Status)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up the status: %w", err)
	}
	if err := s.Remote.Preview(ctx, tx, &st); err != nil {
		return err
	}
	if err := s.mentioned(ctx, tx, st); err != nil {
		return err
	}
	boosters, err := tx.LocalBoosters(ctx, st.ID)
	if err != nil {
		return fmt.Errorf("find the boosters: %w", err)
	}
	err = s.tell(ctx, tx, boosters, domain.Notification{From: st.Account, Type: domain.NotifyUpdate, Status: st.ID})
	if err != nil {
		return err
	}
	return s.quotedUpdated(ctx, tx, st)
}

// statusRefreshed: an old post became known, or shows a quote beside which
// there is no card.
func (s *Service) statusRefreshed(ctx context.Context, tx *store.Tx, e domain.Event) error {
	st, err := tx.AnyStatus(ctx, e.Status)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up the status: %w", err)
	}
	return s.Remote.Preview(ctx, tx, &st)
}

// quotedUpdated tells those who quote a post that it reads otherwise now.
func (s *Service) quotedUpdated(ctx context.Context, tx *store.Tx, st domain.Status) error {
	quotes, err := tx.LocalQuoters(ctx, st.ID)
	if err != nil {
		return fmt.Errorf("find who quotes it: %w", err)
	}
	for _, q := range quotes {
		n := domain.Notification{From: st.Account, Type: domain.NotifyQuotedUpdate, Status: q.Status}
		if err := s.tell(ctx, tx, []domain.ID{q.Account}, n); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) statusDeleted(_ context.Context, tx *store.Tx, e domain.Event) error {
	if e.Gone != nil && e.Gone.ReblogOf != 0 {
		original, err := tx.AnyStatus(context.Background(), e.Gone.ReblogOf)
		if domain.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look up the boosted status: %w", err)
		}
		return tx.TakeBackNotifications(original.Account, e.Actor, original.ID, domain.NotifyReblog)
	}
	if e.Gone != nil && e.Gone.Visibility == domain.Direct {
		if err := s.Conversations.Remove(tx, e.Status, append(e.Gone.Mentions, e.Actor)); err != nil {
			return fmt.Errorf("take it out of the conversations: %w", err)
		}
	}
	return tx.DeleteStatusNotifications(e.Status)
}

func (s *Service) favourited(ctx context.Context, tx *store.Tx, e domain.Event) error {
	return s.tell(ctx, tx, []domain.ID{e.Target}, domain.Notification{From: e.Actor, Type: domain.NotifyFavourite, Status: e.Status})
}

func (s *Service) unfavourited(_ context.Context, tx *store.Tx, e domain.Event) error {
	return tx.TakeBackNotifications(e.Target, e.Actor, e.Status, domain.NotifyFavourite)
}

// pollEnded tells the author and everyone here who voted.
func (s *Service) pollEnded(ctx context.Context, tx *store.Tx, e domain.Event) error {
	st, err := tx.AnyStatus(ctx, e.Status)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up the status: %w", err)
	}
	voters, err := tx.LocalVoters(ctx, e.Object)
	if err != nil {
		return fmt.Errorf("find the voters: %w", err)
	}
	return s.tell(ctx, tx, append(voters, st.Account), domain.Notification{From: st.Account, Type: domain.NotifyPoll, Status: st.ID})
}

// tell gives each of who the notification n.
func (s *Service) tell(ctx context.Context, tx *store.Tx, who []domain.ID, n domain.Notification) error {
	for _, id := range who {
		n.Account = id
		if _, err := s.Notify.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// quoted tells the author of a post that it is quoted, as far as that is let.
func (s *Service) quoted(ctx context.Context, tx *store.Tx, e domain.Event) error {
	return s.tell(ctx, tx, []domain.ID{e.Actor}, domain.Notification{From: e.Target, Type: domain.NotifyQuote, Status: e.Status})
}

// mergedConversations is how many private mentions of somebody who was let
// through make conversations.
const mergedConversations = 100

// merged opens the conversations of private mentions that were put aside.
func (s *Service) merged(ctx context.Context, tx *store.Tx, e domain.Event) error {
	list, err := tx.UnfiledMentions(ctx, e.Actor, e.Target, mergedConversations)
	if err != nil {
		return fmt.Errorf("find the private mentions: %w", err)
	}
	for _, st := range list {
		if err := s.Conversations.Add(ctx, tx, st); err != nil {
			return err
		}
	}
	return nil
}
