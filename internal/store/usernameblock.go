package store

import (
	"context"

	"coterie/internal/domain"
)

const usernameBlockColumns = `b.id, b.username, b.exact, b.allow_with_approval, b.created_at`

func scanUsernameBlock(w row) (domain.UsernameBlock, error) {
	var b domain.UsernameBlock
	return b, w.Scan(&b.ID, &b.Username, &b.Exact, &b.AllowApproval, &b.CreatedAt)
}

// UsernameBlocks are the names that nobody gets, newest first.
func (r Reader) UsernameBlocks(ctx context.Context, p domain.Page) ([]domain.UsernameBlock, error) {
	text := func(order string) string {
		return `SELECT ` + usernameBlockColumns + ` FROM username_blocks b WHERE $1 AND b.id > $2 AND b.id < $3 ORDER BY b.id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanUsernameBlock, text("DESC"), text(""), true)
}

// UsernameBlock is the one with that id.
func (r Reader) UsernameBlock(ctx context.Context, id domain.ID) (domain.UsernameBlock, error) {
	return one(ctx, r, scanUsernameBlock, `SELECT `+usernameBlockColumns+` FROM username_blocks b WHERE b.id = $1`, id)
}

// UsernameBlockOf is the hardest block that a name meets.
func (r Reader) UsernameBlockOf(ctx context.Context, username string) (domain.UsernameBlock, error) {
	return one(ctx, r, scanUsernameBlock, `SELECT `+usernameBlockColumns+` FROM username_blocks b
		WHERE b.folded = $1 OR NOT b.exact AND replace($1, b.folded, '') <> $1 ORDER BY b.allow_with_approval, b.id LIMIT 1`, domain.FoldName(username))
}

// InsertUsernameBlock stores a block; one that is there is Invalid.
func (tx *Tx) InsertUsernameBlock(b *domain.UsernameBlock) error {
	b.ID, b.CreatedAt = tx.NewID(), tx.Now()
	n, err := tx.exec(`INSERT INTO username_blocks (id, username, folded, exact, allow_with_approval, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (folded, exact) DO NOTHING`, b.ID, b.Username, domain.FoldName(b.Username), b.Exact, b.AllowApproval, b.CreatedAt)
	return orTaken(n, err, "Username")
}

// DeleteUsernameBlock removes a block.
func (tx *Tx) DeleteUsernameBlock(id domain.ID) error {
	return tx.must(`DELETE FROM username_blocks WHERE id = $1`, id)
}
