package store

import (
	"context"

	"coterie/internal/domain"
)

// Favourite stores that somebody likes a status, and sets its id; false if
// they did before.
func (tx *Tx) Favourite(f *domain.Favourite) (bool, error) {
	f.ID = tx.NewID()
	n, err := tx.exec(`INSERT INTO favourites (id, account_id, status_id, uri, reaction) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id, status_id) DO NOTHING`, f.ID, f.Account, f.Status, nullText(f.URI), f.Reaction)
	return n > 0, err
}

// Unfavourite takes it back and returns it; ErrNotFound if there was none.
func (tx *Tx) Unfavourite(account, status domain.ID) (domain.Favourite, error) {
	f, err := one(tx.ctx(), tx.Reader, scanFavourite, `SELECT `+favouriteColumns+` FROM favourites f WHERE f.account_id = $1 AND f.status_id = $2`, account, status)
	if err != nil {
		return f, err
	}
	return f, tx.must(`DELETE FROM favourites WHERE id = $1`, f.ID)
}

const favouriteColumns = `f.id, f.account_id, f.status_id, f.uri, f.reaction`

func scanFavourite(w row) (domain.Favourite, error) {
	var f domain.Favourite
	return f, w.Scan(&f.ID, &f.Account, &f.Status, &f.URI, &f.Reaction)
}

// FavouriteByURI is what account likes by an activity of that id.
func (r Reader) FavouriteByURI(ctx context.Context, account domain.ID, uri string) (domain.Favourite, error) {
	return one(ctx, r, scanFavourite, `SELECT `+favouriteColumns+` FROM favourites f WHERE f.uri = $1 AND f.account_id = $2`, uri, account)
}

// FavouriteByID is the favourite of that row.
func (r Reader) FavouriteByID(ctx context.Context, id domain.ID) (domain.Favourite, error) {
	return one(ctx, r, scanFavourite, `SELECT `+favouriteColumns+` FROM favourites f WHERE f.id = $1`, id)
}
