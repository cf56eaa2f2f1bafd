package adminapi

import (
	"context"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/moderation"
	"coterie/internal/store"
)

// accountsV1 is GET /api/v1/admin/accounts: a flag for each filter.
func (a *API) accountsV1(r *httpkit.Request) (any, error) {
	p := r.Params
	f := wordsOf(p)
	f.Local, f.Remote, f.Staff = p.BoolOr("local", false), p.BoolOr("remote", false), p.BoolOr("staff", false)
	for _, status := range [...]string{"active", "pending", "disabled", "sensitized", "silenced", "suspended"} {
		if p.BoolOr(status, false) {
			f.Status = status
		}
	}
	return a.findAccounts(r, f)
}

// accountsV2 is GET /api/v2/admin/accounts.
func (a *API) accountsV2(r *httpkit.Request) (any, error) {
	p := r.Params
	f := wordsOf(p)
	origin := p.StringOr("origin", "")
	f.Local, f.Remote = origin == "local", origin == "remote"
	f.Staff, f.Roles = p.StringOr("permissions", "") == "staff", p.IDs("role_ids")
	f.Status = p.StringOr("status", "")
	switch f.Status {
	case "", "active", "pending", "disabled", "sensitized", "silenced", "suspended":
	default:
		return nil, domain.Errorf(domain.BadRequest, "Unknown status: %s", f.Status)
	}
	return a.findAccounts(r, f)
}

// wordsOf are the filters that both versions share.
func wordsOf(p httpkit.Params) store.AccountFilter {
	word := func(key string) string { return strings.ToLower(strings.TrimSpace(p.StringOr(key, ""))) }
	return store.AccountFilter{
		Username: strings.TrimPrefix(word("username"), "@"), DisplayName: word("display_name"), Domain: word("by_domain"),
		Email: word("email"), IP: word("ip"),
	}
}

func (a *API) findAccounts(r *httpkit.Request, f store.AccountFilter) (any, error) {
	ids, err := a.Store.FindAccounts(r.Context(), f, r.PageMax(perPage, mostPerPage))
	if err != nil {
		return nil, err
	}
	list, err := a.Render.AdminAccounts(r.Context(), by(r), ids)
	return pageOf(ids, itself, list), err
}

// account is GET /api/v1/admin/accounts/{id}.
func (a *API) account(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return a.Render.AdminAccount(r.Context(), by(r), id)
}

// act is POST /api/v1/admin/accounts/{id}/action. Beside Mastodon's types it
// takes delete_statuses and mark_statuses_as_sensitive, with status_ids or the
// posts of the report.
func (a *API) act(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	p := r.Params
	report, _ := p.ID("report_id")
	_, err = a.Moderation.Act(r.Context(), moderation.Action{
		By: r.Viewer.Account, Target: id, Type: domain.ActionType(p.StringOr("type", "")), Text: p.StringOr("text", ""), Canned: cannedOf(p),
		Report: report, Statuses: p.IDs("status_ids"), Quiet: !p.BoolOr("send_email_notification", true),
	})
	return nil, err
}

// undo takes one kind of action back and answers with the account.
func (a *API) undo(t domain.ActionType) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		if err := a.Moderation.Undo(r.Context(), r.Viewer.Account, id, t); err != nil {
			return nil, err
		}
		return a.Render.AdminAccount(r.Context(), by(r), id)
	}
}

// approve is POST /api/v1/admin/accounts/{id}/approve.
func (a *API) approve(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if err := a.Moderation.Approve(r.Context(), r.Viewer.Account, id); err != nil {
		return nil, err
	}
	return a.Render.AdminAccount(r.Context(), by(r), id)
}

// reject is POST /api/v1/admin/accounts/{id}/reject; it answers with what is
// gone then.
func (a *API) reject(r *httpkit.Request) (any, error) {
	return a.gone(r, func(ctx context.Context, by, target domain.ID) error {
		return a.Moderation.Reject(ctx, by, target, cannedOf(r.Params), r.Params.StringOr("text", ""))
	})
}

// confirm is POST /api/coterie/v1/admin/accounts/{id}/confirm.
func (a *API) confirm(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if err := a.Moderation.Confirm(r.Context(), r.Viewer.Account, id); err != nil {
		return nil, err
	}
	return a.Render.AdminAccount(r.Context(), by(r), id)
}

// deleteAccount is DELETE /api/v1/admin/accounts/{id}.
func (a *API) deleteAccount(r *httpkit.Request) (any, error) { return a.gone(r, a.Moderation.Erase) }

// gone runs a verb that removes the account, which it answers with as it was.
func (a *API) gone(r *httpkit.Request, verb func(ctx context.Context, by, target domain.ID) error) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	before, err := a.Render.AdminAccount(r.Context(), by(r), id)
	if err != nil {
		return nil, err
	}
	return before, verb(r.Context(), r.Viewer.Account, id)
}
