package store

import (
	"context"
	"strings"

	"coterie/internal/domain"
)

const accountColumns = `a.id, a.username, a.domain, a.uri, a.url, a.display_name, a.note, a.note_html, a.fields,
	a.locked, a.bot, a.is_group, a.discoverable, a.indexable, a.hide_collections, a.memorial,
	a.moved_to_id, a.suspended_at, a.silenced_at, a.created_at, a.updated_at,
	a.rev, a.statuses_count, a.followers_count, a.following_count, a.last_status_at`

func scanAccount(w row) (domain.Account, error) {
	var a domain.Account
	err := w.Scan(&a.ID, &a.Username, &a.Domain, &a.URI, &a.URL, &a.DisplayName, &a.Note, &a.NoteHTML, asJSON(&a.Fields),
		&a.Locked, &a.Bot, &a.Group, &a.Discoverable, &a.Indexable, &a.HideCollections, &a.Memorial,
		&a.MovedTo, &a.SuspendedAt, &a.SilencedAt, &a.CreatedAt, &a.UpdatedAt,
		&a.Rev, &a.StatusesCount, &a.FollowersCount, &a.FollowingCount, &a.LastStatusAt)
	return a, err
}

// Account is the account with that id, suspended ones too.
func (r Reader) Account(ctx context.Context, id domain.ID) (domain.Account, error) {
	return one(ctx, r, scanAccount, `SELECT `+accountColumns+` FROM accounts a WHERE a.id = $1`, id)
}

// Accounts are the accounts with those ids, in no order, missing ones left out.
func (r Reader) Accounts(ctx context.Context, ids []domain.ID) ([]domain.Account, error) {
	return all(ctx, r, scanAccount, `SELECT `+accountColumns+` FROM accounts a WHERE a.id`+r.in(1), ids)
}

// AccountByName finds by user name without case and ASCII domain, "" for here.
func (r Reader) AccountByName(ctx context.Context, username, host string) (domain.Account, error) {
	return one(ctx, r, scanAccount,
		`SELECT `+accountColumns+` FROM accounts a WHERE a.username_key = $1 AND a.domain = $2`,
		domain.NameKey(username), host)
}

// InsertAccount stores a new account. A name that is taken is Conflict.
func (tx *Tx) InsertAccount(a *domain.Account) error {
	if a.ID == 0 {
		a.ID = tx.NewID()
	}
	if a.CreatedAt.IsZero() {
		a.CreatedAt = tx.Now()
	}
	a.UpdatedAt, a.Rev = tx.Now(), 1
	_, err := tx.exec(`INSERT INTO accounts (id, username, username_key, domain, uri, url, display_name, note, note_html, fields,
			locked, bot, is_group, discoverable, indexable, hide_collections, created_at, updated_at, search_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		a.ID, a.Username, domain.NameKey(a.Username), a.Domain, nullText(a.URI), nullText(a.URL), a.DisplayName, a.Note, a.NoteHTML, asJSON(fields(a)),
		a.Locked, a.Bot, a.Group, a.Discoverable, a.Indexable, a.HideCollections, a.CreatedAt, a.UpdatedAt, searchKey(a))
	return err
}

func fields(a *domain.Account) []domain.Field {
	if a.Fields == nil {
		return []domain.Field{}
	}
	return a.Fields
}

// searchKey is what account search looks in: lower case, name first.
func searchKey(a *domain.Account) string {
	return strings.ToLower(a.Username + " " + a.DisplayName)
}
