package store

import (
	"context"

	"coterie/internal/domain"
)

const collectionColumns = `c.id, c.account_id, c.uri, c.name, c.description, c.language, t.id, t.name, t.display,
	c.sensitive, c.discoverable, c.created_at, c.updated_at`

const collections = ` FROM collections c JOIN accounts a ON a.id = c.account_id LEFT JOIN tags t ON t.id = c.tag_id `

func scanCollection(w row) (domain.Collection, error) {
	var c domain.Collection
	err := w.Scan(&c.ID, &c.Account, &c.URI, &c.Name, &c.Description, &c.Language, &c.Tag.ID, &c.Tag.Name, &c.Tag.Display,
		&c.Sensitive, &c.Discoverable, &c.CreatedAt, &c.UpdatedAt)
	return c, err
}

// showsItself is true of an account a that is not suspended and does not block
// the viewer in $1.
const showsItself = ` a.suspended_at IS NULL AND NOT EXISTS (SELECT 1 FROM blocks vb WHERE vb.account_id = a.id AND vb.target_id = $1)`

// Collection is the one with that id, as far as viewer may see its owner.
func (r Reader) Collection(ctx context.Context, viewer, id domain.ID) (domain.Collection, error) {
	return one(ctx, r, scanCollection, `SELECT `+collectionColumns+collections+`WHERE`+showsItself+` AND c.id = $2`, viewer, id)
}

// CollectionByURI is the one from elsewhere with that URI, whoever looks.
func (r Reader) CollectionByURI(ctx context.Context, uri string) (domain.Collection, error) {
	return one(ctx, r, scanCollection, `SELECT `+collectionColumns+collections+`WHERE c.uri = $1`, uri)
}

// AnyCollection is the one with that id, whoever looks: for federation.
func (r Reader) AnyCollection(ctx context.Context, id domain.ID) (domain.Collection, error) {
	return one(ctx, r, scanCollection, `SELECT `+collectionColumns+collections+`WHERE c.id = $1`, id)
}

// CollectionsAt are the ids of those that have one of these ids, if they were
// made here, or of these URIs.
func (r Reader) CollectionsAt(ctx context.Context, ids []domain.ID, uris []string) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT c.id FROM collections c
		WHERE c.uri IS NULL AND c.id`+r.in(1)+` OR c.uri`+r.inText(2)+` ORDER BY c.id`, ids, uris)
}

// TaggedCollection is a collection that a status links to.
type TaggedCollection struct{ Status, Collection domain.ID }

// TaggedCollections are those that the statuses link to, by status.
func (r Reader) TaggedCollections(ctx context.Context, statuses []domain.ID) ([]TaggedCollection, error) {
	return all(ctx, r, func(w row) (TaggedCollection, error) {
		var t TaggedCollection
		return t, w.Scan(&t.Status, &t.Collection)
	}, `SELECT s.status_id, s.collection_id FROM status_collections s WHERE s.status_id`+r.in(1)+` ORDER BY s.status_id, s.collection_id`, statuses)
}

// ReportableCollections are those of the collections that owner made and
// viewer may see; for the viewer 0 all that it made.
func (r Reader) ReportableCollections(ctx context.Context, viewer, owner domain.ID, ids []domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT c.id`+collections+`WHERE`+showsItself+` AND c.account_id = $2 AND c.id`+r.in(3)+` ORDER BY c.id`,
		viewer, owner, ids)
}

// CollectionsByID are those with these ids whose owners viewer may see, in no
// order.
func (r Reader) CollectionsByID(ctx context.Context, viewer domain.ID, ids []domain.ID) ([]domain.Collection, error) {
	return all(ctx, r, scanCollection, `SELECT `+collectionColumns+collections+`WHERE`+showsItself+` AND c.id`+r.in(2), viewer, ids)
}

// CollectionsOf are those of account, newest first: all of them to itself, to
// others those it shows on its profile.
func (r Reader) CollectionsOf(ctx context.Context, viewer, account domain.ID, limit, offset int) ([]domain.Collection, error) {
	return all(ctx, r, scanCollection, `SELECT `+collectionColumns+collections+`WHERE`+showsItself+`
		AND c.account_id = $2 AND (c.discoverable OR c.account_id = $1) ORDER BY c.id DESC LIMIT $3 OFFSET $4`, viewer, account, limit, offset)
}

