package store

import (
	"context"

	"coterie/internal/domain"
)

const filterColumns = `f.id, f.account_id, f.title, f.contexts, f.action, f.expires_at, f.created_at`

func scanFilter(w row) (domain.Filter, error) {
	f := domain.Filter{Keywords: []domain.FilterKeyword{}, Statuses: []domain.FilterStatus{}}
	err := w.Scan(&f.ID, &f.Account, &f.Title, asJSON(&f.Contexts), (*string)(&f.Action), &f.ExpiresAt, &f.CreatedAt)
	return f, err
}

func scanFilterKeyword(w row) (domain.FilterKeyword, error) {
	var k domain.FilterKeyword
	err := w.Scan(&k.ID, &k.Filter, &k.Keyword, &k.WholeWord)
	return k, err
}

func scanFilterStatus(w row) (domain.FilterStatus, error) {
	var s domain.FilterStatus
	err := w.Scan(&s.ID, &s.Filter, &s.Status)
	return s, err
}

// Filters are all filters of owner, expired ones too, with their keywords and
// statuses, oldest first: one statement for somebody without any, else three.
func (r Reader) Filters(ctx context.Context, owner domain.ID) ([]domain.Filter, error) {
	list, err := all(ctx, r, scanFilter, `SELECT `+filterColumns+` FROM filters f WHERE f.account_id = $1 ORDER BY f.id`, owner)
	if err != nil {
		return nil, err
	}
	return list, r.fillFilters(ctx, list)
}

// Filter is owner's filter with that id; another's is ErrNotFound.
func (r Reader) Filter(ctx context.Context, owner, id domain.ID) (domain.Filter, error) {
	f, err := one(ctx, r, scanFilter, `SELECT `+filterColumns+` FROM filters f WHERE f.account_id = $1 AND f.id = $2`, owner, id)
	if err != nil {
		return f, err
	}
	list := []domain.Filter{f}
	err = r.fillFilters(ctx, list)
	return list[0], err
}

func (r Reader) fillFilters(ctx context.Context, list []domain.Filter) error {
	if len(list) == 0 {
		return nil
	}
	ids, at := make([]domain.ID, len(list)), make(map[domain.ID]*domain.Filter, len(list))
	for i := range list {
		ids[i], at[list[i].ID] = list[i].ID, &list[i]
	}
	keywords, err := all(ctx, r, scanFilterKeyword, `SELECT k.id, k.filter_id, k.keyword, k.whole_word FROM filter_keywords k
		WHERE k.filter_id`+r.in(1)+` ORDER BY k.id`, ids)
	if err != nil {
		return err
	}
	for _, k := range keywords {
		at[k.Filter].Keywords = append(at[k.Filter].Keywords, k)
	}
	statuses, err := all(ctx, r, scanFilterStatus, `SELECT s.id, s.filter_id, s.status_id FROM filter_statuses s
		WHERE s.filter_id`+r.in(1)+` ORDER BY s.id`, ids)
	for _, s := range statuses {
		at[s.Filter].Statuses = append(at[s.Filter].Statuses, s)
	}
	return err
}

// FilterKeyword is a keyword of one of owner's filters; another's is
// ErrNotFound.
func (r Reader) FilterKeyword(ctx context.Context, owner, id domain.ID) (domain.FilterKeyword, error) {
	return one(ctx, r, scanFilterKeyword, `SELECT k.id, k.filter_id, k.keyword, k.whole_word
		FROM filter_keywords k JOIN filters f ON f.id = k.filter_id WHERE f.account_id = $1 AND k.id = $2`, owner, id)
}

// FilterStatus is a status of one of owner's filters, by the id of the entry;
// another's is ErrNotFound.
func (r Reader) FilterStatus(ctx context.Context, owner, id domain.ID) (domain.FilterStatus, error) {
	return one(ctx, r, scanFilterStatus, `SELECT s.id, s.filter_id, s.status_id
		FROM filter_statuses s JOIN filters f ON f.id = s.filter_id WHERE f.account_id = $1 AND s.id = $2`, owner, id)
}

// FilterSizes counts the filters of owner, their keywords and their statuses.
func (r Reader) FilterSizes(ctx context.Context, owner domain.ID) (filters, keywords, statuses int, err error) {
	err = r.each(ctx, func(w row) error { return w.Scan(&filters, &keywords, &statuses) }, `SELECT
		(SELECT COUNT(*) FROM filters f WHERE f.account_id = $1),
		(SELECT COUNT(*) FROM filter_keywords k JOIN filters f ON f.id = k.filter_id WHERE f.account_id = $1),
		(SELECT COUNT(*) FROM filter_statuses s JOIN filters f ON f.id = s.filter_id WHERE f.account_id = $1)`, owner)
	return filters, keywords, statuses, err
}

// InsertFilter stores a new filter without its keywords and statuses.
func (tx *Tx) InsertFilter(f *domain.Filter) error {
	f.ID, f.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO filters (id, account_id, title, contexts, action, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		f.ID, f.Account, f.Title, asJSON(f.Contexts), string(f.Action), f.ExpiresAt, f.CreatedAt)
	return err
}

// UpdateFilter changes title, contexts, action and end.
func (tx *Tx) UpdateFilter(f domain.Filter) error {
	return tx.must(`UPDATE filters SET title = $1, contexts = $2, action = $3, expires_at = $4 WHERE id = $5 AND account_id = $6`,
		f.Title, asJSON(f.Contexts), string(f.Action), f.ExpiresAt, f.ID, f.Account)
}

// DeleteFilter removes owner's filter; another's is ErrNotFound.
func (tx *Tx) DeleteFilter(owner, id domain.ID) error {
	return tx.must(`DELETE FROM filters WHERE account_id = $1 AND id = $2`, owner, id)
}

// InsertFilterKeyword adds a keyword to its filter.
func (tx *Tx) InsertFilterKeyword(k *domain.FilterKeyword) error {
	k.ID = tx.NewID()
	_, err := tx.exec(`INSERT INTO filter_keywords (id, filter_id, keyword, whole_word) VALUES ($1, $2, $3, $4)`,
		k.ID, k.Filter, k.Keyword, k.WholeWord)
	return err
}

// UpdateFilterKeyword changes a keyword.
func (tx *Tx) UpdateFilterKeyword(k domain.FilterKeyword) error {
	return tx.must(`UPDATE filter_keywords SET keyword = $1, whole_word = $2 WHERE id = $3`, k.Keyword, k.WholeWord, k.ID)
}

// DeleteFilterKeyword removes a keyword.
func (tx *Tx) DeleteFilterKeyword(id domain.ID) error {
	return tx.must(`DELETE FROM filter_keywords WHERE id = $1`, id)
}

// InsertFilterStatus adds a status to a filter and reports whether it is new.
func (tx *Tx) InsertFilterStatus(s *domain.FilterStatus) (bool, error) {
	s.ID = tx.NewID()
	n, err := tx.exec(`INSERT INTO filter_statuses (id, filter_id, status_id) VALUES ($1, $2, $3)
		ON CONFLICT (filter_id, status_id) DO NOTHING`, s.ID, s.Filter, s.Status)
	return n > 0, err
}

// DeleteFilterStatus removes a status of a filter, by the id of the entry.
func (tx *Tx) DeleteFilterStatus(id domain.ID) error {
	return tx.must(`DELETE FROM filter_statuses WHERE id = $1`, id)
}
