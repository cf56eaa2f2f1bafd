package store

import (
	"context"
	"slices"

	"coterie/internal/domain"
)

// pageOf reads one page of a list, newest first in both directions. Its two
// texts are those of reading down from max_id, newest, and up from min_id,
// nearest (behaviours 4.1). Their arguments: $1 the list's owner, $2 and $3
// the cursors, then more, then the limit.
func pageOf[T any](ctx context.Context, r Reader, p domain.Page, scan func(row) (T, error), newest, nearest string, owner any, more ...any) ([]T, error) {
	text := newest
	if p.Ascending() {
		text = nearest
	}
	args := append([]any{owner, p.After(), p.Before()}, more...)
	list, err := all(ctx, r, scan, text, append(args, p.Limit)...)
	if p.Ascending() {
		slices.Reverse(list)
	}
	return list, err
}
