package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Standing is what decides whether an account hears of what another did
// (behaviours 13.3, 13.4).
type Standing struct {
	Recipient   bool // a local account that may log in
	Blocks      bool
	Mutes       bool // with notifications
	HidesDomain bool
	MutesThread bool
	SenderGone  bool
	// How high their roles stand; 0 for who does not live here.
	RecipientPosition, SenderPosition int
	Sender                            domain.Sender             // but for Private
	Policy                            domain.NotificationPolicy // of the recipient
	NamesHidden                       bool                      // the status mentions or answers somebody the recipient blocks
	Answers                           bool                      // the status answers the recipient
	Visible                           bool                      // the recipient may see the status; true without one
}

// Standing is how sender stands to recipient, with regard to a status unless
// that is 0.
func (r Reader) Standing(ctx context.Context, recipient, sender, status domain.ID, now time.Time) (Standing, error) {
	scan := func(w row) (Standing, error) {
		var k Standing
		into := []any{
			&k.Recipient, &k.Blocks, &k.Mutes, &k.HidesDomain, &k.MutesThread, &k.SenderGone, &k.NamesHidden, &k.Answers, &k.Visible,
			&k.RecipientPosition, &k.SenderPosition,
			&k.Sender.Followed, &k.Sender.FollowedBack, &k.Sender.Since, &k.Sender.Limited, &k.Sender.Bot, &k.Sender.Permitted,
		}
		err := w.Scan(append(into, policyFields(&k.Policy)...)...)
		if k.Policy == (domain.NotificationPolicy{}) {
			k.Policy = domain.DefaultNotificationPolicy()
		}
		return k, err
	}
	return one(ctx, r, scan, `SELECT
			EXISTS (SELECT 1 FROM users u JOIN accounts me ON me.id = u.account_id WHERE u.account_id = $1 AND me.suspended_at IS NULL),
			EXISTS (SELECT 1 FROM blocks WHERE account_id = $1 AND target_id = a.id),
			EXISTS (SELECT 1 FROM mutes WHERE account_id = $1 AND target_id = a.id AND hide_notifications AND (expires_at IS NULL OR expires_at > $2)),
			EXISTS (SELECT 1 FROM user_domain_blocks d WHERE d.account_id = $1 AND d.domain = a.domain AND a.domain <> ''),
			EXISTS (SELECT 1 FROM thread_mutes tm JOIN statuses s ON s.conversation_id = tm.conversation_id WHERE tm.account_id = $1 AND s.id = $3),
			a.suspended_at IS NOT NULL,
			EXISTS (SELECT 1 FROM mentions m JOIN blocks b ON b.target_id = m.account_id WHERE m.status_id = $3 AND b.account_id = $1)
				OR EXISTS (SELECT 1 FROM statuses s JOIN blocks b ON b.target_id = s.in_reply_to_account_id WHERE s.id = $3 AND b.account_id = $1),
			EXISTS (SELECT 1 FROM statuses s WHERE s.id = $3 AND s.in_reply_to_account_id = $1),
			$3 = 0 OR EXISTS (SELECT 1 FROM statuses s JOIN accounts sa ON sa.id = s.account_id WHERE s.id = $3 AND `+visible("s", "sa", 1)+`),
			COALESCE((SELECT ro.position FROM users ru JOIN roles ro ON ro.key = ru.role WHERE ru.account_id = $1), 0),
			COALESCE((SELECT ro.position FROM users su JOIN roles ro ON ro.key = su.role WHERE su.account_id = a.id), 0),
			EXISTS (SELECT 1 FROM follows WHERE account_id = $1 AND target_id = a.id AND NOT pending),
			(SELECT created_at FROM follows WHERE account_id = a.id AND target_id = $1 AND NOT pending),
			a.created_at, a.silenced_at IS NOT NULL, a.bot,
			EXISTS (SELECT 1 FROM notification_permissions WHERE account_id = $1 AND from_id = a.id),
			`+verdictColumns+`
		FROM accounts a LEFT JOIN notification_policies p ON p.account_id = $1 WHERE a.id = $4`, recipient, now, status, sender)
}
