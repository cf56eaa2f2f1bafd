package mastoapi

import (
	"slices"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// groupedTypes are those of which several are shown as one: all that can be,
// or those of them that the app names.
func groupedTypes(r *httpkit.Request) []string {
	named, given := r.Params.Strings("grouped_types"), r.Params.Has("grouped_types")
	types := []string{}
	for _, t := range domain.GroupedTypes() {
		if !given || slices.Contains(named, string(t)) {
			types = append(types, string(t))
		}
	}
	return types
}

// notificationGroups is GET /api/v2/notifications (behaviours 13.7).
func (a *API) notificationGroups(r *httpkit.Request) (any, error) {
	o := render.GroupOptions{Fallbacks: fallbacks(r)}
	switch expand := r.Params.StringOr("expand_accounts", "full"); expand {
	case "", "full":
	case "partial_avatars":
		o.Partial = true
	default:
		return nil, domain.Errorf(domain.BadRequest, "Invalid value for 'expand_accounts': '%.40s', allowed values are 'full' and 'partial_avatars'", expand)
	}
	q := notificationQuery(r)
	q.From = 0 // has no meaning here
	page, err := a.Store.NotificationGroups(r.Context(), r.Viewer.Account, q, groupedTypes(r), r.Page(notificationsPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.Render.NotificationGroups(r.Context(), r.Viewer.Account, page.Groups, o)
	return httpkit.Page{Items: items, Next: page.Next, Prev: page.Prev}, err
}

func (a *API) notificationGroup(r *httpkit.Request) (any, error) {
	g, err := a.Store.NotificationGroup(r.Context(), r.Viewer.Account, r.Path("group_key"))
	if err != nil {
		return nil, err
	}
	return a.Render.NotificationGroups(r.Context(), r.Viewer.Account, []domain.NotificationGroup{g}, render.GroupOptions{Fallbacks: fallbacks(r), Single: true})
}

func (a *API) dismissNotificationGroup(r *httpkit.Request) (any, error) {
	return nil, a.Notify.DismissGroup(r.Context(), r.Viewer.Account, r.Path("group_key"))
}

// notificationGroupAccounts are all who are in a group.
func (a *API) notificationGroupAccounts(r *httpkit.Request) (any, error) {
	p := r.Page(accountsPerPage)
	rows, err := a.Store.GroupSenders(r.Context(), r.Viewer.Account, r.Path("group_key"), p)
	if err != nil {
		return nil, err
	}
	page := httpkit.Page{}
	ids := make([]domain.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.Account
	}
	if len(rows) > 0 {
		page.Prev = rows[0].ID
	}
	if len(rows) == p.Limit {
		page.Next = rows[len(rows)-1].ID
	}
	page.Items, err = a.Render.Accounts(r.Context(), r.Viewer.Account, ids)
	return page, err
}

func (a *API) unreadNotificationGroups(r *httpkit.Request) (any, error) {
	read, err := a.readNotifications(r)
	if err != nil {
		return nil, err
	}
	n, err := a.Store.UnreadGroups(r.Context(), r.Viewer.Account, read, notificationQuery(r), groupedTypes(r), r.Limit(unreadDefault, unreadMost))
	return unread{n}, err
}
