package store

import (
	"context"

	"coterie/internal/domain"
)

const quoteColumns = `q.status_id, q.account_id, q.quoted_id, q.quoted_uri, q.quoted_account_id, q.state, q.legacy,
	q.approval_uri, q.request_uri, q.created_at, q.checked_at`

func scanQuote(w row) (domain.Quote, error) {
	var q domain.Quote
	err := w.Scan(&q.Status, &q.Account, &q.Quoted, &q.QuotedURI, &q.QuotedAccount, (*string)(&q.State), &q.Legacy,
		&q.ApprovalURI, &q.RequestURI, &q.CreatedAt, &q.CheckedAt)
	return q, err
}

// Quotes are what the statuses quote, in no order.
func (r Reader) Quotes(ctx context.Context, statuses []domain.ID) ([]domain.Quote, error) {
	return all(ctx, r, scanQuote, `SELECT `+quoteColumns+` FROM quotes q WHERE q.status_id`+r.in(1), statuses)
}

// Quote is what a status quotes, or ErrNotFound.
func (r Reader) Quote(ctx context.Context, status domain.ID) (domain.Quote, error) {
	return one(ctx, r, scanQuote, `SELECT `+quoteColumns+` FROM quotes q WHERE q.status_id = $1`, status)
}

// QuoteByApproval is the quote that a remote authorization allowed.
func (r Reader) QuoteByApproval(ctx context.Context, uri string) (domain.Quote, error) {
	return one(ctx, r, scanQuote, `SELECT `+quoteColumns+` FROM quotes q WHERE q.approval_uri = $1 AND q.approval_uri <> ''`, uri)
}

// QuotesWaitingFor are quotes of a status, by its URI, that was not known
// here when they came; at most limit.
func (r Reader) QuotesWaitingFor(ctx context.Context, uri string, limit int) ([]domain.Quote, error) {
	return all(ctx, r, scanQuote, `SELECT `+quoteColumns+` FROM quotes q WHERE q.quoted_id IS NULL AND q.quoted_uri = $1 ORDER BY q.status_id LIMIT $2`,
		uri, limit)
}

// SaveQuote stores what a status quotes, or how that stands now.
func (tx *Tx) SaveQuote(q domain.Quote) error {
	if q.CreatedAt.IsZero() {
		q.CreatedAt = tx.Now()
	}
	_, err := tx.exec(`INSERT INTO quotes (status_id, account_id, quoted_id, quoted_uri, quoted_account_id, state, legacy, approval_uri,
			request_uri, created_at, checked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (status_id) DO UPDATE SET quoted_id = excluded.quoted_id, quoted_uri = excluded.quoted_uri,
			quoted_account_id = excluded.quoted_account_id, state = excluded.state, legacy = excluded.legacy,
			approval_uri = excluded.approval_uri, request_uri = excluded.request_uri, checked_at = excluded.checked_at`,
		q.Status, q.Account, nullID(q.Quoted), q.QuotedURI, nullID(q.QuotedAccount), q.State, q.Legacy, q.ApprovalURI,
		q.RequestURI, q.CreatedAt, q.CheckedAt)
	return err
}

// SetQuoted makes a status show what it quotes, 0 for nothing.
func (tx *Tx) SetQuoted(status, quoted domain.ID) error {
	_, err := tx.exec(`UPDATE statuses SET quote_id = $1 WHERE id = $2`, nullID(quoted), status)
	return err
}

// DeleteQuote makes a status quote nothing.
func (tx *Tx) DeleteQuote(status domain.ID) error {
	_, err := tx.exec(`DELETE FROM quotes WHERE status_id = $1`, status)
	return err
}

// forgetQuoted says of the quotes of a status that it is gone.
func (tx *Tx) forgetQuoted(status domain.ID) error {
	if _, err := tx.exec(`UPDATE statuses SET quote_id = NULL, rev = rev + 1 WHERE id IN (
			SELECT q.status_id FROM quotes q WHERE q.quoted_id = $1)`, status); err != nil {
		return err
	}
	_, err := tx.exec(`UPDATE quotes SET state = $1, quoted_id = NULL WHERE quoted_id = $2`, domain.QuoteDeleted, status)
	return err
}

// SetQuotePolicy changes who may quote a status.
func (tx *Tx) SetQuotePolicy(status domain.ID, policy domain.QuotePolicy) error {
	return tx.must(`UPDATE statuses SET quote_policy = $1, rev = rev + 1 WHERE id = $2`, policy, status)
}

// QuotesOf are the accepted quotes of a status that the viewer may see, the
// ones by whom the viewer avoids left out.
func (r Reader) QuotesOf(ctx context.Context, viewer, status domain.ID, p domain.Page) ([]Entry, error) {
	return r.pageEntries(ctx, p, "q.status_id", `SELECT q.status_id, q.status_id FROM quotes q JOIN statuses s ON s.id = q.status_id
		JOIN accounts a ON a.id = s.account_id WHERE `+visible("s", "a", 4)+` AND NOT `+hiddenFrom("s.account_id", "$4", "$5")+`
		AND q.quoted_id = $6 AND q.state = $7`, viewer, r.st.Now(), status, domain.QuoteAccepted)
}

// LocalQuoters are the people here whose posts quote a status with its
// author's leave.
func (r Reader) LocalQuoters(ctx context.Context, status domain.ID) ([]domain.Quote, error) {
	return all(ctx, r, scanQuote, `SELECT `+quoteColumns+` FROM quotes q JOIN users u ON u.account_id = q.account_id
		WHERE q.quoted_id = $1 AND q.state = $2 AND q.account_id <> q.quoted_account_id ORDER BY q.status_id`, status, domain.QuoteAccepted)
}
