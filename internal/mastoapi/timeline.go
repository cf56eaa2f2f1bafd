package mastoapi

import (
	"context"
	"net/http"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/store"
	"coterie/internal/timeline"
)

const (
	statusesPerPage   = 20 // behaviours 4.6
	maxStatusesAtOnce = 20
)

// statusPage renders a page of statuses whose ids are their cursors. A
// timeline has both links whenever it is not empty (behaviours 4.4), which is
// decided before anything that is gone since is left out.
func (a *API) statusPage(r *httpkit.Request, ids []domain.ID) (any, error) {
	if len(ids) == 0 {
		return httpkit.Page{Items: httpkit.Raw("[]")}, nil
	}
	items, err := a.Render.StatusPage(r.Context(), r.Viewer.Account, ids)
	if err != nil {
		return nil, err
	}
	return httpkit.Page{Items: httpkit.Append(items), Next: ids[len(ids)-1], Prev: ids[0]}, nil
}

func (a *API) home(r *httpkit.Request) (any, error) {
	ids, err := a.Timeline.Home(r.Context(), r.Viewer.Account, r.Page(statusesPerPage))
	if err != nil {
		return nil, err
	}
	return a.statusPage(r, ids)
}

// feedReader is the viewer as public timelines ask who gets them.
func feedReader(v httpkit.Viewer) domain.FeedReader {
	return domain.FeedReader{Known: v.Known(), All: v.Permissions.Any(domain.MayViewFeeds)}
}

// feed narrows a public timeline down to what the viewer gets of it; none says
// that it is nothing.
func (a *API) feed(r *httpkit.Request, topic bool, q *timeline.PublicQuery) (none bool, err error) {
	set, err := a.Moderation.Settings(r.Context())
	if err != nil {
		return false, err
	}
	local, remote, err := set.Feed(topic, feedReader(r.Viewer), !q.Remote, !q.Local)
	q.Local, q.Remote = q.Local || !remote, q.Remote || !local
	return !local && !remote, err
}

func (a *API) publicTimeline(r *httpkit.Request) (any, error) {
	q := timeline.PublicQuery{
		Local: r.Params.BoolOr("local", false), Remote: r.Params.BoolOr("remote", false), OnlyMedia: r.Params.BoolOr("only_media", false),
	}
	if none, err := a.feed(r, false, &q); err != nil || none {
		return httpkit.Raw("[]"), err
	}
	ids, err := a.Timeline.Public(r.Context(), r.Viewer.Account, q, r.Page(statusesPerPage))
	if err != nil {
		return nil, err
	}
	return a.statusPage(r, ids)
}

// status is one status; hidden ones are absent (behaviours 2.7).
func (a *API) status(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return a.Render.Status(r.Context(), r.Viewer.Account, id)
}

// statuses are several by id, those not to be seen left out.
func (a *API) statuses(r *httpkit.Request) (any, error) {
	ids := r.Params.IDs("id")
	if len(ids) > maxStatusesAtOnce {
		return nil, domain.Errorf(domain.Invalid, "Too many ids: at most %d statuses can be asked for at once", maxStatusesAtOnce)
	}
	items, err := a.Render.StatusPage(r.Context(), r.Viewer.Account, ids)
	return httpkit.Append(items), err
}

func (a *API) tagTimeline(r *httpkit.Request) (any, error) {
	q := timeline.TagQuery{
		Name: r.Path("hashtag"), Any: r.Params.Strings("any"), All: r.Params.Strings("all"), None: r.Params.Strings("none"),
		PublicQuery: timeline.PublicQuery{
			Local: r.Params.BoolOr("local", false), Remote: r.Params.BoolOr("remote", false), OnlyMedia: r.Params.BoolOr("only_media", false),
		},
	}
	if none, err := a.feed(r, true, &q.PublicQuery); err != nil || none {
		return httpkit.Raw("[]"), err
	}
	ids, err := a.Timeline.Tag(r.Context(), r.Viewer.Account, q, r.Page(statusesPerPage))
	if err != nil {
		return nil, err
	}
	return a.statusPage(r, ids)
}

