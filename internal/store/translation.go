package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Translation is a status at that revision in a language, as it was kept, or
// domain.ErrNotFound.
func (r Reader) Translation(ctx context.Context, status domain.ID, rev int64, language string) (domain.Translation, error) {
	return one(ctx, r, func(w row) (domain.Translation, error) {
		var t domain.Translation
		return t, w.Scan(asJSON(&t))
	}, `SELECT t.value FROM translations t WHERE t.status_id = $1 AND t.language = $2 AND t.rev = $3`, status, language, rev)
}

// KeepTranslation keeps a translation of a status at that revision. A status
// that is gone by now is passed over.
func (tx *Tx) KeepTranslation(status domain.ID, rev int64, language string, t domain.Translation) error {
	_, err := tx.exec(`INSERT INTO translations (status_id, language, rev, value, created_at)
		SELECT s.id, $1, $2, $3, $4 FROM statuses s WHERE s.id = $5
		ON CONFLICT (status_id, language) DO UPDATE SET rev = excluded.rev, value = excluded.value, created_at = excluded.created_at`,
		language, rev, asJSON(t), tx.Now(), status)
	return err
}

// ForgetTranslations drops at most limit translations made before a time, and
// returns how many.
func (tx *Tx) ForgetTranslations(before time.Time, limit int) (int64, error) {
	return tx.exec(`DELETE FROM translations WHERE (status_id, language) IN (
		SELECT t.status_id, t.language FROM translations t WHERE t.created_at < $1 ORDER BY t.created_at LIMIT $2)`, before, limit)
}
