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

// withMedia asks of a status s that it shows attachments of its own.
const withMedia = ` AND EXISTS (SELECT 1 FROM attachments m WHERE m.status_id = s.id AND m.position >= 0)`

// PublicFilter narrows the public timeline.
type PublicFilter struct {
	Local     bool
	Remote    bool
	Media     bool     // with attachments only
	Languages []string // empty: all; statuses of unknown language always pass
}

// listed is what every public timeline asks of a status s by a: no boost,
// public, by nobody suspended or limited, for the viewer in argument 4 to see,
// and by nobody whom that one avoids or is blocked by, at the time in argument 5.
func listed() string {
	return `s.visibility = 0 AND s.reblog_of_id IS NULL AND a.suspended_at IS NULL AND a.silenced_at IS NULL
		AND ` + shownHere("s", "$4") + ` AND NOT ` + hiddenFrom("s.account_id", "$4", "$5")
}

// Public is the public timeline for the viewer, 0 for an anonymous one
// (behaviours 11): posts and threads of one's own, no replies to others.
func (r Reader) Public(ctx context.Context, viewer domain.ID, f PublicFilter, p domain.Page) ([]domain.ID, error) {
	text := `SELECT s.id, s.id FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE ` + listed() + `
		AND s.in_reply_to_uri IS NULL AND (s.in_reply_to_id IS NULL OR s.in_reply_to_account_id = s.account_id)`
	if f.Local {
		text += ` AND s.local`
	} else {
		text += ` AND NOT ` + domainBlocked("a.domain", "$4")
	}
	if f.Remote {
		text += ` AND NOT s.local`
	}
	if f.Media {
		text += withMedia
	}
	args := []any{viewer, r.st.Now()}
	if len(f.Languages) > 0 {
		text += ` AND (s.language = '' OR s.language` + r.inText(6) + `)`
		args = append(args, f.Languages)
	}
	return pageIDs(r.pageEntries(ctx, p, "s.id", text, args...))
}

// TagFilter says which hashtags a status has: one of Any, and all of All, and
// none of None.
type TagFilter struct {
	Any, All, None []domain.ID
	PublicFilter
}

// TagIDs are the ids of the hashtags with these names, by name; unknown ones
// are missing.
func (r Reader) TagIDs(ctx context.Context, names []string) (map[string]domain.ID, error) {
	out := make(map[string]domain.ID, len(names))
	err := r.each(ctx, func(w row) error {
		var id domain.ID
		var name string
		err := w.Scan(&id, &name)
		out[name] = id
		return err
	}, `SELECT id, name FROM tags WHERE name`+r.inText(1), names)
	return out, err
}

// Tagged is the hashtag timeline for the viewer, 0 for an anonymous one:
// public statuses, replies too (behaviours 11, 11.7).
func (r Reader) Tagged(ctx context.Context, viewer domain.ID, f TagFilter, p domain.Page) ([]domain.ID, error) {
	text := `SELECT h.status_id, h.status_id FROM status_tags h JOIN statuses s ON s.id = h.status_id JOIN accounts a ON a.id = s.account_id
		WHERE ` + listed() + ` AND NOT ` + domainBlocked("a.domain", "$4")
	var tags any = f.Any
	if len(f.Any) == 1 {
		text += ` AND h.tag_id = $6` // walks the index of the one hashtag
		tags = f.Any[0]
	} else {
		text += ` AND h.tag_id` + r.in(6) + ` AND h.tag_id = (SELECT min(x.tag_id) FROM status_tags x WHERE x.status_id = h.status_id AND x.tag_id` + r.in(6) + `)`
	}
	text += ` AND (SELECT count(*) FROM status_tags x WHERE x.status_id = h.status_id AND x.tag_id` + r.in(7) + `) = $8
		AND NOT EXISTS (SELECT 1 FROM status_tags x WHERE x.status_id = h.status_id AND x.tag_id` + r.in(9) + `)`
	if f.Local {
		text += ` AND s.local`
	}
	if f.Remote {
		text += ` AND NOT s.local`
	}
	if f.Media {
		text += withMedia
	}
	return pageIDs(r.pageEntries(ctx, p, "h.status_id", text, viewer, r.st.Now(), tags, f.All, len(f.All), f.None))
}

// ProfileFilter narrows the statuses of an account.
type ProfileFilter struct {
	ExcludeReplies bool // to others
	ExcludeReblogs bool
	ExcludeDirect  bool
	Media          bool      // with attachments only, no boosts
	Tag            domain.ID // 0: any
}

