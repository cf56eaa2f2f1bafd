package store

import (
	"context"
	"net/netip"
	"time"

	"coterie/internal/domain"
)

const emailDomainColumns = `b.id, b.domain, b.allow_with_approval, b.created_at`

func scanEmailDomain(w row) (domain.EmailDomainBlock, error) {
	var b domain.EmailDomainBlock
	return b, w.Scan(&b.ID, &b.Domain, &b.AllowApproval, &b.CreatedAt)
}

// EmailDomainBlocks are the blocks of e-mail domains, newest first.
func (r Reader) EmailDomainBlocks(ctx context.Context, p domain.Page) ([]domain.EmailDomainBlock, error) {
	text := func(order string) string {
		return `SELECT ` + emailDomainColumns + ` FROM email_domain_blocks b WHERE $1 AND b.id > $2 AND b.id < $3 ORDER BY b.id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanEmailDomain, text("DESC"), text(""), true)
}

// EmailDomainBlock is the one with that id.
func (r Reader) EmailDomainBlock(ctx context.Context, id domain.ID) (domain.EmailDomainBlock, error) {
	return one(ctx, r, scanEmailDomain, `SELECT `+emailDomainColumns+` FROM email_domain_blocks b WHERE b.id = $1`, id)
}

// EmailDomainBlockOf is the block of the longest of these domains.
func (r Reader) EmailDomainBlockOf(ctx context.Context, domains []string) (domain.EmailDomainBlock, error) {
	return one(ctx, r, scanEmailDomain, `SELECT `+emailDomainColumns+` FROM email_domain_blocks b WHERE b.domain`+r.inText(1)+`
		ORDER BY length(b.domain) DESC LIMIT 1`, domains)
}

// InsertEmailDomainBlock stores a block; one that is there is Conflict.
func (tx *Tx) InsertEmailDomainBlock(b *domain.EmailDomainBlock) error {
	b.ID, b.CreatedAt = tx.NewID(), tx.Now()
	n, err := tx.exec(`INSERT INTO email_domain_blocks (id, domain, allow_with_approval, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (domain) DO NOTHING`,
		b.ID, b.Domain, b.AllowApproval, b.CreatedAt)
	return orTaken(n, err, "Domain")
}

func orTaken(n int64, err error, what string) error {
	if err == nil && n == 0 {
		return domain.Errorf(domain.Invalid, "Validation failed: %s has already been taken", what)
	}
	return err
}

// DeleteEmailDomainBlock removes a block.
func (tx *Tx) DeleteEmailDomainBlock(id domain.ID) error {
	return tx.must(`DELETE FROM email_domain_blocks WHERE id = $1`, id)
}

func scanCanonical(w row) (domain.CanonicalEmailBlock, error) {
	var b domain.CanonicalEmailBlock
	return b, w.Scan(&b.ID, &b.Hash)
}

// CanonicalEmailBlocks are the blocks of single addresses, newest first; of
// one hash alone unless that is empty.
func (r Reader) CanonicalEmailBlocks(ctx context.Context, hash string, p domain.Page) ([]domain.CanonicalEmailBlock, error) {
	text := func(order string) string {
		return `SELECT b.id, b.hash FROM canonical_email_blocks b WHERE (b.hash = $1 OR $1 = '') AND b.id > $2 AND b.id < $3 ORDER BY b.id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanCanonical, text("DESC"), text(""), hash)
}

// CanonicalEmailBlock is the one with that id.
func (r Reader) CanonicalEmailBlock(ctx context.Context, id domain.ID) (domain.CanonicalEmailBlock, error) {
	return one(ctx, r, scanCanonical, `SELECT b.id, b.hash FROM canonical_email_blocks b WHERE b.id = $1`, id)
}

// InsertCanonicalEmailBlock stores a block; one that is there is Invalid.
func (tx *Tx) InsertCanonicalEmailBlock(b *domain.CanonicalEmailBlock) error {
	b.ID = tx.NewID()
	n, err := tx.exec(`INSERT INTO canonical_email_blocks (id, hash) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, b.ID, b.Hash)
	return orTaken(n, err, "Canonical email hash")
}

// DeleteCanonicalEmailBlock removes a block.
func (tx *Tx) DeleteCanonicalEmailBlock(id domain.ID) error {
	return tx.must(`DELETE FROM canonical_email_blocks WHERE id = $1`, id)
}

const ipBlockColumns = `b.id, b.network, b.severity, b.comment, b.expires_at, b.created_at`

func scanIPBlock(w row) (domain.IPBlock, error) {
	var b domain.IPBlock
	var network string
	err := w.Scan(&b.ID, &network, (*string)(&b.Severity), &b.Comment, &b.ExpiresAt, &b.CreatedAt)
	if err == nil {
		b.Network, err = netip.ParsePrefix(network)
	}
	return b, err
}

// IPBlocks are the networks that are held off, newest first.
func (r Reader) IPBlocks(ctx context.Context, p domain.Page) ([]domain.IPBlock, error) {
	text := func(order string) string {
		return `SELECT ` + ipBlockColumns + ` FROM ip_blocks b WHERE $1 AND b.id > $2 AND b.id < $3 ORDER BY b.id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanIPBlock, text("DESC"), text(""), true)
}

// IPBlocksNow are all that hold at a time, at most 10,000. They are few:
// callers keep them.
func (r Reader) IPBlocksNow(ctx context.Context, now time.Time) ([]domain.IPBlock, error) {
	return all(ctx, r, scanIPBlock, `SELECT `+ipBlockColumns+` FROM ip_blocks b WHERE b.expires_at IS NULL OR b.expires_at > $1 ORDER BY b.id LIMIT 10000`, now)
}

// IPBlock is the one with that id.
func (r Reader) IPBlock(ctx context.Context, id domain.ID) (domain.IPBlock, error) {
	return one(ctx, r, scanIPBlock, `SELECT `+ipBlockColumns+` FROM ip_blocks b WHERE b.id = $1`, id)
}

// SaveIPBlock stores a block, which is new if it has no id; a network that is
// there already is Invalid.
func (tx *Tx) SaveIPBlock(b *domain.IPBlock) error {
	if b.ID != 0 {
		other, err := exists(tx.ctx(), tx.Reader, `SELECT 1 FROM ip_blocks b WHERE b.network = $1 AND b.id <> $2`, b.Network.String(), b.ID)
		if err != nil {
			return err
		}
		if other {
			return orTaken(0, nil, "Ip")
		}
		return tx.must(`UPDATE ip_blocks SET network = $1, severity = $2, comment = $3, expires_at = $4 WHERE id = $5`,
			b.Network.String(), string(b.Severity), b.Comment, b.ExpiresAt, b.ID)
	}
	b.ID, b.CreatedAt = tx.NewID(), tx.Now()
	n, err := tx.exec(`INSERT INTO ip_blocks (id, network, severity, comment, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (network) DO NOTHING`,
		b.ID, b.Network.String(), string(b.Severity), b.Comment, b.ExpiresAt, b.CreatedAt)
	return orTaken(n, err, "Ip")
}

// DeleteIPBlock removes a block.
func (tx *Tx) DeleteIPBlock(id domain.ID) error {
	return tx.must(`DELETE FROM ip_blocks WHERE id = $1`, id)
}
