package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const actorColumns = `r.account_id, r.host, r.inbox, r.shared_inbox, r.outbox, r.followers, r.following, r.featured, r.featured_tags, r.feature_policy,
	r.avatar, r.header, r.also_known_as, r.suspended, r.fetched_at, r.backfilled_at, r.moved_at`

func scanActor(w row) (domain.Actor, error) {
	var a domain.Actor
	err := w.Scan(&a.Account, &a.Host, &a.Inbox, &a.SharedInbox, &a.Outbox, &a.Followers, &a.Following, &a.Featured, &a.FeaturedTags, &a.Features,
		&a.Avatar, &a.Header, asJSON(&a.AlsoKnownAs), &a.Suspended, &a.FetchedAt, &a.BackfilledAt, &a.MovedAt)
	return a, err
}

// Actor is what federation knows of a remote account.
func (r Reader) Actor(ctx context.Context, account domain.ID) (domain.Actor, error) {
	return one(ctx, r, scanActor, `SELECT `+actorColumns+` FROM actors r WHERE r.account_id = $1`, account)
}

// Actors are those of the accounts, in no order, missing ones left out.
func (r Reader) Actors(ctx context.Context, accounts []domain.ID) ([]domain.Actor, error) {
	return all(ctx, r, scanActor, `SELECT `+actorColumns+` FROM actors r WHERE r.account_id`+r.in(1), accounts)
}

// AccountByURI is the account with that explicit actor URI.
func (r Reader) AccountByURI(ctx context.Context, uri string) (domain.Account, error) {
	return one(ctx, r, scanAccount, `SELECT `+accountColumns+` FROM accounts a WHERE a.uri = $1`, uri)
}

// StatusByURI is the status with that explicit URI, whoever looks: for
// federation, never for an answer to somebody.
func (r Reader) StatusByURI(ctx context.Context, uri string) (domain.Status, error) {
	return one(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s WHERE s.uri = $1`, uri)
}

// StatusesByURI are those with these explicit URIs, in no order, whoever
// looks; missing ones are left out.
func (r Reader) StatusesByURI(ctx context.Context, uris []string) ([]domain.Status, error) {
	return all(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s WHERE s.uri`+r.inText(1), uris)
}

// mirrorPictures gives the account new addresses of ours for pictures that
// have changed.
func (tx *Tx) mirrorPictures(a *domain.Actor) error {
	type pictures struct{ avatar, header, avatarKey, headerKey string }
	old, err := one(tx.ctx(), tx.Reader, func(w row) (pictures, error) {
		var p pictures
		return p, w.Scan(&p.avatar, &p.header, &p.avatarKey, &p.headerKey)
	}, `SELECT r.avatar, r.header, a.avatar, a.header FROM accounts a LEFT JOIN actors r ON r.account_id = a.id WHERE a.id = $1`, a.Account)
	if err != nil {
		return err
	}
	now := old
	swap := func(kind domain.RemoteKind, key *string, from, to string) error {
		if from == to && (*key != "") == (to != "") {
			return nil
		}
		if err := tx.ForgetRemote(*key); err != nil {
			return err
		}
		var err error
		*key, err = tx.AddRemote(kind, to, "")
		return err
	}
	if err := swap(domain.RemoteAvatar, &now.avatarKey, old.avatar, a.Avatar); err != nil {
		return err
	}
	if err := swap(domain.RemoteHeader, &now.headerKey, old.header, a.Header); err != nil || now == old {
		return err
	}
	return tx.must(`UPDATE accounts SET avatar = $1, header = $2, rev = rev + 1 WHERE id = $3`, now.avatarKey, now.headerKey, a.Account)
}

