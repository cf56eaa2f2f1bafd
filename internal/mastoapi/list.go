package mastoapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/relation"
	"coterie/internal/render"
)

func listChange(r *httpkit.Request) relation.ListChange {
	c := relation.ListChange{Exclusive: r.Params.Bool("exclusive")}
	if title, ok := r.Params.String("title"); ok {
		c.Title = &title
	}
	if policy, ok := r.Params.String("replies_policy"); ok {
		p := domain.RepliesPolicy(policy)
		c.Replies = &p
	}
	return c
}

func oneList(l domain.List, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return render.UserLists(l)[0], nil
}

func (a *API) lists(r *httpkit.Request) (any, error) {
	all, err := a.Store.Lists(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return render.UserLists(all...), nil
}

func (a *API) list(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return oneList(a.Store.List(r.Context(), r.Viewer.Account, id))
}

func (a *API) createList(r *httpkit.Request) (any, error) {
	return oneList(a.Relation.CreateList(r.Context(), r.Viewer.Account, listChange(r)))
}

func (a *API) changeList(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return oneList(a.Relation.ChangeList(r.Context(), r.Viewer.Account, id, listChange(r)))
}

func (a *API) deleteList(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Relation.DeleteList(r.Context(), r.Viewer.Account, id)
}

// maxListMembers is what limit=0 asks for: all (behaviours 4.6).
const maxListMembers = 10_000

func (a *API) listMembers(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if _, err := a.Store.List(r.Context(), r.Viewer.Account, id); err != nil {
		return nil, err
	}
	p := r.Page(accountsPerPage)
	n, given := r.Params.Int("limit")
	all := given && n == 0
	if all {
		p.Limit = maxListMembers
	}
	rows, err := a.Store.ListMembers(r.Context(), id, p)
	if err != nil {
		return nil, err
	}
	answer, err := a.accountRows(r, rows, p.Limit)
	if page, ok := answer.(httpkit.Page); ok && all {
		return page.Items, err
	}
	return answer, err
}

func (a *API) addToList(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Relation.AddToList(r.Context(), r.Viewer.Account, id, r.Params.IDs("account_ids"))
}

func (a *API) removeFromList(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Relation.RemoveFromList(r.Context(), r.Viewer.Account, id, r.Params.IDs("account_ids"))
}

func (a *API) listsWith(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	all, err := a.Store.ListsWith(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	return render.UserLists(all...), nil
}
