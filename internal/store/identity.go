package store

import (
	"context"

	"coterie/internal/domain"
)

const identityColumns = `i.id, i.account_id, i.issuer, i.subject, i.name, i.created_at`

func scanIdentity(w row) (domain.Identity, error) {
	var i domain.Identity
	err := w.Scan(&i.ID, &i.Account, &i.Issuer, &i.Subject, &i.Name, &i.CreatedAt)
	return i, err
}

// IdentityBySubject finds an identity by what its provider knows it as.
func (r Reader) IdentityBySubject(ctx context.Context, issuer, subject string) (domain.Identity, error) {
	return one(ctx, r, scanIdentity, `SELECT `+identityColumns+` FROM identities i WHERE i.issuer = $1 AND i.subject = $2`, issuer, subject)
}

// Identities are those of an account, oldest first.
func (r Reader) Identities(ctx context.Context, account domain.ID) ([]domain.Identity, error) {
	return all(ctx, r, scanIdentity, `SELECT `+identityColumns+` FROM identities i WHERE i.account_id = $1 ORDER BY i.id`, account)
}

// InsertIdentity stores an identity and sets its id; one that is somebody's
// already is a Conflict.
func (tx *Tx) InsertIdentity(i *domain.Identity) error {
	i.ID, i.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO identities (id, account_id, issuer, subject, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		i.ID, i.Account, i.Issuer, i.Subject, i.Name, i.CreatedAt)
	return err
}

// DeleteIdentity removes an identity of the account.
func (tx *Tx) DeleteIdentity(account, id domain.ID) error {
	return tx.must(`DELETE FROM identities WHERE id = $1 AND account_id = $2`, id, account)
}
