package fanout

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// mailWanted has a mail written. One to the staff goes to each who looks after
// the matter.
func (s *Service) mailWanted(ctx context.Context, tx *store.Tx, e domain.Event) error {
	if e.Mail == nil {
		return nil
	}
	task := *e.Mail
	if task.Kind != domain.MailAppealed {
		return s.Notify.MailLater(tx, task)
	}
	staff, err := tx.Staff(ctx, domain.MayManageAppeals)
	if err != nil {
		return err
	}
	for _, task.Account = range staff {
		if err := s.Notify.MailLater(tx, task); err != nil {
			return err
		}
	}
	return nil
}
