package moderation

import (
	"context"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Strikes are those against an account, newest first, as it may read them.
func (s *Service) Strikes(ctx context.Context, target domain.ID, p domain.Page) ([]domain.Strike, error) {
	return s.st.Reader().Strikes(ctx, target, p)
}

// Strike is the strike with that id, if it is against target.
func (s *Service) Strike(ctx context.Context, target, id domain.ID) (domain.Strike, error) {
	k, err := s.st.Reader().Strike(ctx, id)
	if err == nil && k.Target != target {
		err = domain.ErrNotFound
	}
	return k, err
}

// Appeal asks the staff to take a strike back: once, and in time.
func (s *Service) Appeal(ctx context.Context, who, strike domain.ID, text string) (domain.Strike, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n == 0 || n > domain.MaxAppealText {
		return domain.Strike{}, domain.Errorf(domain.Invalid, "Validation failed: Text needs 1 to %d characters", domain.MaxAppealText)
	}
	var k domain.Strike
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		var err error
		if k, err = tx.Strike(ctx, strike); err != nil {
			return err
		}
		if err := k.MayAppeal(who, tx.Now()); err != nil {
			return err
		}
		k.Appeal = domain.Appeal{Strike: strike, Text: text}
		if err := tx.InsertAppeal(&k.Appeal); err != nil {
			return err
		}
		if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailAppealed, Object: strike})); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventAppealed, Actor: who, Object: strike})
	})
	return k, err
}

// Appeals are the strikes whose appeals wait, the oldest appeal first.
func (s *Service) Appeals(ctx context.Context, limit int) ([]domain.Strike, error) {
	return s.st.Reader().Appealed(ctx, limit)
}

// DecideAppeal takes a strike back, and with it what was done, or does not.
func (s *Service) DecideAppeal(ctx context.Context, by, strike domain.ID, approve bool) (domain.Strike, error) {
	var k domain.Strike
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageAppeals)
		if err != nil {
			return err
		}
		if k, err = tx.Strike(ctx, strike); err != nil {
			return err
		}
		if k.Appeal.ID == 0 {
			return domain.ErrNotFound
		}
		x, err := who.subjectOf(ctx, tx.Reader, k.Target)
		if err != nil {
			return err
		}
		err = tx.DecideAppeal(&k.Appeal, by, approve)
		if domain.Is(err, domain.NotFound) {
			return domain.Errorf(domain.Conflict, "This appeal was decided already.")
		}
		if err != nil {
			return err
		}
		verb := "reject"
		if approve {
			verb = "approve"
			if err := undo(tx, k.Action, x, k.Statuses); err != nil {
				return err
			}
		}
		if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailDecided, Account: k.Target, Object: k.ID})); err != nil {
			return err
		}
		return who.log(tx, verb, "appeal", k.ID, x.Acct(), "")
	})
	if err != nil {
		return k, err
	}
	return s.st.Reader().Strike(ctx, strike)
}
