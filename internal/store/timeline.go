package store

import (
	"context"
	"slices"

	"coterie/internal/domain"
)

// Entry is one line of a list whose cursors are not the ids of what it shows
// (behaviours 4.5).
type Entry struct {
	Cursor domain.ID
	ID     domain.ID
}

func scanEntry(w row) (Entry, error) {
	var e Entry
	err := w.Scan(&e.Cursor, &e.ID)
	return e, err
}

// The end of a statement that reads a page by the id expression before it:
// arguments 1 to 3 are Before, After and Limit of a domain.Page.
const (
	pageArguments = `WITH page (before, after, size) AS (SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT)) `
	within        = ` < $1 AND `
	beyond        = ` > $2 `
)

// pageEntries reads a page, newest first whichever way it is read. text ends
// before ORDER BY and names the cursor column by its alias.
func (r Reader) pageEntries(ctx context.Context, p domain.Page, cursor, text string, more ...any) ([]Entry, error) {
	order := ` DESC`
	if p.Ascending() {
		order = ` ASC`
	}
	args := append([]any{p.Before(), p.After(), p.Limit}, more...)
	out, err := all(ctx, r, scanEntry, pageArguments+text+` AND `+cursor+within+cursor+beyond+`ORDER BY `+cursor+order+` LIMIT $3`, args...)
	if p.Ascending() {
		slices.Reverse(out)
	}
	return out, err
}

// pageIDs is pageEntries of entries that are their own cursors.
func pageIDs(list []Entry, err error) ([]domain.ID, error) {
	ids := make([]domain.ID, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	return ids, err
}

// PublicFilter narrows the public timeline.
type PublicFilter struct {
	Local     bool
	Remote    bool
	Languages []string // empty: all; statuses of unknown language always pass
}

// listed is what every public timeline asks of a status s by a: no boost,
// public, by nobody suspended or limited, and nobody the viewer in argument 4
// avoids or is blocked by, at the time in argument 5.
func listed() string {
	return `s.visibility = 0 AND s.reblog_of_id IS NULL AND a.suspended_at IS NULL AND a.silenced_at IS NULL
		AND NOT ` + hiddenFrom("s.account_id", "$4", "$5")
}

// Public is the public timeline for the viewer, 0 for an anonymous one
// (behaviours 11): posts and threads of one's own, no replies to others.
func (r Reader) Public(ctx context.Context, viewer domain.ID, f PublicFilter, p domain.Page) ([]domain.ID, error) {
	text := `SELECT s.id, s.id FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE ` + listed() + `
		AND (s.in_reply_to_id IS NULL OR s.in_reply_to_account_id = s.account_id)`
	if f.Local {
		text += ` AND s.local`
	} else {
		text += ` AND NOT ` + domainBlocked("a.domain", "$4")
	}
	if f.Remote {
		text += ` AND NOT s.local`
	}
	args := []any{viewer, r.st.Now()}
	if len(f.Languages) > 0 {
		text += ` AND (s.language = '' OR s.language` + r.inText(6) + `)`
		args = append(args, f.Languages)
	}
	return pageIDs(r.pageEntries(ctx, p, "s.id", text, args...))
}
