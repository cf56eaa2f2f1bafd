package store

import (
	"context"

	"coterie/internal/domain"
)

const inviteColumns = `i.id, i.account_id, i.code, i.note, i.max_uses, i.uses, i.follow, i.expires_at, i.revoked_at, i.created_at`

func scanInvite(w row) (domain.Invite, error) {
	var i domain.Invite
	err := w.Scan(&i.ID, &i.Account, &i.Code, &i.Note, &i.MaxUses, &i.Uses, &i.Follow, &i.ExpiresAt, &i.RevokedAt, &i.CreatedAt)
	return i, err
}

// Invite is the invitation with that id, open or not.
func (r Reader) Invite(ctx context.Context, id domain.ID) (domain.Invite, error) {
	return one(ctx, r, scanInvite, `SELECT `+inviteColumns+` FROM invites i WHERE i.id = $1`, id)
}

// InviteByCode is the invitation with that code, open or not.
func (r Reader) InviteByCode(ctx context.Context, code string) (domain.Invite, error) {
	return one(ctx, r, scanInvite, `SELECT `+inviteColumns+` FROM invites i WHERE i.code = $1`, code)
}

// Invites are the newest invitations that the account made, at most limit.
func (r Reader) Invites(ctx context.Context, account domain.ID, limit int) ([]domain.Invite, error) {
	return all(ctx, r, scanInvite, `SELECT `+inviteColumns+` FROM invites i WHERE i.account_id = $1 ORDER BY i.id DESC LIMIT $2`, account, limit)
}

// InsertInvite stores an invitation and sets its id.
func (tx *Tx) InsertInvite(i *domain.Invite) error {
	i.ID, i.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO invites (id, account_id, code, note, max_uses, follow, expires_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		i.ID, i.Account, i.Code, i.Note, i.MaxUses, i.Follow, i.ExpiresAt, i.CreatedAt)
	return err
}

// UseInvite counts somebody who joins by the invitation; false says that it is
// not open any more (SEC-46).
func (tx *Tx) UseInvite(id domain.ID) (bool, error) {
	n, err := tx.exec(`UPDATE invites SET uses = uses + 1 WHERE id = $1 AND revoked_at IS NULL
		AND (max_uses = 0 OR uses < max_uses) AND (expires_at IS NULL OR expires_at > $2)`, id, tx.now)
	return n == 1, err
}

// RevokeInvite ends an invitation; one that has ended stays as it is.
func (tx *Tx) RevokeInvite(id domain.ID) error {
	_, err := tx.exec(`UPDATE invites SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL`, tx.now, id)
	return err
}
