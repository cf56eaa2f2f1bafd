package account

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// The waiting room: whoever signs up while there is no room keeps the name and
// waits. What costs (keys, mails, telling the staff) comes when it is their
// turn, so that a flood of newcomers takes nothing from those who are in.

// hasRoom reports whether a newcomer may come in at once.
func hasRoom(ctx context.Context, tx *store.Tx) (bool, error) {
	pace, err := tx.LockAdmission(ctx)
	if err != nil {
		return false, fmt.Errorf("read the pace of admission: %w", err)
	}
	before, err := tx.NextWaiting(ctx, 1)
	if err != nil {
		return false, fmt.Errorf("look who waits: %w", err)
	}
	if len(before) > 0 || !pace.Room(tx.Now()) {
		return false, nil
	}
	return true, tx.SetAdmission(pace)
}

// wait puts a newcomer behind those who wait.
func wait(tx *store.Tx, account domain.ID, decided bool, ticket string) error {
	if err := tx.InsertWaiting(account, decided, domain.HashSecret(ticket)); err != nil {
		return fmt.Errorf("keep a place in the waiting room: %w", err)
	}
	return admitLater(tx)
}

func admitLater(tx *store.Tx) error {
	_, err := job.Enqueue(tx, domain.JobAdmit, nil, job.Unique("door"), job.RunAt(tx.Now().Add(domain.AdmitEvery)))
	return err
}

// Admit is the job of kind domain.JobAdmit: it lets in whose turn it is, and
// comes again while somebody waits. Should it run again after a crash, it goes
// on where it was.
func (s *Service) Admit(ctx context.Context, j *job.Job) error {
	return j.Write(ctx, func(tx *store.Tx) error {
		pace, err := tx.LockAdmission(ctx)
		if err != nil {
			return fmt.Errorf("read the pace of admission: %w", err)
		}
		behind, err := tx.Behind(ctx, tx.Now(), domain.AdmitBehind)
		if err != nil {
			return fmt.Errorf("look how late other work is: %w", err)
		}
		n := pace.Turn(tx.Now(), behind)
		list, err := tx.NextWaiting(ctx, n+1)
		if err != nil {
			return fmt.Errorf("look who waits: %w", err)
		}
		for i := range list[:min(n, len(list))] {
			if err := admit(ctx, tx, &list[i]); err != nil {
				return err
			}
		}
		if err := tx.SetAdmission(pace); err != nil {
			return err
		}
		if len(list) > n {
			return admitLater(tx)
		}
		return nil
	})
}

// admit lets one in, as far as nobody else has to.
func admit(ctx context.Context, tx *store.Tx, w *domain.Waiting) error {
	if err := tx.Admitted(w.Account); err != nil {
		return fmt.Errorf("note who came in: %w", err)
	}
	if w.Decided {
		if err := tx.Approve(w.Account); err != nil && !domain.Is(err, domain.NotFound) {
			return fmt.Errorf("let %s in: %w", w.Account, err)
		}
	}
	u, err := tx.User(ctx, w.Account)
	if err != nil {
		return fmt.Errorf("look up the login: %w", err)
	}
	if err := joined(tx, w.Account, u.ConfirmedAt.IsZero()); err != nil {
		return err
	}
	return tx.AccessChanged(w.Account, 0)
}

// joined is what follows once somebody has joined.
func joined(tx *store.Tx, account domain.ID, unproven bool) error {
	if unproven {
		if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailConfirm, Account: account})); err != nil {
			return err
		}
	}
	return tx.Emit(domain.Event{Kind: domain.EventAccountCreated, Actor: account, Target: account})
}

// Place is where the bearer of a ticket stands; ErrNotFound for one that was
// never given or is long over.
func (s *Service) Place(ctx context.Context, ticket string) (domain.Place, error) {
	if len(ticket) > maxSecret {
		return domain.Place{}, domain.ErrNotFound
	}
	w, err := s.st.Reader().WaitingByHash(ctx, domain.HashSecret(ticket))
	if err != nil {
		return domain.Place{}, err
	}
	return s.place(ctx, w)
}

// PlaceOf is where an account stands; number 0 for one that is in.
func (s *Service) PlaceOf(ctx context.Context, account domain.ID) (domain.Place, error) {
	w, err := s.st.Reader().WaitingOf(ctx, account)
	if domain.Is(err, domain.NotFound) {
		return domain.Place{}, nil
	}
	if err != nil {
		return domain.Place{}, err
	}
	return s.place(ctx, w)
}

func (s *Service) place(ctx context.Context, w domain.Waiting) (domain.Place, error) {
	p := domain.Place{Waiting: w}
	if !w.AdmittedAt.IsZero() {
		return p, nil
	}
	r := s.st.Reader()
	pace, err := r.Admission(ctx)
	if err != nil {
		return p, err
	}
	if p.Number, err = r.WaitingUpTo(ctx, w.Account); err != nil {
		return p, err
	}
	p.In = pace.Wait(p.Number, s.st.Now())
	return p, nil
}
