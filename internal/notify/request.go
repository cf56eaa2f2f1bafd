package notify

import (
	"context"
	"fmt"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// ChangePolicy changes account's policy on those it does not know. change may
// be called more than once.
func (s *Service) ChangePolicy(ctx context.Context, account domain.ID, change func(*domain.NotificationPolicy)) (domain.NotificationPolicy, error) {
	var p domain.NotificationPolicy
	err := s.st.Write(ctx, func(tx *store.Tx) (err error) {
		if p, err = tx.NotificationPolicy(ctx, account); err != nil {
			return fmt.Errorf("read the policy: %w", err)
		}
		change(&p)
		for _, v := range []domain.Verdict{p.NotFollowing, p.NotFollowers, p.NewAccounts, p.PrivateMentions, p.LimitedAccounts, p.Bots} {
			if !v.Valid() {
				return domain.Errorf(domain.Invalid, "Validation failed: a policy must be accept, filter or drop, not %.20q", v)
			}
		}
		return tx.SaveNotificationPolicy(account, p)
	})
	return p, err
}

// AcceptRequests lets the senders of these requests through for good. What of
// theirs was put aside follows in the background, and then an event says so.
// Requests that are not account's are passed over; it returns how many were.
func (s *Service) AcceptRequests(ctx context.Context, account domain.ID, ids ...domain.ID) (int, error) {
	return s.end(ctx, account, ids, func(tx *store.Tx, from domain.ID) error {
		if err := tx.PermitNotifications(account, from); err != nil {
			return err
		}
		return unfilterLater(tx, domain.Permission{Account: account, From: from})
	})
}

// DismissRequests ends these requests and removes what was put aside, as
// AcceptRequests does otherwise.
func (s *Service) DismissRequests(ctx context.Context, account domain.ID, ids ...domain.ID) (int, error) {
	return s.end(ctx, account, ids, func(tx *store.Tx, from domain.ID) error { return tx.DropAside(account, from) })
}

func (s *Service) end(ctx context.Context, account domain.ID, ids []domain.ID, each func(tx *store.Tx, from domain.ID) error) (int, error) {
	n := 0
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		senders, err := tx.TakeNotificationRequests(account, ids)
		if err != nil {
			return fmt.Errorf("take the requests: %w", err)
		}
		n = len(senders)
		for _, from := range slices.Sorted(slices.Values(senders)) {
			if err := each(tx, from); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func unfilterLater(tx *store.Tx, p domain.Permission) error {
	_, err := job.Enqueue(tx, domain.JobUnfilter, p, job.Unique(p.Account.String()+" "+p.From.String()))
	return err
}

// unfilterBatch is how many notifications one transaction lets through.
const unfilterBatch = 200

// Unfilter is the job of kind domain.JobUnfilter. Each run does one batch and
// has itself run again; done twice, the second finds nothing left.
func (s *Service) Unfilter(ctx context.Context, j *job.Job) error {
	var p domain.Permission
	if err := j.Decode(&p); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Unfilter(p.Account, p.From, unfilterBatch)
		if err != nil {
			return fmt.Errorf("let notifications through: %w", err)
		}
		if n == unfilterBatch {
			return unfilterLater(tx, p)
		}
		if err := tx.EndMerge(p.Account, p.From); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventNotificationsMerged, Actor: p.Account, Target: p.From})
	})
}
