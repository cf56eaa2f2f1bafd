package mastoapi

import (
	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
	"coterie/internal/store"
)

const notificationsPerPage = 40 // behaviours 4.6

func notificationQuery(r *httpkit.Request) store.NotificationQuery {
	q := store.NotificationQuery{
		Types: r.Params.Strings("types"), Exclude: r.Params.Strings("exclude_types"),
		IncludeFiltered: r.Params.BoolOr("include_filtered", false),
	}
	q.From, _ = r.Params.ID("account_id")
	return q
}

// fallbacks are those that an app asks for by saying which types it knows
// (behaviours 13.2).
func fallbacks(r *httpkit.Request) render.Fallbacks {
	return render.Fallbacks{Asked: r.Params.Has("supported_types"), Supported: r.Params.Strings("supported_types"), Locale: r.Locale()}
}

func (a *API) notifications(r *httpkit.Request) (any, error) {
	list, err := a.Store.Notifications(r.Context(), r.Viewer.Account, notificationQuery(r), r.Page(notificationsPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.Render.NotificationsWith(r.Context(), r.Viewer.Account, list, fallbacks(r))
	if err != nil {
		return nil, err
	}
	page := httpkit.Page{Items: render.List(items)}
	if len(list) > 0 {
		page.Prev, page.Next = list[0].ID, list[len(list)-1].ID
	}
	return page, nil
}

func (a *API) notification(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	n, err := a.Store.Notification(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	items, err := a.Render.NotificationsWith(r.Context(), r.Viewer.Account, []domain.Notification{n}, fallbacks(r))
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, domain.ErrNotFound
	}
	return items[0], nil
}

func (a *API) clearNotifications(r *httpkit.Request) (any, error) {
	return nil, a.Notify.Clear(r.Context(), r.Viewer.Account)
}

func (a *API) dismissNotification(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Notify.Dismiss(r.Context(), r.Viewer.Account, id)
}

func (a *API) dismissNotifications(r *httpkit.Request) (any, error) {
	return nil, a.Notify.DismissAll(r.Context(), r.Viewer.Account, r.Params.IDs("ids"))
}

const (
	unreadDefault = 100 // behaviours 4.6
	unreadMost    = 1000
)

// unread is the answer to how many are newer than the marker (behaviours 13.8).
type unread struct {
	Count int `json:"count"`
}

func (a *API) unreadNotifications(r *httpkit.Request) (any, error) {
	read, err := a.readNotifications(r)
	if err != nil {
		return nil, err
	}
	n, err := a.Store.UnreadNotifications(r.Context(), r.Viewer.Account, read, notificationQuery(r), r.Limit(unreadDefault, unreadMost))
	return unread{n}, err
}

// readNotifications is up to where the viewer has read, 0 for nothing.
func (a *API) readNotifications(r *httpkit.Request) (domain.ID, error) {
	markers, err := a.Store.Markers(r.Context(), r.Viewer.Account, []string{account.MarkerNotifications})
	if err != nil || len(markers) == 0 {
		return 0, err
	}
	read, _ := domain.ParseID(markers[0].LastRead)
	return read, nil
}
