package store

import (
	"context"

	"coterie/internal/domain"
)

// discoverable is true of an account in alias a that wants to be found and can
// be: it lives, has not moved, and no staff hides it.
const discoverable = `a.discoverable AND a.suspended_at IS NULL AND a.silenced_at IS NULL AND a.moved_to_id IS NULL AND NOT a.memorial AND ` + present

// suggestible is true of an account in alias a that may be suggested to the
// viewer in $1 at the time in $2: not the viewer, not followed or asked, not
// avoided either way, not dismissed (behaviours 16.4).
func suggestible() string {
	return discoverable + ` AND a.id <> $1
		AND NOT EXISTS (SELECT 1 FROM follows sf WHERE sf.account_id = $1 AND sf.target_id = a.id)
		AND NOT EXISTS (SELECT 1 FROM suggestion_dismissals sd WHERE sd.account_id = $1 AND sd.target_id = a.id)
		AND NOT ` + hiddenFrom("a.id", "$1", "$2") + ` AND NOT ` + domainBlocked("a.domain", "$1")
}

// viewerAndTime make arguments 1 and 2 come first whatever else is asked.
const viewerAndTime = `WITH viewing (viewer, moment) AS (SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT)) `

// FollowedByFollowed are at most limit accounts for the viewer that are
// followed by those whom the viewer followed last, up to sources, as far as
// these show whom they follow; those that most of them follow first.
func (r Reader) FollowedByFollowed(ctx context.Context, viewer domain.ID, sources, limit int) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], viewerAndTime+`SELECT a.id FROM (
			SELECT mine.target_id AS friend FROM follows mine JOIN accounts m ON m.id = mine.target_id
			WHERE mine.account_id = $1 AND NOT mine.pending AND NOT m.hide_collections ORDER BY mine.id DESC LIMIT $3) friends
		JOIN follows theirs ON theirs.account_id = friends.friend AND NOT theirs.pending
		JOIN accounts a ON a.id = theirs.target_id
		WHERE `+suggestible()+`
		GROUP BY a.id ORDER BY COUNT(*) DESC, a.id LIMIT $4`, viewer, r.st.Now(), sources, limit)
}

// PopularHere are at most limit accounts for the viewer that most people here
// follow.
func (r Reader) PopularHere(ctx context.Context, viewer domain.ID, limit int) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], viewerAndTime+`SELECT a.id FROM accounts l JOIN follows f ON f.account_id = l.id AND NOT f.pending
			JOIN accounts a ON a.id = f.target_id
		WHERE l.domain = '' AND `+suggestible()+`
		GROUP BY a.id ORDER BY COUNT(*) DESC, a.id LIMIT $3`, viewer, r.st.Now(), limit)
}

// Suggestible are those of the accounts that may still be suggested to the
// viewer, in no order.
func (r Reader) Suggestible(ctx context.Context, viewer domain.ID, ids []domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], viewerAndTime+`SELECT a.id FROM accounts a WHERE `+suggestible()+` AND a.id`+r.in(3), viewer, r.st.Now(), ids)
}

// DismissSuggestion keeps target from being suggested to account again.
func (tx *Tx) DismissSuggestion(account, target domain.ID) error {
	_, err := tx.exec(`INSERT INTO suggestion_dismissals (account_id, target_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, account, target)
	return err
}

// DirectoryPage asks for a part of the profile directory.
type DirectoryPage struct {
	Viewer        domain.ID // 0: anonymous
	Local         bool      // people of this community only
	New           bool      // the newest first, else who posted last
	Limit, Offset int
}

// Directory are the accounts that want to be found (behaviours 16.5), without
// those that the viewer avoids or is blocked by.
func (r Reader) Directory(ctx context.Context, p DirectoryPage) ([]domain.ID, error) {
	text := viewerAndTime + `SELECT a.id FROM accounts a WHERE ` + discoverable + ` AND NOT ` + hiddenFrom("a.id", "$1", "$2")
	if p.Local {
		text += ` AND a.domain = ''`
	} else {
		text += ` AND NOT ` + domainBlocked("a.domain", "$1")
	}
	if p.New {
		text += ` ORDER BY a.id DESC`
	} else {
		text += ` ORDER BY a.last_status_at DESC NULLS LAST, a.id DESC`
	}
	return all(ctx, r, column[domain.ID], text+` LIMIT $3 OFFSET $4`, p.Viewer, r.st.Now(), p.Limit, p.Offset)
}
