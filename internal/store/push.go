package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const pushColumns = `p.id, p.token_id, p.account_id, p.endpoint, p.app_key, p.auth, p.standard, p.alerts, p.policy, p.bearer,
	p.failures, p.next_try, p.created_at`

func pushFields(p *domain.PushSubscription) []any {
	return []any{
		&p.ID, &p.Token, &p.Account, &p.Endpoint, &p.Key, &p.Auth, &p.Standard, asJSON(&p.Alerts), (*string)(&p.Policy), &p.Bearer,
		&p.Failures, &p.NextTry, &p.CreatedAt,
	}
}

func scanPush(w row) (domain.PushSubscription, error) {
	var p domain.PushSubscription
	return p, w.Scan(pushFields(&p)...)
}

// PushSubscriptionOf is that of an access token.
func (r Reader) PushSubscriptionOf(ctx context.Context, token domain.ID) (domain.PushSubscription, error) {
	return one(ctx, r, scanPush, `SELECT `+pushColumns+` FROM push_subscriptions p WHERE p.token_id = $1`, token)
}

// PushSubscriptions are those of an account, oldest first.
func (r Reader) PushSubscriptions(ctx context.Context, account domain.ID) ([]domain.PushSubscription, error) {
	return all(ctx, r, scanPush, `SELECT `+pushColumns+` FROM push_subscriptions p WHERE p.account_id = $1 ORDER BY p.id`, account)
}

// PushTarget is a subscription that may be sent to, and in which language.
type PushTarget struct {
	domain.PushSubscription
	Locale string
}

// PushTarget is the subscription with that id if its token is good and its
// owner may act; else ErrNotFound.
func (r Reader) PushTarget(ctx context.Context, id domain.ID) (PushTarget, error) {
	return one(ctx, r, func(w row) (PushTarget, error) {
		var t PushTarget
		return t, w.Scan(append(pushFields(&t.PushSubscription), &t.Locale)...)
	}, `SELECT `+pushColumns+`, u.locale FROM push_subscriptions p JOIN tokens t ON t.id = p.token_id
		JOIN users u ON u.account_id = p.account_id JOIN accounts a ON a.id = p.account_id
		WHERE p.id = $1 AND t.revoked_at IS NULL AND u.disabled_at IS NULL AND a.suspended_at IS NULL`, id)
}

// SavePushSubscription stores p in place of the one that its token had. Those
// that the account has beyond most go, the oldest first.
func (tx *Tx) SavePushSubscription(p *domain.PushSubscription, most int) error {
	p.ID, p.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO push_subscriptions (id, token_id, account_id, endpoint, app_key, auth, standard, alerts, policy, bearer, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (token_id) DO UPDATE SET id = excluded.id, endpoint = excluded.endpoint, app_key = excluded.app_key, auth = excluded.auth,
			standard = excluded.standard, alerts = excluded.alerts, policy = excluded.policy, bearer = excluded.bearer,
			failures = 0, next_try = NULL, created_at = excluded.created_at`,
		p.ID, p.Token, p.Account, p.Endpoint, p.Key, p.Auth, p.Standard, asJSON(p.Alerts), p.Policy, p.Bearer, p.CreatedAt)
	if err != nil {
		return err
	}
	_, err = tx.exec(`DELETE FROM push_subscriptions WHERE account_id = $1 AND id NOT IN (
		SELECT p.id FROM push_subscriptions p WHERE p.account_id = $1 ORDER BY p.id DESC LIMIT $2)`, p.Account, most)
	return err
}

// ChangePushSubscription replaces what a token's app wants to hear.
func (tx *Tx) ChangePushSubscription(token domain.ID, alerts []domain.NotificationType, policy domain.PushPolicy) error {
	return tx.must(`UPDATE push_subscriptions SET alerts = $1, policy = $2 WHERE token_id = $3`, asJSON(alerts), policy, token)
}

// DeletePushSubscriptionOf removes that of a token, if it has one.
func (tx *Tx) DeletePushSubscriptionOf(token domain.ID) error {
	_, err := tx.exec(`DELETE FROM push_subscriptions WHERE token_id = $1`, token)
	return err
}

// DeletePushSubscription removes a subscription unless it has been replaced.
func (tx *Tx) DeletePushSubscription(id domain.ID) error {
	_, err := tx.exec(`DELETE FROM push_subscriptions WHERE id = $1`, id)
	return err
}

// PushFailed notes that the endpoint did not take a message and when it is
// tried again.
func (tx *Tx) PushFailed(id domain.ID, next time.Time) error {
	_, err := tx.exec(`UPDATE push_subscriptions SET failures = failures + 1, next_try = $1 WHERE id = $2`, next, id)
	return err
}

// PushWorked notes that it did.
func (tx *Tx) PushWorked(id domain.ID) error {
	_, err := tx.exec(`UPDATE push_subscriptions SET failures = 0, next_try = NULL WHERE id = $1 AND failures > 0`, id)
	return err
}
