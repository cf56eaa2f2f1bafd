package store

import (
	"context"
	"slices"

	"coterie/internal/domain"
)

// pageTexts are the two directions of one list: newest downwards from max_id,
// nearest upwards from min_id (behaviours 4.1). Arguments: $1 the list's
// owner, $2 and $3 the cursors, $4 whatever the list needs besides, then the
// limit.
type pageTexts struct{ newest, nearest string }

// pageOf reads one page, newest first in both directions.
func pageOf[T any](ctx context.Context, r Reader, p domain.Page, scan func(row) (T, error), texts pageTexts, owner any, more ...any) ([]T, error) {
	text := texts.newest
	if p.Ascending() {
		text = texts.nearest
	}
	args := append([]any{owner, p.After(), p.Before()}, more...)
	list, err := all(ctx, r, scan, text, append(args, p.Limit)...)
	if p.Ascending() {
		slices.Reverse(list)
	}
	return list, err
}
