package adminapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// strikesPerPage is how many strikes and appeals one page has.
const strikesPerPage = 40

// ownStrikes is GET /api/coterie/v1/strikes: what was decided about the viewer.
func (a *API) ownStrikes(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.Strikes(r.Context(), r.Viewer.Account, r.Page(strikesPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.Render.Strikes(r.Context(), r.Viewer.Account, list...)
	return pageOf(list, func(k *domain.Strike) domain.ID { return k.ID }, items), err
}

// ownStrike is GET /api/coterie/v1/strikes/{id}.
func (a *API) ownStrike(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	k, err := a.Moderation.Strike(r.Context(), r.Viewer.Account, id)
	return a.strike(r, k, err)
}

// appeal is POST /api/coterie/v1/strikes/{id}/appeal.
func (a *API) appeal(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	k, err := a.Moderation.Appeal(r.Context(), r.Viewer.Account, id, r.Params.StringOr("text", ""))
	return a.strike(r, k, err)
}

func (a *API) strike(r *httpkit.Request, k domain.Strike, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	list, err := a.Render.Strikes(r.Context(), r.Viewer.Account, k)
	if err == nil && len(list) == 0 {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// appeals is GET /api/coterie/v1/admin/appeals: the strikes whose appeals wait.
func (a *API) appeals(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.Appeals(r.Context(), r.Limit(strikesPerPage, 2*strikesPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.Render.Strikes(r.Context(), r.Viewer.Account, list...)
	return items, err
}

// accountStrikes is GET /api/coterie/v1/admin/accounts/{id}/strikes.
func (a *API) accountStrikes(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	list, err := a.Moderation.Strikes(r.Context(), id, r.Page(strikesPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.Render.Strikes(r.Context(), r.Viewer.Account, list...)
	return pageOf(list, func(k *domain.Strike) domain.ID { return k.ID }, items), err
}

// decideAppeal approves or rejects the appeal against the strike {id}.
func (a *API) decideAppeal(approve bool) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		k, err := a.Moderation.DecideAppeal(r.Context(), r.Viewer.Account, id, approve)
		return a.strike(r, k, err)
	}
}

// auditLog is GET /api/coterie/v1/admin/audit_log.
func (a *API) auditLog(r *httpkit.Request) (any, error) {
	who, _ := r.Params.ID("account_id")
	list, err := a.Moderation.AuditLog(r.Context(), who, r.PageMax(perPage, mostPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.Render.AuditLog(list)
	return pageOf(list, func(e *domain.AuditEntry) domain.ID { return e.ID }, items), err
}