func (a *API) listTimeline(r *httpkit.Request) (any, error) {
	list, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	ids, err := a.Timeline.List(r.Context(), r.Viewer.Account, list, r.Page(statusesPerPage))
	if err != nil {
		return nil, err
	}
	return a.statusPage(r, ids)
}

func (a *API) accountStatuses(r *httpkit.Request) (any, error) {
	account, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if err := a.opened(r, account); err != nil {
		return nil, err
	}
	page := r.Page(statusesPerPage)
	if r.Params.BoolOr("pinned", false) {
		list, err := a.Timeline.Pinned(r.Context(), r.Viewer.Account, account, page)
		if err != nil {
			return nil, err
		}
		return a.markedPage(r, list, page)
	}
	ids, err := a.Timeline.Profile(r.Context(), r.Viewer.Account, account, timeline.ProfileQuery{
		OnlyMedia: r.Params.BoolOr("only_media", false), ExcludeReplies: r.Params.BoolOr("exclude_replies", false),
		ExcludeReblogs: r.Params.BoolOr("exclude_reblogs", false), ExcludeDirect: r.Params.BoolOr("exclude_direct", false),
		Tagged: r.Params.StringOr("tagged", ""),
	}, page)
	if err != nil {
		return nil, err
	}
	return a.statusPage(r, ids)
}

// markedPage renders a page of statuses whose cursors are the rows that mark
// them. It has a next link when it was full before anything was left out
// (behaviours 4.4, 4.5).
func (a *API) markedPage(r *httpkit.Request, list []store.Entry, p domain.Page) (httpkit.Page, error) {
	ids := make([]domain.ID, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	items, err := a.Render.StatusPage(r.Context(), r.Viewer.Account, ids)
	if err != nil {
		return httpkit.Page{}, err
	}
	page := httpkit.Page{Items: httpkit.Append(items)}
	page.Next, page.Prev = cursors(list, p)
	return page, nil
}

func cursors(list []store.Entry, p domain.Page) (next, prev domain.ID) {
	if len(list) == 0 {
		return 0, 0
	}
	if len(list) == p.Limit {
		next = list[len(list)-1].Cursor
	}
	return next, list[0].Cursor
}

func (a *API) favourites(r *httpkit.Request) (any, error) {
	page := r.Page(statusesPerPage)
	list, err := a.Timeline.Favourites(r.Context(), r.Viewer.Account, page)
	if err != nil {
		return nil, err
	}
	return a.markedPage(r, list, page)
}

func (a *API) bookmarks(r *httpkit.Request) (any, error) {
	page := r.Page(statusesPerPage)
	list, err := a.Timeline.Bookmarks(r.Context(), r.Viewer.Account, page)
	if err != nil {
		return nil, err
	}
	return a.markedPage(r, list, page)
}

func (a *API) favouritedBy(r *httpkit.Request) (any, error) {
	return a.whoMarked(r, a.Timeline.FavouritedBy)
}

func (a *API) rebloggedBy(r *httpkit.Request) (any, error) {
	return a.whoMarked(r, a.Timeline.RebloggedBy)
}

// whoMarked is a page of the accounts that marked a status.
func (a *API) whoMarked(r *httpkit.Request, who func(context.Context, domain.ID, domain.ID, domain.Page) ([]store.Entry, error)) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	p := r.Page(accountsPerPage)
	list, err := who(r.Context(), r.Viewer.Account, id, p)
	if err != nil {
		return nil, err
	}
	ids := make([]domain.ID, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	items, err := a.Render.Accounts(r.Context(), r.Viewer.Account, ids)
	if err != nil {
		return nil, err
	}
	page := httpkit.Page{Items: items, PrevSince: true}
	page.Next, page.Prev = cursors(list, p)
	return page, nil
}

// context is the thread around a status (behaviours 8.14).
func (a *API) context(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	t, err := a.Timeline.Thread(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	growing, err := a.Post.ThreadOpened(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	thread, err := a.Render.Context(r.Context(), r.Viewer.Account, t)
	if err != nil || !growing {
		return thread, err
	}
	return httpkit.Status(http.StatusOK, thread).With(asyncHeader, a.refreshing(refreshThread, id.String())), nil
}
