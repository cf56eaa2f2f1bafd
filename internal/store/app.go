package store

import (
	"context"
	"strings"
	"time"

	"coterie/internal/domain"
)

const appColumns = `p.id, p.name, p.website, p.redirect_uris, p.scopes, p.client_id, p.secret_hash, p.created_at`

func scanApp(w row) (domain.App, error) {
	var a domain.App
	var redirects string
	err := w.Scan(&a.ID, &a.Name, &a.Website, &redirects, &a.Scopes, &a.ClientID, &a.SecretHash, &a.CreatedAt)
	a.RedirectURIs = strings.Split(redirects, "\n")
	return a, err
}

// App is the registered client with that id.
func (r Reader) App(ctx context.Context, id domain.ID) (domain.App, error) {
	return one(ctx, r, scanApp, `SELECT `+appColumns+` FROM apps p WHERE p.id = $1`, id)
}

// AppByClient finds a client by the name it was given at registration.
func (r Reader) AppByClient(ctx context.Context, clientID string) (domain.App, error) {
	return one(ctx, r, scanApp, `SELECT `+appColumns+` FROM apps p WHERE p.client_id = $1`, clientID)
}

// AuthorizedApp is an app that a person has let in: what its live tokens may
// do, since when, and when one was last used.
type AuthorizedApp struct {
	App       domain.App
	Scopes    string // of all its tokens, space separated, with repetitions
	GrantedAt time.Time
	UsedAt    time.Time // to the day; zero if never
}

// AuthorizedApps are the apps an account has let in, newest first.
func (r Reader) AuthorizedApps(ctx context.Context, account domain.ID) ([]AuthorizedApp, error) {
	type grant struct {
		app    domain.App
		scopes string
		at     time.Time
		used   time.Time
	}
	rows, err := all(ctx, r, func(w row) (grant, error) {
		var g grant
		var redirects string
		err := w.Scan(&g.app.ID, &g.app.Name, &g.app.Website, &redirects, &g.app.Scopes, &g.app.ClientID, &g.app.SecretHash, &g.app.CreatedAt,
			&g.scopes, &g.at, &g.used)
		g.app.RedirectURIs = strings.Split(redirects, "\n")
		return g, err
	}, `SELECT `+appColumns+`, t.scopes, t.created_at, t.used_at
		FROM tokens t JOIN apps p ON p.id = t.app_id
		WHERE t.account_id = $1 AND t.revoked_at IS NULL ORDER BY t.id DESC`, account)
	if err != nil {
		return nil, err
	}
	var out []AuthorizedApp
	at := map[domain.ID]int{}
	for _, g := range rows {
		i, seen := at[g.app.ID]
		if !seen {
			i = len(out)
			at[g.app.ID] = i
			out = append(out, AuthorizedApp{App: g.app, UsedAt: g.used})
		}
		a := &out[i]
		a.Scopes, a.GrantedAt = strings.TrimSpace(a.Scopes+" "+g.scopes), g.at
		if g.used.After(a.UsedAt) {
			a.UsedAt = g.used
		}
	}
	return out, nil
}

// InsertApp stores a new client.
func (tx *Tx) InsertApp(a *domain.App) error {
	a.ID, a.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO apps (id, name, website, redirect_uris, scopes, client_id, secret_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.ID, a.Name, a.Website, strings.Join(a.RedirectURIs, "\n"), a.Scopes, a.ClientID, a.SecretHash, a.CreatedAt)
	return err
}