// SaveActor stores what federation knows of an account.
func (tx *Tx) SaveActor(a domain.Actor) error {
	if err := tx.mirrorPictures(&a); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO actors (account_id, host, inbox, shared_inbox, outbox, followers, following, featured, featured_tags,
			avatar, header, also_known_as, suspended, fetched_at, feature_policy)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (account_id) DO UPDATE SET host = excluded.host, inbox = excluded.inbox, shared_inbox = excluded.shared_inbox,
			outbox = excluded.outbox, followers = excluded.followers, following = excluded.following, featured = excluded.featured, featured_tags = excluded.featured_tags,
			avatar = excluded.avatar, header = excluded.header, also_known_as = excluded.also_known_as,
			suspended = excluded.suspended, fetched_at = excluded.fetched_at,
			feature_policy = excluded.feature_policy`,
		a.Account, a.Host, a.Inbox, a.SharedInbox, a.Outbox, a.Followers, a.Following, a.Featured, a.FeaturedTags,
		a.Avatar, a.Header, asJSON(texts(a.AlsoKnownAs)), a.Suspended, tx.Now(), a.Features)
	return err
}

// MarkBackfilled remembers that the actor's latest posts were fetched.
func (tx *Tx) MarkBackfilled(account domain.ID) error {
	return tx.must(`UPDATE actors SET backfilled_at = $1 WHERE account_id = $2`, tx.Now(), account)
}

// MarkMoved remembers that a Move of the actor took effect.
func (tx *Tx) MarkMoved(account domain.ID) error {
	return tx.must(`UPDATE actors SET moved_at = $1 WHERE account_id = $2`, tx.Now(), account)
}

func texts(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

const actorKeyColumns = `k.id, k.account_id, k.kind, k.uri, k.public_key, k.private_key, k.owner, k.fetched_at`

func scanActorKey(w row) (domain.ActorKey, error) {
	var k domain.ActorKey
	err := w.Scan(&k.ID, &k.Account, (*string)(&k.Kind), &k.URI, &k.Public, &k.Private, &k.Owner, &k.FetchedAt)
	return k, err
}

// ActorKeyByURI is a remote actor's key by the id that signatures name.
func (r Reader) ActorKeyByURI(ctx context.Context, uri string) (domain.ActorKey, error) {
	return one(ctx, r, scanActorKey, `SELECT `+actorKeyColumns+` FROM actor_keys k WHERE k.uri = $1`, uri)
}

// OwnKey is the newest key of that kind of a local account, 0 for the
// community's own actor.
func (r Reader) OwnKey(ctx context.Context, account domain.ID, kind domain.KeyKind) (domain.ActorKey, error) {
	return one(ctx, r, scanActorKey, `SELECT `+actorKeyColumns+` FROM actor_keys k
		WHERE k.account_id = $1 AND k.kind = $2 AND k.private_key <> '' ORDER BY k.id DESC LIMIT 1`, account, kind)
}

// CountSpareKeys is how many keys of that kind are in stock.
func (r Reader) CountSpareKeys(ctx context.Context, kind domain.KeyKind) (int, error) {
	return one(ctx, r, column[int], `SELECT COUNT(*) FROM actor_keys WHERE account_id IS NULL AND kind = $1`, kind)
}

// InsertSpareKey puts a key pair in stock.
func (tx *Tx) InsertSpareKey(k domain.ActorKey) error {
	_, err := tx.exec(`INSERT INTO actor_keys (id, account_id, kind, public_key, private_key, fetched_at) VALUES ($1, NULL, $2, $3, $4, $5)`,
		tx.NewID(), k.Kind, k.Public, k.Private, tx.Now())
	return err
}

// TakeSpareKey gives a key from the stock to a local account, 0 for the
// community's own actor. An empty stock is ErrNotFound.
func (tx *Tx) TakeSpareKey(account domain.ID, kind domain.KeyKind) (domain.ActorKey, error) {
	k, err := one(tx.ctx(), tx.Reader, scanActorKey, `SELECT `+actorKeyColumns+` FROM actor_keys k
		WHERE k.account_id IS NULL AND k.kind = $1 ORDER BY k.id LIMIT 1`+tx.pick(``, ` FOR UPDATE SKIP LOCKED`), kind)
	if err != nil {
		return k, err
	}
	k.Account = account
	return k, tx.must(`UPDATE actor_keys SET account_id = $1 WHERE id = $2`, account, k.ID)
}

// InsertOwnKey gives a local account a key.
func (tx *Tx) InsertOwnKey(k domain.ActorKey) error {
	_, err := tx.exec(`INSERT INTO actor_keys (id, account_id, kind, public_key, private_key, fetched_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.NewID(), k.Account, k.Kind, k.Public, k.Private, tx.Now())
	return err
}

