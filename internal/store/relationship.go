package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Relationships are how viewer stands to each of targets, in one statement
// and no order; unknown targets are left out.
func (r Reader) Relationships(ctx context.Context, viewer domain.ID, targets []domain.ID, now time.Time) ([]domain.Relationship, error) {
	scan := func(w row) (domain.Relationship, error) {
		var k domain.Relationship
		var mine, theirs *bool // pending; nil: none
		err := w.Scan(&k.Target, &k.Suspended, &mine, &k.ShowingReblogs, &k.Notifying, asJSON(&k.Languages), &theirs,
			&k.Blocking, &k.BlockedBy, &k.Muting, &k.MutingNotifications, &k.MutingExpiresAt, &k.DomainBlocking, &k.Endorsed, &k.Note)
		k.Following, k.Requested = mine != nil && !*mine, mine != nil && *mine
		k.FollowedBy, k.RequestedBy = theirs != nil && !*theirs, theirs != nil && *theirs
		return k, err
	}
	return all(ctx, r, scan, `SELECT a.id, a.suspended_at IS NOT NULL, f.pending, COALESCE(f.show_reblogs, FALSE), COALESCE(f.notify, FALSE), f.languages, t.pending,
			b.id IS NOT NULL, bb.id IS NOT NULL, m.id IS NOT NULL, COALESCE(m.hide_notifications, FALSE), m.expires_at,
			d.id IS NOT NULL, e.id IS NOT NULL, n.comment
		FROM accounts a
		LEFT JOIN follows f ON f.account_id = $1 AND f.target_id = a.id
		LEFT JOIN follows t ON t.account_id = a.id AND t.target_id = $1
		LEFT JOIN blocks b ON b.account_id = $1 AND b.target_id = a.id
		LEFT JOIN blocks bb ON bb.account_id = a.id AND bb.target_id = $1
		LEFT JOIN mutes m ON m.account_id = $1 AND m.target_id = a.id AND (m.expires_at IS NULL OR m.expires_at > $2)
		LEFT JOIN user_domain_blocks d ON d.account_id = $1 AND d.domain = a.domain AND a.domain <> ''
		LEFT JOIN endorsements e ON e.account_id = $1 AND e.target_id = a.id
		LEFT JOIN account_notes n ON n.account_id = $1 AND n.target_id = a.id
		WHERE a.id`+r.in(3)+` AND `+present, viewer, now, targets)
}
