package mastoapi

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// showPolicy answers a policy in one of its two forms.
func showPolicy[T any](a *API, r *httpkit.Request, form func(domain.NotificationPolicy, domain.PendingNotifications) T, p domain.NotificationPolicy) (any, error) {
	waiting, err := a.Store.PendingNotifications(r.Context(), r.Viewer.Account)
	return form(p, waiting), err
}

func (a *API) notificationPolicy(r *httpkit.Request) (any, error) {
	p, err := a.Store.NotificationPolicy(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return showPolicy(a, r, render.Policy, p)
}

func (a *API) changeNotificationPolicy(r *httpkit.Request) (any, error) {
	p, err := a.Notify.ChangePolicy(r.Context(), r.Viewer.Account, func(p *domain.NotificationPolicy) {
		set := func(field *domain.Verdict, key string) {
			if v, ok := r.Params.String(key); ok && v != "" {
				*field = domain.Verdict(v)
			}
		}
		set(&p.NotFollowing, "for_not_following")
		set(&p.NotFollowers, "for_not_followers")
		set(&p.NewAccounts, "for_new_accounts")
		set(&p.PrivateMentions, "for_private_mentions")
		set(&p.LimitedAccounts, "for_limited_accounts")
		set(&p.Bots, "for_bots")
	})
	if err != nil {
		return nil, err
	}
	return showPolicy(a, r, render.Policy, p)
}

func (a *API) notificationPolicyV1(r *httpkit.Request) (any, error) {
	p, err := a.Store.NotificationPolicy(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return showPolicy(a, r, render.PolicyV1, p)
}

func (a *API) changeNotificationPolicyV1(r *httpkit.Request) (any, error) {
	p, err := a.Notify.ChangePolicy(r.Context(), r.Viewer.Account, func(p *domain.NotificationPolicy) {
		set := func(field *domain.Verdict, key string) {
			switch filter := r.Params.Bool(key); {
			case filter == nil:
			case *filter:
				*field = domain.VerdictFilter
			default:
				*field = domain.VerdictAccept
			}
		}
		set(&p.NotFollowing, "filter_not_following")
		set(&p.NotFollowers, "filter_not_followers")
		set(&p.NewAccounts, "filter_new_accounts")
		set(&p.PrivateMentions, "filter_private_mentions")
	})
	if err != nil {
		return nil, err
	}
	return showPolicy(a, r, render.PolicyV1, p)
}

func (a *API) notificationRequests(r *httpkit.Request) (any, error) {
	p := r.Page(notificationsPerPage)
	list, err := a.Store.NotificationRequests(r.Context(), r.Viewer.Account, p)
	if err != nil {
		return nil, err
	}
	page := httpkit.Page{}
	if len(list) > 0 {
		page.Prev = list[0].ID
	}
	if len(list) == p.Limit {
		page.Next = list[len(list)-1].ID
	}
	page.Items, err = a.Render.NotificationRequests(r.Context(), r.Viewer.Account, list...)
	return page, err
}

func (a *API) notificationRequest(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	q, err := a.Store.NotificationRequest(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	items, err := a.Render.NotificationRequests(r.Context(), r.Viewer.Account, q)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, domain.ErrNotFound
	}
	return items[0], nil
}

// endRequest ends one request by a verb that takes several.
func endRequest(verb func(ctx context.Context, account domain.ID, ids ...domain.ID) (int, error)) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		n, err := verb(r.Context(), r.Viewer.Account, id)
		if err == nil && n == 0 {
			err = domain.ErrNotFound
		}
		return nil, err
	}
}

// endRequests ends those named in the body; others are passed over.
func endRequests(verb func(ctx context.Context, account domain.ID, ids ...domain.ID) (int, error)) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		_, err := verb(r.Context(), r.Viewer.Account, r.Params.IDs("id")...)
		return nil, err
	}
}

// requestsMerged tells whether all that was accepted stands among the others.
func (a *API) requestsMerged(r *httpkit.Request) (any, error) {
	merging, err := a.Store.Merging(r.Context(), r.Viewer.Account)
	return struct {
		Merged bool `json:"merged"`
	}{!merging}, err
}