// CollectionsWith are those that account is in, newest first.
func (r Reader) CollectionsWith(ctx context.Context, account domain.ID, limit, offset int) ([]domain.Collection, error) {
	return all(ctx, r, scanCollection, `SELECT `+collectionColumns+collections+`WHERE`+showsItself+`
		AND c.id IN (SELECT i.collection_id FROM collection_items i WHERE i.account_id = $1 AND i.state = 'accepted')
		ORDER BY c.id DESC LIMIT $2 OFFSET $3`, account, limit, offset)
}

// CountCollections is how many collections account has.
func (r Reader) CountCollections(ctx context.Context, account domain.ID) (int, error) {
	return one(ctx, r, column[int], `SELECT COUNT(*) FROM collections WHERE account_id = $1`, account)
}

// InsertCollection stores a new one and gives it id and times.
func (tx *Tx) InsertCollection(c *domain.Collection) error {
	c.ID, c.CreatedAt, c.UpdatedAt = tx.NewID(), tx.Now(), tx.Now()
	_, err := tx.exec(`INSERT INTO collections (id, account_id, uri, name, description, language, tag_id, sensitive, discoverable, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		c.ID, c.Account, nullText(c.URI), c.Name, c.Description, c.Language, nullID(c.Tag.ID), c.Sensitive, c.Discoverable, c.CreatedAt, c.UpdatedAt)
	return err
}

// Consent is somebody's leave to be in a collection.
type Consent struct {
	Account domain.ID
	URI     string
}

// MirrorCollection is the id of our copy of a collection elsewhere, made or
// brought up to date, with those accounts of other servers in it.
func (tx *Tx) MirrorCollection(ctx context.Context, c domain.Collection, members []Consent) (domain.ID, error) {
	known, err := tx.CollectionByURI(ctx, c.URI)
	switch {
	case err == nil && known.Account != c.Account:
		return 0, domain.Errorf(domain.Forbidden, "It is another's collection")
	case !domain.Is(err, domain.NotFound) && err != nil:
		return 0, err
	}
	if c.Tag.Name != "" {
		if c.Tag, err = tx.EnsureTag(c.Tag); err != nil {
			return 0, err
		}
	}
	c.ID, c.Language, c.CreatedAt, c.UpdatedAt = known.ID, known.Language, known.CreatedAt, known.UpdatedAt
	switch {
	case known.ID == 0:
		err = tx.InsertCollection(&c)
	case c != known:
		err = tx.UpdateCollection(&c)
	default:
		err = nil
	}
	if err != nil {
		return 0, err
	}
	for _, m := range members {
		i := domain.CollectionItem{Collection: c.ID, Account: m.Account, State: domain.ItemAccepted, ApprovalURI: m.URI}
		isNew, err := tx.InsertItem(&i)
		if err != nil {
			return 0, err
		}
		if !isNew {
			continue
		}
		if err := tx.SetItemState(&i); err != nil {
			return 0, err
		}
	}
	return c.ID, nil
}

// UpdateCollection stores what an owner may change about it.
func (tx *Tx) UpdateCollection(c *domain.Collection) error {
	c.UpdatedAt = tx.Now()
	return tx.must(`UPDATE collections SET name = $1, description = $2, language = $3, tag_id = $4, sensitive = $5, discoverable = $6, updated_at = $7
		WHERE id = $8`, c.Name, c.Description, c.Language, nullID(c.Tag.ID), c.Sensitive, c.Discoverable, c.UpdatedAt, c.ID)
}

// TagCollections makes the status link to these collections and no others.
func (tx *Tx) TagCollections(status domain.ID, collections []domain.ID) error {
	if _, err := tx.exec(`DELETE FROM status_collections WHERE status_id = $1`, status); err != nil {
		return err
	}
	for _, id := range collections {
		if _, err := tx.exec(`INSERT INTO status_collections (status_id, collection_id)
			SELECT CAST($1 AS BIGINT), c.id FROM collections c WHERE c.id = $2`, status, id); err != nil {
			return err
		}
	}
	return nil
}

// TagCollection makes the status link to one more collection, if both are there.
func (tx *Tx) TagCollection(status, collection domain.ID) error {
	_, err := tx.exec(`INSERT INTO status_collections (status_id, collection_id)
		SELECT s.id, c.id FROM statuses s, collections c WHERE s.id = $1 AND c.id = $2 ON CONFLICT DO NOTHING`, status, collection)
	if err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE statuses SET rev = rev + 1 WHERE id = $1`, status)
	return err
}

// DeleteCollection removes one and what was told of it.
func (tx *Tx) DeleteCollection(id domain.ID) error {
	if _, err := tx.exec(`DELETE FROM notifications WHERE collection_id = $1 AND collection_id <> 0`, id); err != nil {
		return err
	}
	return tx.must(`DELETE FROM collections WHERE id = $1`, id)
}
