package adminapi

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/moderation"
)

// batch is what was done of a batch, and what was not.
type batch struct {
	Done   []domain.ID          `json:"done"`
	Failed []moderation.Refusal `json:"failed"`
}

// several does to each of the ids what the parameter do names.
func several(verbs func(r *httpkit.Request, do string) func(context.Context, domain.ID) error) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		name := r.Params.StringOr("do", "")
		verb := verbs(r, name)
		if verb == nil {
			return nil, domain.Errorf(domain.Invalid, "Validation failed: Do is not included in the list")
		}
		done, left, err := moderation.Batch(r.Context(), r.Params.IDs("ids"), verb)
		if err != nil {
			return nil, err
		}
		return batch{done, left}, nil
	}
}

// accountVerb is one of POST /api/coterie/v1/admin/accounts/batch.
func (a *API) accountVerb(r *httpkit.Request, do string) func(context.Context, domain.ID) error {
	by := r.Viewer.Account
	switch do {
	case "approve":
		return func(ctx context.Context, id domain.ID) error { return a.Moderation.Approve(ctx, by, id) }
	case "reject":
		return func(ctx context.Context, id domain.ID) error {
			return a.Moderation.Reject(ctx, by, id, cannedOf(r.Params), r.Params.StringOr("text", ""))
		}
	case "confirm":
		return func(ctx context.Context, id domain.ID) error { return a.Moderation.Confirm(ctx, by, id) }
	case string(domain.ActionSilence), string(domain.ActionSuspend):
		return func(ctx context.Context, id domain.ID) error {
			_, err := a.Moderation.Act(ctx, moderation.Action{By: by, Target: id, Type: domain.ActionType(do), Text: r.Params.StringOr("text", ""), Canned: cannedOf(r.Params)})
			return err
		}
	}
	return nil
}

// reportVerb is one of POST /api/coterie/v1/admin/reports/batch.
func (a *API) reportVerb(r *httpkit.Request, do string) func(context.Context, domain.ID) error {
	by := r.Viewer.Account
	switch do {
	case "resolve":
		return func(ctx context.Context, id domain.ID) error { return a.Moderation.Resolve(ctx, by, id) }
	case "assign_to_self":
		return func(ctx context.Context, id domain.ID) error { return a.Moderation.Assign(ctx, by, id, by) }
	}
	return nil
}