// seenOnProfile asks of a status s by a what its author's profile asks: the
// viewer in argument 4 may see it, and of a boost that at the time in argument
// 5 the viewer does not avoid the boosted author.
func seenOnProfile() string {
	return visible("s", "a", 4) + ` AND ` + visibleOriginal("s", 4) + ` AND NOT EXISTS (
		SELECT 1 FROM statuses o JOIN accounts oa ON oa.id = o.account_id WHERE o.id = s.reblog_of_id
		AND (` + hiddenFrom("o.account_id", "$4", "$5") + ` OR ` + domainBlocked("oa.domain", "$4") + `))`
}

// StatusesOf are what an account posted and boosted, as far as the viewer, 0
// for an anonymous one, may see it (behaviours 11).
func (r Reader) StatusesOf(ctx context.Context, viewer, account domain.ID, f ProfileFilter, p domain.Page) ([]domain.ID, error) {
	text := `SELECT s.id, s.id FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE ` + seenOnProfile() + ` AND s.account_id = $6`
	if f.ExcludeReplies {
		text += ` AND s.in_reply_to_uri IS NULL AND (s.in_reply_to_id IS NULL OR s.in_reply_to_account_id = s.account_id)`
	}
	if f.ExcludeReblogs {
		text += ` AND s.reblog_of_id IS NULL`
	}
	if f.ExcludeDirect {
		text += ` AND s.visibility <> 3`
	}
	if f.Media {
		text += withMedia
	}
	args := []any{viewer, r.st.Now(), account}
	if f.Tag != 0 {
		text += ` AND EXISTS (SELECT 1 FROM status_tags x WHERE x.tag_id = $7 AND x.status_id = s.id)`
		args = append(args, f.Tag)
	}
	return pageIDs(r.pageEntries(ctx, p, "s.id", text, args...))
}

// PinnedBy are the statuses pinned to a profile that the viewer may see, the
// newest pin first (behaviours 11.10); cursors are pins.
func (r Reader) PinnedBy(ctx context.Context, viewer, account domain.ID, p domain.Page) ([]Entry, error) {
	return r.pageEntries(ctx, p, "p.id", `SELECT p.id, p.status_id FROM pins p JOIN statuses s ON s.id = p.status_id
		JOIN accounts a ON a.id = s.account_id WHERE `+seenOnProfile()+` AND p.account_id = $6`, viewer, r.st.Now(), account)
}

// Favourites are what the account has favourited, the newest favourite first,
// whether or not it may still be seen (behaviours 11.9).
func (r Reader) Favourites(ctx context.Context, account domain.ID, p domain.Page) ([]Entry, error) {
	return r.pageEntries(ctx, p, "f.id", `SELECT f.id, f.status_id FROM favourites f WHERE f.account_id = $4`, account)
}

// Bookmarks are what the account has bookmarked, like Favourites.
func (r Reader) Bookmarks(ctx context.Context, account domain.ID, p domain.Page) ([]Entry, error) {
	return r.pageEntries(ctx, p, "k.id", `SELECT k.id, k.status_id FROM bookmarks k WHERE k.account_id = $4`, account)
}

// FavouritedBy are those who favourited a status that the viewer may see, the
// ones the viewer avoids left out. IDs of the entries are accounts.
func (r Reader) FavouritedBy(ctx context.Context, viewer, status domain.ID, p domain.Page) ([]Entry, error) {
	return r.pageEntries(ctx, p, "f.id", `SELECT f.id, f.account_id FROM favourites f JOIN accounts a ON a.id = f.account_id
		WHERE a.suspended_at IS NULL AND NOT `+hiddenFrom("f.account_id", "$4", "$5")+` AND f.status_id = $6`, viewer, r.st.Now(), status)
}

// RebloggedBy are those whose boost of a status the viewer may see, like
// FavouritedBy; cursors are boosts.
func (r Reader) RebloggedBy(ctx context.Context, viewer, status domain.ID, p domain.Page) ([]Entry, error) {
	return r.pageEntries(ctx, p, "s.id", `SELECT s.id, s.account_id FROM statuses s JOIN accounts a ON a.id = s.account_id
		WHERE `+visible("s", "a", 4)+` AND NOT `+hiddenFrom("s.account_id", "$4", "$5")+` AND s.reblog_of_id = $6`, viewer, r.st.Now(), status)
}
