package store

import (
	"context"

	"coterie/internal/domain"
)

const accountColumns = `a.id, a.username, a.domain, a.uri, a.url, a.display_name, a.note, a.note_html, a.fields,
	a.locked, a.bot, a.is_group, a.discoverable, a.indexable, a.hide_collections, a.memorial,
	a.hide_media, a.hide_media_replies, a.hide_featured, a.attribution_domains,
	a.avatar, a.avatar_static, a.avatar_description, a.header, a.header_static, a.header_description,
	a.moved_to_id, a.suspended_at, a.suspended_by, a.silenced_at, a.silenced_by, a.sensitized_at, a.created_at, a.updated_at,
	a.rev, a.statuses_count, a.followers_count, a.following_count, a.last_status_at`

func scanAccount(w row) (domain.Account, error) {
	var a domain.Account
	err := w.Scan(&a.ID, &a.Username, &a.Domain, &a.URI, &a.URL, &a.DisplayName, &a.Note, &a.NoteHTML, asJSON(&a.Fields),
		&a.Locked, &a.Bot, &a.Group, &a.Discoverable, &a.Indexable, &a.HideCollections, &a.Memorial,
		&a.HideMedia, &a.HideMediaReplies, &a.HideFeatured, asJSON(&a.AttributionDomains),
		&a.Avatar, &a.AvatarStatic, &a.AvatarDescription, &a.Header, &a.HeaderStatic, &a.HeaderDescription,
		&a.MovedTo, &a.SuspendedAt, &a.SuspendedBy, &a.SilencedAt, &a.SilencedBy, &a.SensitizedAt, &a.CreatedAt, &a.UpdatedAt,
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

// present is true of the account in table alias a unless its login waits for
// confirmation or approval: such an account does not exist for others.
const present = `NOT EXISTS (SELECT 1 FROM users pu WHERE pu.account_id = a.id AND (pu.confirmed_at IS NULL OR NOT pu.approved))`

// PresentAccount is Account of one that others may know of; else ErrNotFound.
func (r Reader) PresentAccount(ctx context.Context, id domain.ID) (domain.Account, error) {
	return one(ctx, r, scanAccount, `SELECT `+accountColumns+` FROM accounts a WHERE a.id = $1 AND `+present, id)
}

// PresentAccounts are those of the ids that others may know of, in no order:
// suspended ones too, newcomers that still wait not.
func (r Reader) PresentAccounts(ctx context.Context, ids []domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT a.id FROM accounts a WHERE a.id`+r.in(1)+` AND `+present, ids)
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
			locked, bot, is_group, discoverable, indexable, hide_collections,
			hide_media, hide_media_replies, hide_featured, attribution_domains, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		a.ID, a.Username, domain.NameKey(a.Username), a.Domain, nullText(a.URI), nullText(a.URL), a.DisplayName, a.Note, a.NoteHTML, asJSON(list(a.Fields)),
		a.Locked, a.Bot, a.Group, a.Discoverable, a.Indexable, a.HideCollections,
		a.HideMedia, a.HideMediaReplies, a.HideFeatured, asJSON(list(a.AttributionDomains)), a.CreatedAt, a.UpdatedAt)
	if err != nil {
		return err
	}
	return tx.indexAccount(a)
}

// UpdateProfile stores what an account says about itself and raises its rev.
func (tx *Tx) UpdateProfile(a *domain.Account) error {
	a.UpdatedAt = tx.Now()
	err := tx.must(`UPDATE accounts SET display_name = $1, note = $2, note_html = $3, fields = $4,
			locked = $5, bot = $6, is_group = $7, discoverable = $8, indexable = $9, hide_collections = $10,
			hide_media = $11, hide_media_replies = $12, hide_featured = $13, attribution_domains = $14,
			updated_at = $15, rev = rev + 1
		WHERE id = $16`,
		a.DisplayName, a.Note, a.NoteHTML, asJSON(list(a.Fields)),
		a.Locked, a.Bot, a.Group, a.Discoverable, a.Indexable, a.HideCollections,
		a.HideMedia, a.HideMediaReplies, a.HideFeatured, asJSON(list(a.AttributionDomains)),
		a.UpdatedAt, a.ID)
	if err != nil {
		return err
	}
	a.Rev++
	return tx.indexAccount(a)
}

// SetFields stores the fields of an account as of a.Rev, which it raises;
// ErrNotFound if the account has changed since.
func (tx *Tx) SetFields(a *domain.Account) error {
	err := tx.must(`UPDATE accounts SET fields = $1, rev = rev + 1 WHERE id = $2 AND rev = $3`, asJSON(list(a.Fields)), a.ID, a.Rev)
	if err == nil {
		a.Rev++
	}
	return err
}

// SetPictures stores the pictures of an account and raises its rev.
func (tx *Tx) SetPictures(a *domain.Account) error {
	return tx.must(`UPDATE accounts SET avatar = $1, avatar_static = $2, avatar_description = $3, header = $4, header_static = $5,
			header_description = $6, updated_at = $7, rev = rev + 1 WHERE id = $8`,
		a.Avatar, a.AvatarStatic, a.AvatarDescription, a.Header, a.HeaderStatic, a.HeaderDescription, tx.now, a.ID)
}

// list is v, or an empty slice for nil, which JSON would write as null.
func list[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}