// keepKeys lets the keys of an account that is about to go sign what is still
// on its way.
func (tx *Tx) keepKeys(account domain.ID) error {
	_, err := tx.exec(`UPDATE actor_keys SET owner = (SELECT COALESCE(a.uri, a.username) FROM accounts a WHERE a.id = $1)
		WHERE account_id = $1 AND private_key <> ''`, account)
	return err
}

// SweepKeys removes keys of accounts that are gone, once nothing waits for
// their signature.
func (tx *Tx) SweepKeys() error {
	_, err := tx.exec(`DELETE FROM actor_keys WHERE owner <> '' AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.sender_id = actor_keys.account_id)
		AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = actor_keys.account_id)`)
	return err
}

// ReplaceActorKeys makes keys those of a remote account, and no others. A key
// id that another account has is Conflict (SEC-11).
func (tx *Tx) ReplaceActorKeys(account domain.ID, keys []domain.ActorKey) error {
	if _, err := tx.exec(`DELETE FROM actor_keys WHERE account_id = $1`, account); err != nil {
		return err
	}
	for _, k := range keys {
		_, err := tx.exec(`INSERT INTO actor_keys (id, account_id, kind, uri, public_key, fetched_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			tx.NewID(), account, k.Kind, k.URI, k.Public, tx.Now())
		if err != nil {
			return err
		}
	}
	return nil
}

// Tombstoned reports whether an object of that id was deleted for good, or
// lately.
func (r Reader) Tombstoned(ctx context.Context, uri string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM tombstones WHERE uri = $1 AND (expires_at IS NULL OR expires_at > $2)`, uri, r.st.Now())
}

// Bury keeps an object of that id from ever coming back.
func (tx *Tx) Bury(uri string) error {
	_, err := tx.exec(`INSERT INTO tombstones (uri, deleted_at) VALUES ($1, $2)
		ON CONFLICT (uri) DO UPDATE SET expires_at = NULL`, uri, tx.Now())
	return err
}

// SeeActivity remembers an activity and reports whether it is the first time.
// An activity without an id is always new.
func (tx *Tx) SeeActivity(uri string) (bool, error) {
	if uri == "" {
		return true, nil
	}
	n, err := tx.exec(`INSERT INTO seen_activities (uri, seen_at) VALUES ($1, $2) ON CONFLICT (uri) DO NOTHING`, uri, tx.Now())
	return n > 0, err
}

// Seen reports whether an activity is remembered.
func (r Reader) Seen(ctx context.Context, uri string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM seen_activities WHERE uri = $1`, uri)
}

// ForgetActivity lets an activity of that id be new again.
func (tx *Tx) ForgetActivity(uri string) error {
	_, err := tx.exec(`DELETE FROM seen_activities WHERE uri = $1`, uri)
	return err
}

// ForgetActivities drops what was seen before a time, at most limit at once,
// and returns how many.
func (tx *Tx) ForgetActivities(before time.Time, limit int) (int64, error) {
	return tx.exec(`DELETE FROM seen_activities WHERE uri IN (SELECT uri FROM seen_activities WHERE seen_at < $1 ORDER BY seen_at LIMIT $2)`, before, limit)
}

// AccountsWithoutKey are accounts here that have no key of that kind, and 0
// if the community's own actor has none; at most limit.
func (r Reader) AccountsWithoutKey(ctx context.Context, kind domain.KeyKind, limit int) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT a.id FROM (SELECT id FROM accounts WHERE domain = '' AND suspended_at IS NULL UNION ALL SELECT 0) AS a
		WHERE NOT EXISTS (SELECT 1 FROM actor_keys k WHERE k.account_id = a.id AND k.kind = $1 AND k.private_key <> '') ORDER BY a.id LIMIT $2`, kind, limit)
}

