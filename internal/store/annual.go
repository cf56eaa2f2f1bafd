package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const annualColumns = `r.account_id, r.year, r.data, r.asked_at, r.read_at`

func scanAnnual(w row) (domain.AnnualReport, error) {
	var a domain.AnnualReport
	err := w.Scan(&a.Account, &a.Year, asJSON(&a.Data), &a.AskedAt, &a.ReadAt)
	return a, err
}

// AnnualReport is the account's report of a year, made or in the making.
func (r Reader) AnnualReport(ctx context.Context, account domain.ID, year int) (domain.AnnualReport, error) {
	return one(ctx, r, scanAnnual, `SELECT `+annualColumns+` FROM annual_reports r WHERE r.account_id = $1 AND r.year = $2`, account, year)
}

// UnreadAnnualReports are the account's reports that are made and not read, the
// latest year first.
func (r Reader) UnreadAnnualReports(ctx context.Context, account domain.ID) ([]domain.AnnualReport, error) {
	return all(ctx, r, scanAnnual, `SELECT `+annualColumns+` FROM annual_reports r
		WHERE r.account_id = $1 AND r.data <> '' AND r.read_at IS NULL ORDER BY r.year DESC`, account)
}

// BeginAnnualReport takes note that a report is asked for, once more too.
func (tx *Tx) BeginAnnualReport(account domain.ID, year int) error {
	_, err := tx.exec(`INSERT INTO annual_reports (account_id, year, asked_at) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, year) DO UPDATE SET asked_at = excluded.asked_at WHERE annual_reports.data = ''`, account, year, tx.Now())
	return err
}

// SaveAnnualReport keeps what a report says. One nobody asks for any more is
// passed over.
func (tx *Tx) SaveAnnualReport(account domain.ID, year int, data *domain.AnnualData) error {
	_, err := tx.exec(`UPDATE annual_reports SET data = $1 WHERE account_id = $2 AND year = $3`, asJSON(data), account, year)
	return err
}

// ReadAnnualReport takes note that a report that is made was read.
func (tx *Tx) ReadAnnualReport(account domain.ID, year int) error {
	return tx.must(`UPDATE annual_reports SET read_at = $1 WHERE account_id = $2 AND year = $3 AND data <> ''`, tx.Now(), account, year)
}

// PostedIn reports whether the account posted something for everybody between
// two times.
func (r Reader) PostedIn(ctx context.Context, account domain.ID, from, to time.Time) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM statuses s WHERE s.account_id = $1 AND s.id >= $2 AND s.created_at >= $3 AND s.created_at < $4
		AND s.visibility <= 1 AND s.reblog_of_id IS NULL LIMIT 1`, account, domain.FirstID(from), from, to)
}

// AnnualKinds counts what the account posted between two times, by kind.
func (r Reader) AnnualKinds(ctx context.Context, account domain.ID, from, to time.Time) (domain.AnnualKinds, error) {
	return one(ctx, r, func(w row) (domain.AnnualKinds, error) {
		var k domain.AnnualKinds
		return k, w.Scan(&k.Boosts, &k.Replies, &k.Polls, &k.Posts)
	}, `SELECT COUNT(CASE WHEN s.reblog_of_id IS NOT NULL THEN 1 END),
			COUNT(CASE WHEN s.in_reply_to_id IS NOT NULL AND s.in_reply_to_account_id <> s.account_id THEN 1 END),
			COUNT(s.poll_id),
			COUNT(CASE WHEN s.reblog_of_id IS NULL AND (s.in_reply_to_id IS NULL OR s.in_reply_to_account_id = s.account_id) THEN 1 END)
		FROM statuses s WHERE s.account_id = $1 AND s.id >= $2 AND s.created_at >= $3 AND s.created_at < $4`,
		account, domain.FirstID(from), from, to)
}

// Deed is what of one kind an account did, or had done to it, on one day.
type Deed struct {
	Day   int64 // since the epoch, UTC
	Kind  DeedKind
	Count int64
}

// DeedKind is what Deeds count.
type DeedKind int

const (
	DeedStatus   DeedKind = iota // boosts too
	DeedFollow                   // of others
	DeedFollower                 // by others
)

// Deeds count by day what an account posted, whom it follows since and who
// follows it since, between two times.
func (r Reader) Deeds(ctx context.Context, account domain.ID, from, to time.Time) ([]Deed, error) {
	return all(ctx, r, func(w row) (Deed, error) {
		var d Deed
		return d, w.Scan(&d.Day, (*int)(&d.Kind), &d.Count)
	}, `WITH span (account, first_id, since, until) AS
			(SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT)),
		deeds (day, kind) AS (
			SELECT s.created_at / 86400000, 0 FROM statuses s
				WHERE s.account_id = $1 AND s.id >= $2 AND s.created_at >= $3 AND s.created_at < $4
			UNION ALL SELECT f.created_at / 86400000, 1 FROM follows f
				WHERE f.account_id = $1 AND NOT f.pending AND f.created_at >= $3 AND f.created_at < $4
			UNION ALL SELECT f.created_at / 86400000, 2 FROM follows f
				WHERE f.target_id = $1 AND NOT f.pending AND f.created_at >= $3 AND f.created_at < $4)
		SELECT day, kind, COUNT(*) FROM deeds GROUP BY day, kind ORDER BY day, kind`, account, domain.FirstID(from), from, to)
}

// TopHashtags are the hashtags that an account used most for everybody between
// two times.
func (r Reader) TopHashtags(ctx context.Context, account domain.ID, from, to time.Time, limit int) ([]domain.AnnualHashtag, error) {
	return all(ctx, r, func(w row) (domain.AnnualHashtag, error) {
		var h domain.AnnualHashtag
		return h, w.Scan(&h.Name, &h.Count)
	}, `SELECT t.name, COUNT(*) AS uses FROM statuses s JOIN status_tags st ON st.status_id = s.id JOIN tags t ON t.id = st.tag_id
		WHERE s.account_id = $1 AND s.id >= $2 AND s.created_at >= $3 AND s.created_at < $4 AND s.visibility <= 1
		GROUP BY t.name ORDER BY uses DESC, t.name LIMIT $5`, account, domain.FirstID(from), from, to, limit)
}

// TopStatuses are the posts for everybody that had most boosts, favourites and
// replies between two times, nil where none had any.
func (r Reader) TopStatuses(ctx context.Context, account domain.ID, from, to time.Time) (domain.AnnualTop, error) {
	return one(ctx, r, func(w row) (domain.AnnualTop, error) {
		var ids [3]domain.ID
		err := w.Scan(&ids[0], &ids[1], &ids[2])
		return domain.AnnualTop{ByReblogs: some(ids[0]), ByFavourites: some(ids[1]), ByReplies: some(ids[2])}, err
	}, `WITH posts (id, reblogs, favourites, replies) AS (SELECT s.id, s.reblogs_count, s.favourites_count, s.replies_count FROM statuses s
			WHERE s.account_id = $1 AND s.id >= $2 AND s.created_at >= $3 AND s.created_at < $4 AND s.visibility <= 1 AND s.reblog_of_id IS NULL)
		SELECT (SELECT id FROM posts WHERE reblogs > 0 ORDER BY reblogs DESC, id DESC LIMIT 1),
			(SELECT id FROM posts WHERE favourites > 0 ORDER BY favourites DESC, id DESC LIMIT 1),
			(SELECT id FROM posts WHERE replies > 0 ORDER BY replies DESC, id DESC LIMIT 1)`, account, domain.FirstID(from), from, to)
}

func some(id domain.ID) *domain.ID {
	if id == 0 {
		return nil
	}
	return &id
}
