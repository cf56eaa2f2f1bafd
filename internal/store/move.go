package store

import (
	"context"

	"coterie/internal/domain"
)

// FollowedHere reports whether somebody here follows the account.
func (r Reader) FollowedHere(ctx context.Context, account domain.ID) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM follows f JOIN accounts a ON a.id = f.account_id
		WHERE f.target_id = $1 AND NOT f.pending AND a.domain = '' LIMIT 1`, account)
}

// FollowersHere are follows of the account by people here; at most limit.
func (r Reader) FollowersHere(ctx context.Context, account domain.ID, limit int) ([]domain.Follow, error) {
	return all(ctx, r, scanFollow, `SELECT `+followColumns+` FROM follows f JOIN accounts a ON a.id = f.account_id
		WHERE f.target_id = $1 AND NOT f.pending AND a.domain = '' ORDER BY f.id LIMIT $2`, account, limit)
}

// AvoidersHere are people here who block or mute the account, with ids above
// after, in order; at most limit.
func (r Reader) AvoidersHere(ctx context.Context, account, after domain.ID, limit int) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT a.id FROM accounts a WHERE a.domain = '' AND a.id IN (
			SELECT account_id FROM blocks WHERE target_id = $1 UNION SELECT account_id FROM mutes WHERE target_id = $1)
		AND a.id > $2 ORDER BY a.id LIMIT $3`, account, after, limit)
}
