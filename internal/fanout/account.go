package fanout

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/relation"
	"coterie/internal/store"
)

func (s *Service) followed(ctx context.Context, tx *store.Tx, e domain.Event) error {
	return s.tell(ctx, tx, []domain.ID{e.Target}, domain.Notification{From: e.Actor, Type: domain.NotifyFollow})
}

func (s *Service) followRequested(ctx context.Context, tx *store.Tx, e domain.Event) error {
	return s.tell(ctx, tx, []domain.ID{e.Target}, domain.Notification{From: e.Actor, Type: domain.NotifyFollowRequest})
}

// followAccepted turns the notification of the request into one of the follow.
func (s *Service) followAccepted(ctx context.Context, tx *store.Tx, e domain.Event) error {
	if err := tx.TakeBackNotifications(e.Actor, e.Target, 0, domain.NotifyFollowRequest); err != nil {
		return fmt.Errorf("take back the request: %w", err)
	}
	return s.tell(ctx, tx, []domain.ID{e.Actor}, domain.Notification{From: e.Target, Type: domain.NotifyFollow})
}

func (s *Service) followRejected(_ context.Context, tx *store.Tx, e domain.Event) error {
	return tx.TakeBackNotifications(e.Actor, e.Target, 0, domain.NotifyFollow, domain.NotifyFollowRequest)
}

func (s *Service) unfollowed(_ context.Context, tx *store.Tx, e domain.Event) error {
	return tx.TakeBackNotifications(e.Target, e.Actor, 0, domain.NotifyFollow, domain.NotifyFollowRequest)
}

// accountCreated tells those who look after the community. Who need not wait
// begins at once.
func (s *Service) accountCreated(ctx context.Context, tx *store.Tx, e domain.Event) error {
	u, err := tx.User(ctx, e.Actor)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return fmt.Errorf("look up the login: %w", err)
	}
	if u.Approved {
		if err := greet(ctx, tx, &u); err != nil {
			return err
		}
	}
	return s.tellStaff(ctx, tx, domain.MayManageUsers, domain.Notification{From: e.Actor, Type: domain.NotifyAdminSignUp})
}

// accountApproved has who waited begin.
func (s *Service) accountApproved(ctx context.Context, tx *store.Tx, e domain.Event) error {
	u, err := tx.User(ctx, e.Actor)
	if domain.Is(err, domain.NotFound) {
		return nil // deleted since
	}
	if err != nil {
		return fmt.Errorf("look up the login: %w", err)
	}
	return greet(ctx, tx, &u)
}

// greet has who was invited follow their host, if the invitation says so.
func greet(ctx context.Context, tx *store.Tx, u *domain.User) error {
	if u.Invite == 0 {
		return nil
	}
	i, err := tx.Invite(ctx, u.Invite)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return fmt.Errorf("look up the invitation: %w", err)
	}
	if !i.Follow {
		return nil
	}
	return relation.Greet(ctx, tx, u.Account, i.Account)
}

// reported tells them, too.
func (s *Service) reported(ctx context.Context, tx *store.Tx, e domain.Event) error {
	return s.tellStaff(ctx, tx, domain.MayManageReports, domain.Notification{From: e.Actor, Type: domain.NotifyAdminReport, Report: e.Object})
}

// appealed tells who decides about appeals.
func (s *Service) appealed(ctx context.Context, tx *store.Tx, e domain.Event) error {
	return s.tellStaff(ctx, tx, domain.MayManageAppeals, domain.Notification{From: e.Actor, Type: domain.NotifyAdminAppeal, Strike: e.Object})
}

// waveBegan tells who looks after reports that posts are held.
func (s *Service) waveBegan(ctx context.Context, tx *store.Tx, e domain.Event) error {
	return s.tellStaff(ctx, tx, domain.MayManageReports, domain.Notification{From: e.Actor, Type: domain.NotifyAdminWave})
}

// severed tells the people here of the follows that they lost.
func (s *Service) severed(ctx context.Context, tx *store.Tx, e domain.Event) error {
	people, err := tx.SeveredPeople(ctx, e.Object)
	if err != nil {
		return fmt.Errorf("find who lost follows: %w", err)
	}
	for _, id := range people {
		if err := s.tell(ctx, tx, []domain.ID{id}, domain.Notification{From: id, Type: domain.NotifySevered, Severance: e.Object}); err != nil {
			return err
		}
	}
	return nil
}

// warned tells somebody what was decided about them, in the community's name:
// who decided stays unknown (SEC-39).
func (s *Service) warned(ctx context.Context, tx *store.Tx, e domain.Event) error {
	if err := s.Notify.MailLater(tx, domain.MailTask{Kind: domain.MailStrike, Account: e.Target, Object: e.Object}); err != nil {
		return err
	}
	return s.tell(ctx, tx, []domain.ID{e.Target}, domain.Notification{From: e.Target, Type: domain.NotifyWarned, Strike: e.Object})
}

func (s *Service) tellStaff(ctx context.Context, tx *store.Tx, who domain.Permissions, n domain.Notification) error {
	staff, err := tx.Staff(ctx, who)
	if err != nil {
		return fmt.Errorf("find the staff: %w", err)
	}
	return s.tell(ctx, tx, staff, n)
}

// moved has the followers here go along.
func (s *Service) moved(_ context.Context, tx *store.Tx, e domain.Event) error {
	return relation.MoveLater(tx, e.Actor, e.Target)
}
