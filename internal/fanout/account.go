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

// accountCreated tells those who look after the community.
func (s *Service) accountCreated(ctx context.Context, tx *store.Tx, e domain.Event) error {
	return s.tellStaff(ctx, tx, domain.Notification{From: e.Actor, Type: domain.NotifyAdminSignUp})
}

// reported tells them, too.
func (s *Service) reported(ctx context.Context, tx *store.Tx, e domain.Event) error {
	return s.tellStaff(ctx, tx, domain.Notification{From: e.Actor, Type: domain.NotifyAdminReport, Report: e.Object})
}

func (s *Service) tellStaff(ctx context.Context, tx *store.Tx, n domain.Notification) error {
	staff, err := tx.Staff(ctx, []domain.Role{domain.RoleOwner, domain.RoleAdmin, domain.RoleModerator})
	if err != nil {
		return fmt.Errorf("find the staff: %w", err)
	}
	return s.tell(ctx, tx, staff, n)
}

// moved has the followers here go along.
func (s *Service) moved(_ context.Context, tx *store.Tx, e domain.Event) error {
	return relation.MoveLater(tx, e.Actor, e.Target)
}
