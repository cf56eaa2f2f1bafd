package mastoapi

import (
	"context"
	"slices"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/relation"
	"coterie/internal/render"
	"coterie/internal/store"
)

const (
	accountsPerPage = 40  // behaviours 4.6
	domainsPerPage  = 100 // behaviours 4.6
)

// relate runs a verb of the viewer on the account in the path and answers
// how they stand then.
func (a *API) relate(verb func(ctx context.Context, actor, target domain.ID) error) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		if _, err := a.Account.Present(r.Context(), id); err != nil {
			return nil, err
		}
		if err := verb(r.Context(), r.Viewer.Account, id); err != nil {
			return nil, err
		}
		return a.Render.Relationship(r.Context(), r.Viewer.Account, id)
	}
}

func (a *API) follow(r *httpkit.Request) (any, error) {
	o := relation.FollowOptions{Reblogs: r.Params.Bool("reblogs"), Notify: r.Params.Bool("notify")}
	if r.Params.Has("languages") {
		languages := r.Params.Strings("languages")
		o.Languages = &languages
	}
	return a.relate(func(ctx context.Context, actor, target domain.ID) error {
		return a.Relation.Follow(ctx, actor, target, o)
	})(r)
}

func (a *API) mute(r *httpkit.Request) (any, error) {
	notifications := r.Params.BoolOr("notifications", true)
	d, ok := r.Params.Seconds("duration")
	if ok && d < 0 {
		d = 0
	}
	return a.relate(func(ctx context.Context, actor, target domain.ID) error {
		return a.Relation.Mute(ctx, actor, target, notifications, d)
	})(r)
}

func (a *API) note(r *httpkit.Request) (any, error) {
	comment := r.Params.StringOr("comment", "")
	return a.relate(func(ctx context.Context, actor, target domain.ID) error {
		return a.Relation.Note(ctx, actor, target, comment)
	})(r)
}

func (a *API) relationships(r *httpkit.Request) (any, error) {
	list, err := a.Render.Relationships(r.Context(), r.Viewer.Account, r.Params.IDs("id"))
	if err == nil && !r.Params.BoolOr("with_suspended", false) {
		list = slices.DeleteFunc(list, func(k render.Relationship) bool { return k.Suspended })
	}
	return list, err
}

// maxFamiliar is how many followers are shown of each account.
const maxFamiliar = 10

func (a *API) familiarFollowers(r *httpkit.Request) (any, error) {
	type familiar struct {
		ID       domain.ID `json:"id"`
		Accounts any       `json:"accounts"`
	}
	ids := r.Params.IDs("id")
	found, err := a.Store.FamiliarFollowers(r.Context(), r.Viewer.Account, ids, maxFamiliar)
	if err != nil {
		return nil, err
	}
	out := []familiar{}
	for _, id := range ids {
		accounts, err := a.Render.Accounts(r.Context(), r.Viewer.Account, found[id])
		if err != nil {
			return nil, err
		}
		out = append(out, familiar{id, accounts})
	}
	return out, nil
}

// accountRows answers a list of accounts that is paged by rows of its own.
func (a *API) accountRows(r *httpkit.Request, rows []store.Row, limit int) (any, error) {
	ids := make([]domain.ID, len(rows))
	for i, e := range rows {
		ids[i] = e.Account
	}
	items, err := a.Render.Accounts(r.Context(), r.Viewer.Account, ids)
	if err != nil {
		return nil, err
	}
	page := httpkit.Page{Items: items, PrevSince: true}
	if len(rows) > 0 {
		page.Prev = rows[0].ID
		// Next only when the page was full (behaviours 4.4).
		if len(rows) == limit {
			page.Next = rows[len(rows)-1].ID
		}
	}
	return page, nil
}

// people answers followers or following of the account in the path. They are
// empty for others if it hides them, and for whom it blocks (behaviours 7.11).
func (a *API) people(list func(ctx context.Context, viewer, account domain.ID, p domain.Page) ([]store.Row, error)) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		account, err := a.Store.PresentAccount(r.Context(), id)
		if err != nil {
			return nil, err
		}
		blocked, err := a.Store.Blocks(r.Context(), id, r.Viewer.Account)
		if err != nil {
			return nil, err
		}
		if account.Suspended() || blocked || account.HideCollections && r.Viewer.Account != id {
			return []any{}, nil
		}
		p := r.Page(accountsPerPage)
		rows, err := list(r.Context(), r.Viewer.Account, id, p)
		if err != nil {
			return nil, err
		}
		return a.accountRows(r, rows, p.Limit)
	}
}

// ownPeople answers a list of accounts that belongs to the viewer.
func (a *API) ownPeople(list func(ctx context.Context, account domain.ID, p domain.Page) ([]store.Row, error)) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		p := r.Page(accountsPerPage)
		rows, err := list(r.Context(), r.Viewer.Account, p)
		if err != nil {
			return nil, err
		}
		return a.accountRows(r, rows, p.Limit)
	}
}

func (a *API) ownEndorsements(ctx context.Context, account domain.ID, p domain.Page) ([]store.Row, error) {
	return a.Store.Endorsements(ctx, account, account, p)
}

func (a *API) mutes(r *httpkit.Request) (any, error) {
	p := r.Page(accountsPerPage)
	muted, err := a.Store.MutedList(r.Context(), r.Viewer.Account, p, a.Now())
	if err != nil {
		return nil, err
	}
	ids, ends := make([]domain.ID, len(muted)), map[domain.ID]time.Time{}
	for i, m := range muted {
		ids[i], ends[m.Account] = m.Account, m.ExpiresAt
	}
	items, err := a.Render.MutedAccounts(r.Context(), ids, ends)
	if err != nil {
		return nil, err
	}
	page := httpkit.Page{Items: items, PrevSince: true}
	if len(muted) > 0 {
		page.Prev = muted[0].ID
		if len(muted) == p.Limit {
			page.Next = muted[len(muted)-1].ID
		}
	}
	return page, nil
}

func (a *API) domainBlocks(r *httpkit.Request) (any, error) {
	p := r.Page(domainsPerPage)
	list, err := a.Store.DomainBlocks(r.Context(), r.Viewer.Account, p)
	if err != nil {
		return nil, err
	}
	hosts := []string{}
	for _, d := range list {
		hosts = append(hosts, d.Domain)
	}
	page := httpkit.Page{Items: hosts, PrevSince: true}
	if len(list) > 0 {
		page.Prev = list[0].ID
		if len(list) == p.Limit {
			page.Next = list[len(list)-1].ID
		}
	}
	return page, nil
}

func (a *API) blockDomain(r *httpkit.Request) (any, error) {
	return nil, a.Relation.BlockDomain(r.Context(), r.Viewer.Account, r.Params.StringOr("domain", ""), a.Domain)
}

func (a *API) unblockDomain(r *httpkit.Request) (any, error) {
	return nil, a.Relation.UnblockDomain(r.Context(), r.Viewer.Account, r.Params.StringOr("domain", ""))
}
