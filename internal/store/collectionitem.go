package store

import (
	"context"

	"coterie/internal/domain"
)

const itemColumns = `i.id, i.collection_id, i.account_id, i.state, i.approval_uri, i.created_at`

func scanItem(w row) (domain.CollectionItem, error) {
	var i domain.CollectionItem
	return i, w.Scan(&i.ID, &i.Collection, &i.Account, (*string)(&i.State), &i.ApprovalURI, &i.CreatedAt)
}

// CollectionItems are those of the collections, oldest first, as viewer may
// see them: those who agreed, and to the owner also who was asked or refused.
func (r Reader) CollectionItems(ctx context.Context, viewer domain.ID, collections []domain.ID) ([]domain.CollectionItem, error) {
	return all(ctx, r, scanItem, `SELECT `+itemColumns+` FROM collection_items i
		JOIN collections c ON c.id = i.collection_id JOIN accounts a ON a.id = i.account_id
		WHERE`+showsItself+` AND i.collection_id`+r.in(2)+`
			AND (i.state = 'accepted' OR c.account_id = $1 AND i.state <> 'revoked') ORDER BY i.id`, viewer, collections)
}

// CollectionItem is the item of the collection with that id.
func (r Reader) CollectionItem(ctx context.Context, collection, id domain.ID) (domain.CollectionItem, error) {
	return one(ctx, r, scanItem, `SELECT `+itemColumns+` FROM collection_items i WHERE i.id = $1 AND i.collection_id = $2`, id, collection)
}

// ItemOf is account's item of the collection.
func (r Reader) ItemOf(ctx context.Context, collection, account domain.ID) (domain.CollectionItem, error) {
	return one(ctx, r, scanItem, `SELECT `+itemColumns+` FROM collection_items i WHERE i.collection_id = $1 AND i.account_id = $2`, collection, account)
}

// Item is the item with that id, in whatever collection.
func (r Reader) Item(ctx context.Context, id domain.ID) (domain.CollectionItem, error) {
	return one(ctx, r, scanItem, `SELECT `+itemColumns+` FROM collection_items i WHERE i.id = $1`, id)
}

// ItemByApproval is the item that rests on that consent from elsewhere.
func (r Reader) ItemByApproval(ctx context.Context, uri string) (domain.CollectionItem, error) {
	return one(ctx, r, scanItem, `SELECT `+itemColumns+` FROM collection_items i WHERE i.approval_uri = $1`, uri)
}

// ItemsIn are those of the collection whose accounts agreed or are asked,
// whoever looks.
func (r Reader) ItemsIn(ctx context.Context, collection domain.ID) ([]domain.CollectionItem, error) {
	return all(ctx, r, scanItem, `SELECT `+itemColumns+` FROM collection_items i
		WHERE i.collection_id = $1 AND i.state IN ('pending', 'accepted') ORDER BY i.id`, collection)
}

// CountItems is how many accounts are in the collection or are asked to be.
func (r Reader) CountItems(ctx context.Context, collection domain.ID) (int, error) {
	return one(ctx, r, column[int], `SELECT COUNT(*) FROM collection_items WHERE collection_id = $1 AND state IN ('pending', 'accepted')`, collection)
}

// MembersHere are the people here who are in the collection.
func (r Reader) MembersHere(ctx context.Context, collection domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT i.account_id FROM collection_items i JOIN users u ON u.account_id = i.account_id
		WHERE i.collection_id = $1 AND i.state = 'accepted' ORDER BY i.account_id`, collection)
}

// FeatureStandings are how viewer stands to the accounts where it wants to put
// them into a collection, in no order.
func (r Reader) FeatureStandings(ctx context.Context, viewer domain.ID, accounts []domain.ID) ([]domain.FeatureStanding, error) {
	scan := func(w row) (domain.FeatureStanding, error) {
		var s domain.FeatureStanding
		return s, w.Scan(&s.Account, &s.Local, &s.Discoverable, &s.Locked, &s.Suspended, &s.Elsewhere, &s.Follows, &s.Apart)
	}
	return all(ctx, r, scan, `SELECT a.id, a.domain = '', a.discoverable, a.locked, a.suspended_at IS NOT NULL, COALESCE(x.feature_policy, 0),
			EXISTS (SELECT 1 FROM follows f WHERE f.account_id = $1 AND f.target_id = a.id AND NOT f.pending),
			EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $1 AND b.target_id = a.id)
				OR EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = a.id AND b.target_id = $1)
		FROM accounts a LEFT JOIN actors x ON x.account_id = a.id WHERE a.id`+r.in(2), viewer, accounts)
}

// InsertItem puts an account into a collection and reports whether it is new
// there.
func (tx *Tx) InsertItem(i *domain.CollectionItem) (bool, error) {
	i.ID, i.CreatedAt = tx.NewID(), tx.Now()
	n, err := tx.exec(`INSERT INTO collection_items (id, collection_id, account_id, state, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (collection_id, account_id) DO NOTHING`, i.ID, i.Collection, i.Account, string(i.State), i.CreatedAt)
	return n > 0, err
}

// SetItemState remembers how the account stands to being in the collection,
// and its consent.
func (tx *Tx) SetItemState(i *domain.CollectionItem) error {
	return tx.must(`UPDATE collection_items SET state = $1, approval_uri = $2 WHERE id = $3`, string(i.State), nullText(i.ApprovalURI), i.ID)
}

// DeleteItem takes an account out of a collection.
func (tx *Tx) DeleteItem(id domain.ID) error {
	return tx.must(`DELETE FROM collection_items WHERE id = $1`, id)
}

// ItemsBetween are the items by which member is in collections of owner, or is
// asked to be.
func (r Reader) ItemsBetween(ctx context.Context, owner, member domain.ID) ([]domain.CollectionItem, error) {
	return all(ctx, r, scanItem, `SELECT `+itemColumns+` FROM collection_items i JOIN collections c ON c.id = i.collection_id
		WHERE i.account_id = $1 AND c.account_id = $2 AND i.state IN ('pending', 'accepted') ORDER BY i.id`, member, owner)
}

// ForgetCollection takes back what account was told of a collection.
func (tx *Tx) ForgetCollection(account, collection domain.ID) error {
	_, err := tx.exec(`DELETE FROM notifications WHERE account_id = $1 AND collection_id = $2`, account, collection)
	return err
}
