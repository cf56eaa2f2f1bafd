package mastoapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
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

func (a *API) notifications(r *httpkit.Request) (any, error) {
	list, err := a.Store.Notifications(r.Context(), r.Viewer.Account, notificationQuery(r), r.Page(notificationsPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.Render.Notifications(r.Context(), r.Viewer.Account, list)
	if err != nil {
		return nil, err
	}
	page := httpkit.Page{Items: items}
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
	items, err := a.Render.Notifications(r.Context(), r.Viewer.Account, []domain.Notification{n})
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

const (
	unreadDefault = 100 // behaviours 4.6
	unreadMost    = 1000
)

// unreadNotifications counts what is newer than the marker (behaviours 13.8).
func (a *API) unreadNotifications(r *httpkit.Request) (any, error) {
	markers, err := a.Store.Markers(r.Context(), r.Viewer.Account, []string{"notifications"})
	if err != nil {
		return nil, err
	}
	var read domain.ID
	if len(markers) > 0 {
		read, _ = domain.ParseID(markers[0].LastRead)
	}
	n, err := a.Store.UnreadNotifications(r.Context(), r.Viewer.Account, read, notificationQuery(r), r.Limit(unreadDefault, unreadMost))
	if err != nil {
		return nil, err
	}
	return struct {
		Count int `json:"count"`
	}{n}, nil
}
