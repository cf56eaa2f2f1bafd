package adminapi

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// Object is what a webhook is told of, as this API shows it to whoever may see
// everything; of posts, as everybody sees them. ErrNotFound for what is gone,
// not of this community, or not for everybody.
func (a *API) Object(ctx context.Context, event domain.WebhookEvent, id domain.ID) (json.RawMessage, error) {
	all := render.Staff{May: domain.AllPermissions}
	switch event.Needs() {
	case domain.MayManageUsers:
		who, err := a.Store.Account(ctx, id)
		if err == nil && !who.Local() {
			err = domain.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		return a.Render.AdminAccount(ctx, all, id)
	case domain.MayManageReports:
		p, err := a.Store.Report(ctx, id)
		if err != nil {
			return nil, err
		}
		return a.showReport(ctx, all, p)
	}
	s, err := a.Store.Status(ctx, 0, id)
	if err == nil && !s.Local {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return a.Render.Status(ctx, 0, id)
}

// webhooks is GET /api/coterie/v1/admin/webhooks.
func (a *API) webhooks(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.ListWebhooks(r.Context())
	items := make([]any, 0, len(list))
	for i := range list {
		items = append(items, render.Webhook(&list[i], false))
	}
	return items, err
}

// addWebhook is POST /api/coterie/v1/admin/webhooks. Only it and rotateSecret
// answer with the secret.
func (a *API) addWebhook(r *httpkit.Request) (any, error) {
	h, err := a.Moderation.AddWebhook(r.Context(), r.Viewer.Account, r.Params.StringOr("url", ""), hookEvents(r.Params))
	return render.Webhook(&h, true), err
}

func hookEvents(p httpkit.Params) []domain.WebhookEvent {
	events := []domain.WebhookEvent{}
	for _, e := range p.Strings("events") {
		events = append(events, domain.WebhookEvent(e))
	}
	return events
}

// changeWebhook is PUT /api/coterie/v1/admin/webhooks/{id}.
func (a *API) changeWebhook(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	var events *[]domain.WebhookEvent
	if r.Params.Has("events") {
		list := hookEvents(r.Params)
		events = &list
	}
	h, err := a.Moderation.ChangeWebhook(r.Context(), r.Viewer.Account, id, events, r.Params.Bool("enabled"))
	return render.Webhook(&h, false), err
}

// rotateSecret is POST /api/coterie/v1/admin/webhooks/{id}/rotate_secret.
func (a *API) rotateSecret(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	h, err := a.Moderation.RotateSecret(r.Context(), r.Viewer.Account, id)
	return render.Webhook(&h, true), err
}
