package moderation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// policyRef is how far the accounts of a domain have been gone through.
type policyRef struct {
	Domain string    `json:"domain"`
	After  domain.ID `json:"after,omitempty"`
}

// How many accounts and follows one transaction goes through.
const (
	policyBatch = 100
	tieBatch    = 500
)

func applyLater(tx *store.Tx, ref policyRef) error {
	if _, err := job.Enqueue(tx, domain.JobPolicy, ref); err != nil {
		return fmt.Errorf("plan to apply the policy: %w", err)
	}
	return nil
}

// ApplyPolicy is the job that makes the accounts of a domain and its
// sub-domains what the policies in force say, batch by batch. It reads the
// policies anew each time, so that it may run twice, or late.
func (s *Service) ApplyPolicy(ctx context.Context, j *job.Job) error {
	var ref policyRef
	if err := j.Decode(&ref); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		policies, err := policiesOf(ctx, tx.Reader)
		if err != nil {
			return err
		}
		list, err := tx.AccountsUnder(ctx, ref.Domain, ref.After, policyBatch)
		if err != nil {
			return fmt.Errorf("find the accounts of %s: %w", ref.Domain, err)
		}
		next, ties := ref, tieBatch
		for i := range list {
			if ties, err = apply(ctx, tx, policies, &list[i], ties); err != nil {
				return fmt.Errorf("apply the policy to %s: %w", list[i].Acct(), err)
			}
			if ties <= 0 {
				return applyLater(tx, next) // the same account again, for the rest
			}
			next.After = list[i].ID
		}
		if len(list) == policyBatch {
			return applyLater(tx, next)
		}
		return nil
	})
}

// apply makes one account what the policies say; ties is how many follows may
// still be ended, and it returns how many are left then.
func apply(ctx context.Context, tx *store.Tx, policies map[string]domain.DomainPolicy, a *domain.Account, ties int) (int, error) {
	severity, err := severityOf(ctx, tx, policies, a)
	if err != nil {
		return 0, err
	}
	suspend, limit := severity == domain.SeveritySuspend, severity == domain.SeverityLimit
	if was := a.SilencedBy&domain.ByDomain != 0; was != limit {
		change := tx.Unsilence
		if limit {
			change = tx.Silence
		}
		if err := change(a.ID, domain.ByDomain); err != nil {
			return 0, err
		}
	}
	if was := a.SuspendedBy&domain.ByDomain != 0; was != suspend {
		change := tx.Unsuspend
		if suspend {
			change = tx.Suspend
		}
		if err := change(a.ID, domain.ByDomain); err != nil {
			return 0, err
		}
	}
	if !suspend {
		return ties, nil
	}
	return sever(ctx, tx, a, ties)
}

// severityOf is the harder of what holds for the host of an account's handle
// and for that of its id.
func severityOf(ctx context.Context, tx *store.Tx, policies map[string]domain.DomainPolicy, a *domain.Account) (domain.Severity, error) {
	actor, err := tx.Actor(ctx, a.ID)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return "", err
	}
	one, other := holding(policies, a.Domain).Severity, holding(policies, actor.Host).Severity
	for _, s := range []domain.Severity{domain.SeveritySuspend, domain.SeverityLimit} {
		if one == s || other == s {
			return s, nil
		}
	}
	return domain.SeverityNone, nil
}

// sever ends follows and requests of a suspended account, both ways, at most
// most of them. They do not come back with the account (facts 21). What its
// server should be told goes the usual way, where it is refused.
func sever(ctx context.Context, tx *store.Tx, a *domain.Account, most int) (int, error) {
	ties, err := tx.Ties(ctx, a.ID, most)
	if err != nil {
		return 0, fmt.Errorf("find the follows: %w", err)
	}
	for _, t := range ties {
		f, err := tx.DeleteFollow(t.Account, t.Target)
		if err != nil {
			return 0, fmt.Errorf("end a follow: %w", err)
		}
		if !f.Pending {
			if err := tx.CountFollow(f.Account, f.Target, -1); err != nil {
				return 0, fmt.Errorf("count a follow off: %w", err)
			}
		}
		if err := tx.Unlist(f.Account, f.Target); err != nil {
			return 0, fmt.Errorf("take the account off lists: %w", err)
		}
		tx.HomeChanged(f.Account)
		e := domain.Event{Kind: domain.EventUnfollowed, Actor: f.Account, Target: f.Target, Object: f.ID, URI: f.URI}
		if f.Account == a.ID {
			e.Kind, e.Actor, e.Target = domain.EventFollowRejected, f.Target, f.Account
		}
		if err := tx.Emit(e); err != nil {
			return 0, err
		}
	}
	return most - len(ties), nil
}
