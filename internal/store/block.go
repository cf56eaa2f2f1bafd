package store

import (
	"context"

	"coterie/internal/domain"
)

// Blocks reports whether account blocks target.
func (r Reader) Blocks(ctx context.Context, account, target domain.ID) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM blocks WHERE account_id = $1 AND target_id = $2`, account, target)
}

// BlockedList are the accounts that account blocks.
func (r Reader) BlockedList(ctx context.Context, account domain.ID, p domain.Page) ([]Row, error) {
	return pageOf(ctx, r, p, scanRow,
		`SELECT b.id, b.target_id FROM blocks b WHERE b.account_id = $1 AND b.id > $2 AND b.id < $3 ORDER BY b.id DESC LIMIT $4`,
		`SELECT b.id, b.target_id FROM blocks b WHERE b.account_id = $1 AND b.id > $2 AND b.id < $3 ORDER BY b.id LIMIT $4`,
		account)
}

// InsertBlock stores a block, with the id that its server gave it or "", and
// reports whether it is new.
func (tx *Tx) InsertBlock(account, target domain.ID, uri string) (id domain.ID, isNew bool, err error) {
	id = tx.NewID()
	n, err := tx.exec(`INSERT INTO blocks (id, account_id, target_id, uri) VALUES ($1, $2, $3, $4) ON CONFLICT (account_id, target_id) DO NOTHING`,
		id, account, target, nullText(uri))
	return id, n > 0, err
}

// DeleteBlock removes a block and returns its id; ErrNotFound if there was none.
func (tx *Tx) DeleteBlock(account, target domain.ID) (domain.ID, error) {
	id, err := one(tx.ctx(), tx.Reader, column[domain.ID], `SELECT id FROM blocks WHERE account_id = $1 AND target_id = $2`, account, target)
	if err != nil {
		return 0, err
	}
	return id, tx.must(`DELETE FROM blocks WHERE id = $1`, id)
}

// BlockedByURI is whom account blocks by an activity of that id.
func (r Reader) BlockedByURI(ctx context.Context, account domain.ID, uri string) (domain.ID, error) {
	return one(ctx, r, column[domain.ID], `SELECT target_id FROM blocks WHERE uri = $1 AND account_id = $2`, uri, account)
}

// Unlist removes target from every list and endorsement of account's.
func (tx *Tx) Unlist(account, target domain.ID) error {
	if _, err := tx.exec(`DELETE FROM list_members WHERE account_id = $1 AND list_id IN (SELECT id FROM lists WHERE account_id = $2)`, target, account); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM endorsements WHERE account_id = $1 AND target_id = $2`, account, target)
	return err
}

// ForgetSender removes what target caused among account's notifications.
func (tx *Tx) ForgetSender(account, target domain.ID) error {
	if _, err := tx.exec(`DELETE FROM notification_requests WHERE account_id = $1 AND from_id = $2`, account, target); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM notifications WHERE account_id = $1 AND from_id = $2`, account, target)
	return err
}

// ForgetDomain is ForgetSender for everybody of a domain.
func (tx *Tx) ForgetDomain(account domain.ID, host string) error {
	_, err := tx.exec(`DELETE FROM notification_requests WHERE account_id = $1 AND from_id IN (SELECT a.id FROM accounts a WHERE a.domain = $2)`, account, host)
	if err != nil {
		return err
	}
	_, err = tx.exec(`DELETE FROM notifications WHERE account_id = $1 AND from_id IN (SELECT a.id FROM accounts a WHERE a.domain = $2)`, account, host)
	return err
}

// DomainBlocks are the domains that account hides.
func (r Reader) DomainBlocks(ctx context.Context, account domain.ID, p domain.Page) ([]DomainBlock, error) {
	scan := func(w row) (DomainBlock, error) {
		var d DomainBlock
		return d, w.Scan(&d.ID, &d.Domain)
	}
	return pageOf(ctx, r, p, scan,
		`SELECT id, domain FROM user_domain_blocks WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4`,
		`SELECT id, domain FROM user_domain_blocks WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4`,
		account)
}

// DomainBlock is one hidden domain.
type DomainBlock struct {
	ID     domain.ID
	Domain string
}

// InsertDomainBlock hides a domain and reports whether that is new.
func (tx *Tx) InsertDomainBlock(account domain.ID, host string) (bool, error) {
	n, err := tx.exec(`INSERT INTO user_domain_blocks (id, account_id, domain) VALUES ($1, $2, $3) ON CONFLICT (account_id, domain) DO NOTHING`,
		tx.NewID(), account, host)
	return n > 0, err
}

// DeleteDomainBlock shows a domain again and reports whether it was hidden.
func (tx *Tx) DeleteDomainBlock(account domain.ID, host string) (bool, error) {
	n, err := tx.exec(`DELETE FROM user_domain_blocks WHERE account_id = $1 AND domain = $2`, account, host)
	return n > 0, err
}

// TiesWith are the follows and requests between account and a domain, either way.
func (r Reader) TiesWith(ctx context.Context, account domain.ID, host string) ([]domain.Follow, error) {
	return all(ctx, r, scanFollow, `SELECT `+followColumns+` FROM follows f JOIN accounts a ON a.id = f.account_id
		WHERE f.target_id = $1 AND a.domain = $2
		UNION ALL SELECT `+followColumns+` FROM follows f JOIN accounts a ON a.id = f.target_id WHERE f.account_id = $1 AND a.domain = $2 ORDER BY 1`,
		account, host)
}
