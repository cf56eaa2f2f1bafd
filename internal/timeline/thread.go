package timeline

import (
	"context"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Thread is what stands around a status, ids in the order they are shown.
type Thread struct {
	Ancestors   []domain.ID
	Descendants []domain.ID
}

// Limits of a thread (behaviours 8.14): those of an anonymous visitor are
// smaller.
const (
	maxThread            = 4096
	anonymousAncestors   = 40
	anonymousDescendants = 60
	anonymousDepth       = 20
)

// Thread is the thread around the status, or domain.ErrNotFound if the viewer
// may not see it. That of a boost is that of what it boosts.
func (s *Service) Thread(ctx context.Context, viewer, id domain.ID) (Thread, error) {
	up, down, depth := maxThread, maxThread, maxThread
	if viewer == 0 {
		up, down, depth = anonymousAncestors, anonymousDescendants, anonymousDepth
	}
	focus, err := s.st.Status(ctx, viewer, id)
	if err != nil {
		return Thread{}, err
	}
	if focus.ReblogOf != 0 {
		return s.Thread(ctx, viewer, focus.ReblogOf)
	}
	before, err := s.st.Ancestors(ctx, viewer, id, up)
	if err != nil {
		return Thread{}, err
	}
	after, err := s.st.Descendants(ctx, viewer, id, depth)
	if err != nil {
		return Thread{}, err
	}
	t := Thread{Ancestors: []domain.ID{}, Descendants: []domain.ID{}}
	for _, p := range before {
		if p.Shown {
			t.Ancestors = append(t.Ancestors, p.ID)
		}
	}
	for _, p := range arrange(&focus, after) {
		if p.Shown && len(t.Descendants) < down {
			t.Descendants = append(t.Descendants, p.ID)
		}
	}
	return t, nil
}

// arrange puts the descendants of root, given oldest first, in depth-first
// order, oldest branch first, and moves the statuses with which root's author
// goes on to the front.
func arrange(root *domain.Status, posts []store.Post) []store.Post {
	children := make(map[domain.ID][]int, len(posts))
	for i, p := range posts {
		children[p.InReplyTo] = append(children[p.InReplyTo], i)
	}
	goesOn := map[domain.ID]bool{root.ID: true}
	front := make([]store.Post, 0, len(posts))
	rest := make([]store.Post, 0, len(posts))
	stack := pushReversed(nil, children[root.ID])
	for len(stack) > 0 {
		p := posts[stack[len(stack)-1]]
		stack = pushReversed(stack[:len(stack)-1], children[p.ID])
		if p.Account == root.Account && goesOn[p.InReplyTo] {
			goesOn[p.ID] = true
			front = append(front, p)
		} else {
			rest = append(rest, p)
		}
	}
	return append(front, rest...)
}

func pushReversed(stack, list []int) []int {
	for _, i := range slices.Backward(list) {
		stack = append(stack, i)
	}
	return stack
}