// ActorKeys are the public keys of a remote account, by their ids.
func (r Reader) ActorKeys(ctx context.Context, account domain.ID) ([]domain.ActorKey, error) {
	return all(ctx, r, scanActorKey, `SELECT `+actorKeyColumns+` FROM actor_keys k
		WHERE k.account_id = $1 AND k.private_key = '' ORDER BY k.kind DESC, k.uri`, account)
}

// UpdateRemote stores what only another server can say of an account: its
// handle and page, whether it is a memorial, and where it moved.
func (tx *Tx) UpdateRemote(a *domain.Account) error {
	err := tx.must(`UPDATE accounts SET username = $1, username_key = $2, domain = $3, url = $4, memorial = $5, moved_to_id = $6
		WHERE id = $7 AND domain <> ''`, a.Username, domain.NameKey(a.Username), a.Domain, nullText(a.URL), a.Memorial, nullID(a.MovedTo), a.ID)
	if err != nil {
		return err
	}
	return tx.indexAccount(a)
}

// LoseHandle gives a remote account a name that no other server can claim,
// since its own belongs to another actor now.
func (tx *Tx) LoseHandle(account domain.ID) error {
	return tx.must(`UPDATE accounts SET username = username || '/' || CAST($1 AS TEXT), username_key = username_key || '/' || CAST($1 AS TEXT), rev = rev + 1
		WHERE id = $2 AND domain <> ''`, account.String(), account)
}

// SetMovedTo notes where a remote account has moved.
func (tx *Tx) SetMovedTo(account, target domain.ID) error {
	return tx.must(`UPDATE accounts SET moved_to_id = $1, rev = rev + 1 WHERE id = $2 AND domain <> ''`, nullID(target), account)
}

// AccountByURL is the remote account with that profile page.
func (r Reader) AccountByURL(ctx context.Context, url string) (domain.Account, error) {
	return one(ctx, r, scanAccount, `SELECT `+accountColumns+` FROM accounts a WHERE a.url = $1 ORDER BY a.id LIMIT 1`, url)
}

// StaleActors are up to limit remote accounts that somebody here follows and
// that were fetched before a time, the oldest copies first.
func (r Reader) StaleActors(ctx context.Context, before time.Time, limit int) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT r.account_id FROM actors r JOIN accounts a ON a.id = r.account_id
		WHERE r.fetched_at < $1 AND (a.suspended_at IS NULL OR a.suspended_by = $2)
			AND EXISTS (SELECT 1 FROM follows f JOIN accounts l ON l.id = f.account_id WHERE f.target_id = r.account_id AND l.domain = '')
		ORDER BY r.fetched_at LIMIT $3`, before, domain.ByOrigin, limit)
}

// TouchActor lets a copy count as fetched now, since it could not be.
func (tx *Tx) TouchActor(account domain.ID) error {
	return tx.must(`UPDATE actors SET fetched_at = $1 WHERE account_id = $2`, tx.Now(), account)
}

// RemoteCounts are what an account's own server counts; -1 is not said.
type RemoteCounts struct {
	Followers, Following, Statuses int64
	Hidden                         bool // who they are is not shown
}

// SetRemoteCounts stores what a remote account's own server counts.
func (tx *Tx) SetRemoteCounts(account domain.ID, c RemoteCounts) error {
	return tx.must(`UPDATE accounts SET
			followers_count = CASE WHEN $1 < 0 THEN followers_count ELSE $1 END,
			following_count = CASE WHEN $2 < 0 THEN following_count ELSE $2 END,
			statuses_count = CASE WHEN $3 < 0 THEN statuses_count ELSE $3 END,
			hide_collections = $4, rev = rev + 1
		WHERE id = $5 AND domain <> ''`, c.Followers, c.Following, c.Statuses, c.Hidden, account)
}
