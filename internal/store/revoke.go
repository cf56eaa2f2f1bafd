package store

import (
	"encoding/json"

	"coterie/internal/domain"
)

// TopicControl carries what must bite at once in every process: its payload
// is a Revoked as JSON. A listener that may have missed one drops all it knows.
const TopicControl = "control"

// Revoked says whose access changed.
type Revoked struct {
	Account domain.ID `json:"account,omitempty"` // 0: an app's own tokens
	Token   domain.ID `json:"token,omitempty"`   // 0: any of the account
}

// Revocation names what ends. The zero value ends every session and token of
// the account, sign-ins of which only the first half is done, and mailed links
// to set a new password.
type Revocation struct {
	App     domain.ID // only the tokens of this app
	Token   domain.ID // only this token
	Session domain.ID // only this session
	// KeepToken and KeepSession survive: those that asked.
	KeepToken, KeepSession domain.ID
}

// Revoke ends sessions and tokens of who, 0 for a token that has no account,
// and the push subscriptions of those tokens, and after the commit says so on
// TopicControl. It is the only place where access ends (design section 4). What
// ends alone is told alone: streams opened with another token go on.
func (tx *Tx) Revoke(who domain.ID, what Revocation) error {
	switch {
	case what.Token != 0:
		return tx.endTokens(who, `id = $2`, what.Token)
	case what.Session != 0:
		err := tx.endTokens(who, `id IN (SELECT s.token_id FROM sessions s WHERE s.id = $2 AND s.account_id = $3)`, what.Session, who)
		if err != nil {
			return err
		}
		_, err = tx.exec(`DELETE FROM sessions WHERE id = $1 AND account_id = $2`, what.Session, who)
		return err
	case what.App != 0:
		if _, err := tx.exec(`DELETE FROM oauth_codes WHERE account_id = $1 AND app_id = $2`, who, what.App); err != nil {
			return err
		}
		return tx.endTokens(who, `account_id = $2 AND app_id = $3`, who, what.App)
	}
	if err := tx.revokeAll(who, what); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM push_subscriptions WHERE token_id IN (
		SELECT t.id FROM tokens t WHERE t.account_id = $1 AND t.revoked_at IS NOT NULL)`, who)
	if err != nil {
		return err
	}
	return tx.AccessChanged(who, 0)
}

// endTokens revokes the tokens of a condition, whose arguments begin at $2,
// and says so of each.
func (tx *Tx) endTokens(who domain.ID, condition string, args ...any) error {
	ended, err := all(tx.ctx(), tx.Reader, column[domain.ID], `UPDATE tokens SET revoked_at = $1 WHERE revoked_at IS NULL AND `+condition+` RETURNING id`,
		append([]any{tx.now}, args...)...)
	if err != nil {
		return err
	}
	for _, id := range ended {
		if _, err := tx.exec(`DELETE FROM push_subscriptions WHERE token_id = $1`, id); err != nil {
			return err
		}
		if err := tx.AccessChanged(who, id); err != nil {
			return err
		}
	}
	return nil
}

// revokeAll ends what an account has, but for what is to be kept.
func (tx *Tx) revokeAll(who domain.ID, what Revocation) error {
	if _, err := tx.exec(`DELETE FROM oauth_codes WHERE account_id = $1`, who); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM ceremonies WHERE account_id = $1 AND kind IN ($2, $3)`,
		who, string(domain.CeremonySecondFactor), string(domain.CeremonyFirstFactor)); err != nil {
		return err
	}
	if _, err := tx.SpendMailSecrets(who, domain.MailReset); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM sessions WHERE account_id = $1 AND id <> $2`, who, what.KeepSession); err != nil {
		return err
	}
	_, err := tx.exec(`UPDATE tokens SET revoked_at = $1 WHERE account_id = $2 AND id <> $3 AND revoked_at IS NULL
		AND id NOT IN (SELECT s.token_id FROM sessions s WHERE s.account_id = $4)`, tx.now, who, what.KeepToken, who)
	return err
}

// AccessChanged says after the commit that what an account, or one of its
// tokens, may do is no longer what it was.
func (tx *Tx) AccessChanged(account, token domain.ID) error {
	b, err := json.Marshal(Revoked{Account: account, Token: token})
	if err != nil {
		return err
	}
	tx.Notify(TopicControl, string(b))
	return nil
}
