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
	Domain    string    `json:"domain,omitempty"`
	Account   domain.ID `json:"account,omitempty"` // instead: one that was suspended
	After     domain.ID `json:"after,omitempty"`
	Severance domain.ID `json:"severance,omitempty"` // 0: no follow was ended yet
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
		if ref.Account != 0 {
			return endTies(ctx, tx, ref)
		}
		policies, err := policiesOf(ctx, tx.Reader)
		if err != nil {
			return err
		}
		list, err := tx.AccountsUnder(ctx, ref.Domain, ref.After, policyBatch)
		if err != nil {
			return fmt.Errorf("find the accounts of %s: %w", ref.Domain, err)
		}
		if ref.After == 0 && holding(policies, ref.Domain).RejectMedia {
			if err := tx.DropEmojis(ref.Domain); err != nil {
				return fmt.Errorf("drop the emojis of %s: %w", ref.Domain, err)
			}
		}
		next, ties := ref, tieBatch
		for i := range list {
			if ties, err = apply(ctx, tx, policies, &list[i], ties, &next); err != nil {
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
		if holding(policies, ref.Domain).Severity != domain.SeveritySuspend {
			return restoreLater(tx, restoreRef{Type: domain.SeveredByDomainBlock, Target: ref.Domain})
		}
		return tellSevered(tx, &next)
	})
}

func tellSevered(tx *store.Tx, ref *policyRef) error {
	if ref.Severance == 0 {
		return nil
	}
	return tx.Emit(domain.Event{Kind: domain.EventSevered, Object: ref.Severance})
}

// endTies ends the follows by one account elsewhere that is suspended: its
// server goes on and must not get what is for followers.
func endTies(ctx context.Context, tx *store.Tx, ref policyRef) error {
	a, err := tx.Account(ctx, ref.Account)
	if domain.Is(err, domain.NotFound) || err == nil && !a.Suspended() {
		return nil
	}
	if err != nil {
		return err
	}
	ties, err := tx.FollowsBy(ctx, a.ID, tieBatch)
	if err != nil {
		return err
	}
	left, err := sever(ctx, tx, &a, ties, tieBatch, &ref)
	if err != nil {
		return fmt.Errorf("end the follows of %s: %w", a.Acct(), err)
	}
	if left <= 0 {
		return applyLater(tx, ref)
	}
	return tellSevered(tx, &ref)
}

// apply makes one account what the policies say; ties is how many follows may
// still be ended, and it returns how many are left then.
func apply(ctx context.Context, tx *store.Tx, policies map[string]domain.DomainPolicy, a *domain.Account, ties int, ref *policyRef) (int, error) {
	severity, rejects, err := rulesOf(ctx, tx, policies, a)
	if err != nil {
		return 0, err
	}
	if rejects {
		if err := tx.DropMedia(a.ID); err != nil {
			return 0, fmt.Errorf("drop the media: %w", err)
		}
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
	list, err := tx.Ties(ctx, a.ID, ties)
	if err != nil {
		return 0, fmt.Errorf("find the follows: %w", err)
	}
	return sever(ctx, tx, a, list, ties, ref)
}

// rulesOf is the harder of what holds for the host of an account's handle and
// for that of its id, and whether media of either are shown.
func rulesOf(ctx context.Context, tx *store.Tx, policies map[string]domain.DomainPolicy, a *domain.Account) (severity domain.Severity, rejects bool, err error) {
	actor, err := tx.Actor(ctx, a.ID)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return "", false, err
	}
	p, q := holding(policies, a.Domain), holding(policies, actor.Host)
	one, other, rejects := p.Severity, q.Severity, p.RejectMedia || q.RejectMedia
	for _, s := range []domain.Severity{domain.SeveritySuspend, domain.SeverityLimit} {
		if one == s || other == s {
			return s, rejects, nil
		}
	}
	return domain.SeverityNone, rejects, nil
}

// sever ends these follows and requests of a suspended account, of at most
// most. Whose they were is told, and kept for the case that the decision is
// taken back. What its server should be told goes the usual way, where
// it is refused.
func sever(ctx context.Context, tx *store.Tx, a *domain.Account, ties []domain.Follow, most int, ref *policyRef) (int, error) {
	for _, t := range ties {
		f, err := tx.DeleteFollow(t.Account, t.Target)
		if err != nil {
			return 0, fmt.Errorf("end a follow: %w", err)
		}
		if !f.Pending {
			if err := tx.CountFollow(f.Account, f.Target, -1); err != nil {
				return 0, fmt.Errorf("count a follow off: %w", err)
			}
			if err := keepSevered(ctx, tx, ref, a, &f); err != nil {
				return 0, fmt.Errorf("keep what was ended: %w", err)
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

// keepSevered remembers a follow of or by the suspended account a that has
// ended. Between two accounts of other servers there is nobody to tell.
func keepSevered(ctx context.Context, tx *store.Tx, ref *policyRef, a *domain.Account, f *domain.Follow) error {
	other := f.Account
	if other == a.ID {
		other = f.Target
	}
	local, err := tx.Account(ctx, other)
	if err != nil || !local.Local() {
		return err
	}
	if ref.Severance == 0 {
		v := domain.Severance{Type: domain.SeveredByDomainBlock, Target: ref.Domain}
		if ref.Account != 0 {
			v = domain.Severance{Type: domain.SeveredByAccount, Target: a.Acct()}
		}
		if err := tx.InsertSeverance(&v); err != nil {
			return err
		}
		ref.Severance = v.ID
	}
	return tx.KeepSevered(ref.Severance, other, f)
}
