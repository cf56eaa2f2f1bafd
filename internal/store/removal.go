package store

import (
	"context"

	"coterie/internal/domain"
)

// RemoveStatus deletes a post or boost and all that hangs on it, counts it
// off, has its boosts removed and tells of it. One that is gone by then is
// Conflict, so that the counters change once.
func (tx *Tx) RemoveStatus(p *domain.Status) error {
	quote, err := tx.Quote(tx.ctx(), p.ID)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return err
	}
	counts := CountsOf(p, -1)
	if quote.State == domain.QuoteAccepted {
		counts = append(counts, QuotesOf(quote.Quoted, -1))
	}
	if err := tx.Count(counts...); err != nil {
		return err
	}
	return tx.dropStatus(p, domain.JobRemoveBoosts)
}

// ForgetStatus is RemoveStatus without the counting, of its boosts too: what is
// forgotten here is still there where it comes from.
func (tx *Tx) ForgetStatus(p *domain.Status) error { return tx.dropStatus(p, domain.JobForgetBoosts) }

func (tx *Tx) dropStatus(p *domain.Status, boosts domain.JobKind) error {
	gone, err := tx.lastLook(p)
	if err != nil {
		return err
	}
	if err := tx.forgetQuoted(p.ID); err != nil {
		return err
	}
	err = tx.DeleteStatus(p.ID)
	if domain.Is(err, domain.NotFound) {
		return domain.Errorf(domain.Conflict, "This post is being deleted already")
	}
	if err != nil {
		return err
	}
	if p.ReblogOf == 0 {
		if err := tx.BoostsLater(boosts, p.ID); err != nil {
			return err
		}
		if err := tx.buryOurs(p); err != nil {
			return err
		}
	}
	return tx.Emit(domain.Event{Kind: domain.EventStatusDeleted, Actor: p.Account, Status: p.ID, Gone: gone})
}

// grave names a post of ours among the tombstones, whose addresses of others
// never look like it: no address of ours is stored.
func grave(account, status domain.ID) string {
	return "ours:" + account.String() + "/" + status.String()
}

// buryOurs remembers a post of ours that anybody could read. Of others nobody
// is told that they were there (SEC-28).
func (tx *Tx) buryOurs(p *domain.Status) error {
	if !p.Local || !p.Visibility.Listed() || p.LocalOnly {
		return nil
	}
	return tx.Bury(grave(p.Account, p.ID))
}

// Buried reports whether account had a post of that id that anybody could
// read and that was deleted.
func (r Reader) Buried(ctx context.Context, account, status domain.ID) (bool, error) {
	return r.Tombstoned(ctx, grave(account, status))
}

// lastLook is what fan-out must know of a post that will be gone.
func (tx *Tx) lastLook(p *domain.Status) (*domain.GoneStatus, error) {
	g := &domain.GoneStatus{URI: p.URI, Visibility: p.Visibility, LocalOnly: p.LocalOnly, ReblogOf: p.ReblogOf}
	if p.ReblogOf != 0 {
		return g, nil
	}
	ids := []domain.ID{p.ID}
	mentions, err := tx.Mentions(tx.ctx(), ids)
	if err != nil {
		return nil, err
	}
	for _, m := range mentions {
		g.Mentions = append(g.Mentions, m.Account)
	}
	tags, err := tx.StatusTags(tx.ctx(), ids)
	if err != nil {
		return nil, err
	}
	for _, t := range tags {
		g.Tags = append(g.Tags, t.Tag.Name)
	}
	g.Reached, err = tx.reached(p)
	return g, err
}

// reached are those elsewhere who know a post of ours for more than being
// named in it or following its author.
func (tx *Tx) reached(p *domain.Status) ([]domain.ID, error) {
	if !p.Local {
		return nil, nil
	}
	who, err := tx.Reached(tx.ctx(), p.ID)
	if err != nil || !p.Visibility.Listed() {
		return who, err
	}
	if p.InReplyToAccount != 0 {
		who = append(who, p.InReplyToAccount)
	}
	q, err := tx.Quote(tx.ctx(), p.ID)
	if domain.Is(err, domain.NotFound) {
		return who, nil
	}
	return append(who, q.QuotedAccount), err
}

// BoostsLater has the boosts of a deleted status removed, or of a forgotten one
// forgotten.
func (tx *Tx) BoostsLater(kind domain.JobKind, original domain.ID) error {
	_, err := tx.Enqueue(domain.Job{Kind: kind, Payload: `"` + original.String() + `"`, UniqueKey: original.String()})
	return err
}
