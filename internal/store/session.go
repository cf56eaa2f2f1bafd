package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const sessionColumns = `s.id, s.account_id, s.token_id, s.ip, s.user_agent, s.created_at, s.seen_at`

func scanSession(w row) (domain.Session, error) {
	var s domain.Session
	err := w.Scan(&s.ID, &s.Account, &s.Token, &s.IP, &s.UserAgent, &s.CreatedAt, &s.SeenAt)
	return s, err
}

// SessionByHash finds a browser session by the hex SHA-256 of its text.
func (r Reader) SessionByHash(ctx context.Context, hash string) (domain.Session, error) {
	return one(ctx, r, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.hash = $1`, hash)
}

// Sessions are the browsers an account is signed in with, newest first.
func (r Reader) Sessions(ctx context.Context, account domain.ID) ([]domain.Session, error) {
	return all(ctx, r, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.account_id = $1 ORDER BY s.id DESC`, account)
}

// InsertSession stores a session, whose token is there already, under the hex
// SHA-256 of its text. Its account was seen that day: SawSession only tells
// of later ones.
func (tx *Tx) InsertSession(s *domain.Session, hash string) error {
	s.ID, s.CreatedAt, s.SeenAt = tx.NewID(), tx.Now(), tx.Now()
	_, err := tx.exec(`INSERT INTO sessions (id, hash, account_id, token_id, ip, user_agent, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.ID, hash, s.Account, s.Token, s.IP, s.UserAgent, s.CreatedAt, s.SeenAt)
	if err != nil {
		return err
	}
	return tx.sawAccount(s.Account)
}

// SweepSignIns ends sessions not used since idle and removes codes and
// ceremonies older than old, and of mailed links and of who signed in what is
// over by its nature.
func (tx *Tx) SweepSignIns(idle, old time.Time) error {
	stale, err := all(tx.t.ctx, tx.Reader, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.seen_at < $1 ORDER BY s.id LIMIT 1000`, idle)
	if err != nil {
		return err
	}
	for _, s := range stale {
		if err := tx.Revoke(s.Account, Revocation{Session: s.ID}); err != nil {
			return err
		}
	}
	if _, err = tx.exec(`DELETE FROM oauth_codes WHERE created_at < $1`, old); err != nil {
		return err
	}
	if err := tx.sweepCeremonies(old); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM sign_ins WHERE created_at < $1`, tx.now.Add(-domain.SignInsKept)); err != nil {
		return err
	}
	return tx.sweepMail()
}

// SawToken notes the day on which a token, and its account, was last used.
func (tx *Tx) SawToken(id, account domain.ID) error {
	if _, err := tx.exec(`UPDATE tokens SET used_at = $1 WHERE id = $2`, tx.now, id); err != nil {
		return err
	}
	return tx.sawAccount(account)
}

// SawSession notes the day on which a session, and its account, was last used.
func (tx *Tx) SawSession(id, account domain.ID) error {
	if _, err := tx.exec(`UPDATE sessions SET seen_at = $1 WHERE id = $2`, tx.now, id); err != nil {
		return err
	}
	return tx.sawAccount(account)
}

// dayOf is the day of a time, counted since the epoch.
func dayOf(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

func (tx *Tx) sawAccount(account domain.ID) error {
	if account == 0 {
		return nil
	}
	n, err := tx.exec(`UPDATE users SET seen_at = $1 WHERE account_id = $2 AND (seen_at IS NULL OR seen_at / 86400000 < $3)`,
		tx.now, account, dayOf(tx.now))
	if err != nil || n == 0 {
		return err
	}
	_, err = tx.exec(`INSERT INTO active_days (day, people) VALUES ($1, 1) ON CONFLICT (day) DO UPDATE SET people = active_days.people + 1`, dayOf(tx.now))
	return err
}
