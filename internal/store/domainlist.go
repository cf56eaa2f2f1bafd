package store

import (
	"context"

	"coterie/internal/domain"
)

const domainListColumns = `d.id, d.url, d.title, d.active, d.etag, d.entries, d.error, d.tried_at, d.fetched_at, d.removed_at, d.created_at`

func scanDomainList(w row) (domain.DomainList, error) {
	var d domain.DomainList
	return d, w.Scan(&d.ID, &d.URL, &d.Title, &d.Active, &d.ETag, &d.Entries, &d.Error, &d.TriedAt, &d.FetchedAt, &d.RemovedAt, &d.CreatedAt)
}

// DomainLists are the subscriptions, oldest first, without those that were
// removed.
func (r Reader) DomainLists(ctx context.Context) ([]domain.DomainList, error) {
	return all(ctx, r, scanDomainList, `SELECT `+domainListColumns+` FROM domain_lists d WHERE d.removed_at IS NULL ORDER BY d.id`)
}

// DomainList is the subscription with that id, a removed one too until its
// entries are gone.
func (r Reader) DomainList(ctx context.Context, id domain.ID) (domain.DomainList, error) {
	return one(ctx, r, scanDomainList, `SELECT `+domainListColumns+` FROM domain_lists d WHERE d.id = $1`, id)
}

// InsertDomainList stores a subscription and gives it id and time. An address
// that is subscribed to already is Conflict.
func (tx *Tx) InsertDomainList(d *domain.DomainList) error {
	d.ID, d.CreatedAt = tx.NewID(), tx.Now()
	n, err := tx.exec(`INSERT INTO domain_lists (id, url, title, active, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (url) WHERE removed_at IS NULL DO NOTHING`, d.ID, d.URL, d.Title, d.Active, d.CreatedAt)
	if err == nil && n == 0 {
		err = domain.Errorf(domain.Conflict, "This list is subscribed to already.")
	}
	return err
}

// SaveDomainList stores what a subscription is called and whether it counts.
func (tx *Tx) SaveDomainList(d *domain.DomainList) error {
	return tx.must(`UPDATE domain_lists SET title = $1, active = $2 WHERE id = $3 AND removed_at IS NULL`, d.Title, d.Active, d.ID)
}

// SaveFetch stores what the last try to read a list came to.
func (tx *Tx) SaveFetch(d *domain.DomainList) error {
	_, err := tx.exec(`UPDATE domain_lists SET etag = $1, entries = $2, error = $3, tried_at = $4, fetched_at = $5 WHERE id = $6`,
		d.ETag, d.Entries, d.Error, d.TriedAt, d.FetchedAt, d.ID)
	return err
}

// RemoveDomainList ends a subscription; its entries do not count any more.
func (tx *Tx) RemoveDomainList(id domain.ID) error {
	return tx.must(`UPDATE domain_lists SET removed_at = $1, active = FALSE WHERE id = $2 AND removed_at IS NULL`, tx.Now(), id)
}

// DropDomainList deletes at most limit entries of a removed subscription, then
// the subscription. It reports whether entries are left.
func (tx *Tx) DropDomainList(id domain.ID, limit int) (more bool, err error) {
	n, err := tx.exec(`DELETE FROM domain_list_entries WHERE list_id = $1 AND domain IN (
		SELECT e.domain FROM domain_list_entries e WHERE e.list_id = $1 ORDER BY e.domain LIMIT $2)`, id, limit)
	if err != nil || n == int64(limit) {
		return true, err
	}
	_, err = tx.exec(`DELETE FROM domain_lists WHERE id = $1`, id)
	return false, err
}

func scanListEntry(w row) (domain.ListEntry, error) {
	var e domain.ListEntry
	p := &e.Policy
	return e, w.Scan(&e.List, &p.Domain, (*string)(&p.Severity), &p.RejectMedia, &p.RejectReports, &p.Comment)
}

const listEntryColumns = `e.list_id, e.domain, e.severity, e.reject_media, e.reject_reports, e.comment`

// ListEntries are all that a list said last.
func (r Reader) ListEntries(ctx context.Context, list domain.ID) ([]domain.ListEntry, error) {
	return all(ctx, r, scanListEntry, `SELECT `+listEntryColumns+` FROM domain_list_entries e WHERE e.list_id = $1`, list)
}

// ListEntriesOf are what these lists say of these domains, by domain and list.
func (r Reader) ListEntriesOf(ctx context.Context, lists []domain.ID, hosts []string) ([]domain.ListEntry, error) {
	return all(ctx, r, scanListEntry, `SELECT `+listEntryColumns+` FROM domain_list_entries e WHERE e.list_id`+r.in(1)+` AND e.domain`+r.inText(2)+
		` ORDER BY e.domain, e.list_id`, lists, hosts)
}

// SaveListEntry stores what a list says of a domain now.
func (tx *Tx) SaveListEntry(e *domain.ListEntry) error {
	p := &e.Policy
	_, err := tx.exec(`INSERT INTO domain_list_entries (list_id, domain, severity, reject_media, reject_reports, comment) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (list_id, domain) DO UPDATE SET severity = excluded.severity, reject_media = excluded.reject_media,
			reject_reports = excluded.reject_reports, comment = excluded.comment`,
		e.List, p.Domain, string(p.Severity), p.RejectMedia, p.RejectReports, p.Comment)
	return err
}

// DropListEntry removes a domain that a list does not name any more.
func (tx *Tx) DropListEntry(list domain.ID, host string) error {
	_, err := tx.exec(`DELETE FROM domain_list_entries WHERE list_id = $1 AND domain = $2`, list, host)
	return err
}

// ListVotes are at most limit domains above after, in order, that at least
// quorum of these lists name.
func (r Reader) ListVotes(ctx context.Context, lists []domain.ID, after string, quorum int64, limit int) ([]domain.ListVotes, error) {
	return all(ctx, r, func(w row) (domain.ListVotes, error) {
		var v domain.ListVotes
		return v, w.Scan(&v.Domain, &v.Named, &v.Limit, &v.Suspend, &v.RejectMedia, &v.RejectReports)
	}, `SELECT e.domain, COUNT(*), COUNT(*) FILTER (WHERE e.severity IN ('limit', 'suspend')), COUNT(*) FILTER (WHERE e.severity = 'suspend'),
			COUNT(*) FILTER (WHERE e.reject_media), COUNT(*) FILTER (WHERE e.reject_reports)
		FROM domain_list_entries e WHERE e.list_id`+r.in(1)+` AND e.domain > $2 GROUP BY e.domain HAVING COUNT(*) >= $3 ORDER BY e.domain LIMIT $4`,
		lists, after, quorum, limit)
}

// ListExceptions are the domains that no list has a say on.
func (r Reader) ListExceptions(ctx context.Context) ([]string, error) {
	return all(ctx, r, column[string], `SELECT x.domain FROM domain_list_exceptions x ORDER BY x.domain`)
}

// AddListException keeps lists from having a say on a domain.
func (tx *Tx) AddListException(host string) error {
	_, err := tx.exec(`INSERT INTO domain_list_exceptions (domain, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, host, tx.Now())
	return err
}

// RemoveListException gives lists a say again.
func (tx *Tx) RemoveListException(host string) error {
	return tx.must(`DELETE FROM domain_list_exceptions WHERE domain = $1`, host)
}
