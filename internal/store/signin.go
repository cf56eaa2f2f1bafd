package store

import (
	"context"

	"coterie/internal/domain"
)

const signInColumns = `n.id, n.account_id, n.method, n.ip, n.user_agent, n.known, n.created_at`

func scanSignIn(w row) (domain.SignIn, error) {
	var s domain.SignIn
	return s, w.Scan(&s.ID, &s.Account, (*string)(&s.Method), &s.IP, &s.UserAgent, &s.Known, &s.CreatedAt)
}

// SignIn is one of an account.
func (r Reader) SignIn(ctx context.Context, account, id domain.ID) (domain.SignIn, error) {
	return one(ctx, r, scanSignIn, `SELECT `+signInColumns+` FROM sign_ins n WHERE n.account_id = $1 AND n.id = $2`, account, id)
}

// SignIns are the latest of an account, newest first.
func (r Reader) SignIns(ctx context.Context, account domain.ID, limit int) ([]domain.SignIn, error) {
	return all(ctx, r, scanSignIn, `SELECT `+signInColumns+` FROM sign_ins n WHERE n.account_id = $1 ORDER BY n.id DESC LIMIT $2`, account, limit)
}

// InsertSignIn notes that somebody signed in, and finds out whether from
// somewhere known.
func (tx *Tx) InsertSignIn(ctx context.Context, s *domain.SignIn) error {
	s.ID, s.CreatedAt = tx.NewID(), tx.Now()
	network := domain.Network(s.IP)
	var err error
	if s.Known, err = exists(ctx, tx.Reader, `SELECT 1 FROM sign_ins n WHERE n.account_id = $1 AND (n.user_agent = $2 OR n.network = $3) LIMIT 1`,
		s.Account, s.UserAgent, network); err != nil {
		return err
	}
	if !s.Known {
		other, err := exists(ctx, tx.Reader, `SELECT 1 FROM sign_ins n WHERE n.account_id = $1 LIMIT 1`, s.Account)
		if err != nil {
			return err
		}
		s.Known = !other
	}
	_, err = tx.exec(`INSERT INTO sign_ins (id, account_id, method, ip, network, user_agent, known, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.ID, s.Account, string(s.Method), s.IP, network, s.UserAgent, s.Known, s.CreatedAt)
	return err
}
