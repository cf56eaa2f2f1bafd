package store

import (
	"context"

	"coterie/internal/domain"
)

// InsertSeverance stores a decision that ends follows and gives it id and time.
func (tx *Tx) InsertSeverance(s *domain.Severance) error {
	s.ID, s.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO severances (id, type, target, created_at) VALUES ($1, $2, $3, $4)`, s.ID, string(s.Type), s.Target, s.CreatedAt)
	return err
}

// KeepSevered remembers a follow that a severance ended, for local, the one of
// the two who is here.
func (tx *Tx) KeepSevered(severance, local domain.ID, f *domain.Follow) error {
	var languages any
	if f.Languages != nil {
		languages = asJSON(f.Languages)
	}
	_, err := tx.exec(`INSERT INTO severed_follows (severance_id, local_id, account_id, target_id, show_reblogs, notify, languages)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		severance, local, f.Account, f.Target, f.ShowReblogs, f.Notify, languages)
	return err
}

// SeveredPeople are the people here who lost follows by a severance.
func (r Reader) SeveredPeople(ctx context.Context, severance domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT DISTINCT local_id FROM severed_follows WHERE severance_id = $1 ORDER BY local_id`, severance)
}

// SeveredTies are what those of the severances ended for account. One whose
// follows are no longer known has none.
func (r Reader) SeveredTies(ctx context.Context, account domain.ID, severances []domain.ID) ([]domain.SeveredTies, error) {
	return all(ctx, r, scanSeveredTies, `SELECT `+severedTies+` FROM severances v LEFT JOIN severed_follows f ON f.severance_id = v.id AND f.local_id = $1
		WHERE v.id`+r.in(2)+` GROUP BY v.id, v.type, v.target, v.created_at`, account, severances)
}

const severedTies = `v.id, v.type, v.target, v.created_at,
	COUNT(f.target_id) FILTER (WHERE f.target_id = $1), COUNT(f.account_id) FILTER (WHERE f.account_id = $1)`

func scanSeveredTies(w row) (domain.SeveredTies, error) {
	var t domain.SeveredTies
	err := w.Scan(&t.ID, (*string)(&t.Type), &t.Target, &t.CreatedAt, &t.Followers, &t.Following)
	return t, err
}

// LatestSevered are what the latest severances ended for account, newest first.
func (r Reader) LatestSevered(ctx context.Context, account domain.ID, limit int) ([]domain.SeveredTies, error) {
	return all(ctx, r, scanSeveredTies, `SELECT `+severedTies+` FROM severances v JOIN severed_follows f ON f.severance_id = v.id
		WHERE f.local_id = $1 GROUP BY v.id, v.type, v.target, v.created_at ORDER BY v.id DESC LIMIT $2`, account, limit)
}

// PortableSevered are the accounts that account followed until a severance, or
// with followers those that followed it.
func (r Reader) PortableSevered(ctx context.Context, severance domain.ID, followers bool, account, after domain.ID, limit int) ([]Portable, error) {
	own, other := "account_id", "target_id"
	if followers {
		own, other = other, own
	}
	return all(ctx, r, scanPortableFollow, `SELECT a.id, a.id, a.username, a.domain, f.show_reblogs, f.notify, f.languages
		FROM severed_follows f JOIN accounts a ON a.id = f.`+other+`
		WHERE f.severance_id = $1 AND f.local_id = $2 AND f.`+own+` = $2 AND a.id > $3 ORDER BY a.id LIMIT $4`, severance, account, after, limit)
}

// TakeSevered are at most limit follows that severances of that kind and
// target ended and that were not brought back; from now on they count as such.
func (tx *Tx) TakeSevered(kind domain.SeveranceType, target string, limit int) ([]domain.Follow, error) {
	return all(tx.ctx(), tx.Reader, func(w row) (domain.Follow, error) {
		var f domain.Follow
		return f, w.Scan(&f.Account, &f.Target, &f.ShowReblogs, &f.Notify, asJSON(&f.Languages))
	}, `UPDATE severed_follows SET restored_at = $1 WHERE (severance_id, local_id, account_id, target_id) IN (
			SELECT f.severance_id, f.local_id, f.account_id, f.target_id FROM severed_follows f JOIN severances v ON v.id = f.severance_id
			WHERE v.type = $2 AND v.target = $3 AND f.restored_at IS NULL ORDER BY f.severance_id, f.account_id, f.target_id LIMIT $4)
		RETURNING account_id, target_id, show_reblogs, notify, languages`, tx.Now(), string(kind), target, limit)
}

// Apart reports whether one of two accounts blocks the other, or its domain.
func (r Reader) Apart(ctx context.Context, one, other domain.ID) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM blocks b WHERE b.account_id = $1 AND b.target_id = $2 OR b.account_id = $2 AND b.target_id = $1
		UNION ALL SELECT 1 FROM user_domain_blocks d JOIN accounts a ON a.domain = d.domain AND a.domain <> ''
			WHERE d.account_id = $1 AND a.id = $2 OR d.account_id = $2 AND a.id = $1`, one, other)
}
