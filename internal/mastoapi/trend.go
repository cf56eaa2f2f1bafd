package mastoapi

import (
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/timeline"
)

// How much of what trends one page has; twice that at most (behaviours 4.6).
const (
	trendsPerPage     = 10
	trendPostsPerPage = 20
)

// offsetPage reads limit and offset, and answers with what page makes of them
// and how many entries that has.
func offsetPage(r *httpkit.Request, perPage int, page func(limit, offset int) (items any, n int, err error)) (any, error) {
	offset, err := r.Offset()
	if err != nil {
		return nil, err
	}
	limit := r.Limit(perPage, 2*perPage)
	items, n, err := page(limit, offset)
	if err != nil {
		return nil, err
	}
	return httpkit.OffsetPage{Items: items, Offset: offset, Limit: limit, More: n == limit}, nil
}

// trendingTags is GET /api/v1/trends/tags, and the older /api/v1/trends.
func (a *API) trendingTags(r *httpkit.Request) (any, error) {
	return offsetPage(r, trendsPerPage, func(limit, offset int) (any, int, error) {
		list, err := a.Timeline.TrendingTags(r.Context(), limit, offset)
		if err != nil {
			return nil, 0, err
		}
		items, err := a.Render.Tags(r.Context(), r.Viewer.Account, list...)
		return items, len(list), err
	})
}

// trendingStatuses is GET /api/v1/trends/statuses.
func (a *API) trendingStatuses(r *httpkit.Request) (any, error) {
	return offsetPage(r, trendPostsPerPage, func(limit, offset int) (any, int, error) {
		ids, err := a.Timeline.TrendingStatuses(r.Context(), r.Viewer.Account, limit, offset)
		if err != nil {
			return nil, 0, err
		}
		items, err := a.Render.Statuses(r.Context(), r.Viewer.Account, ids)
		return items, len(ids), err
	})
}

// trendingLinks is GET /api/v1/trends/links.
func (a *API) trendingLinks(r *httpkit.Request) (any, error) {
	return offsetPage(r, trendsPerPage, func(limit, offset int) (any, int, error) {
		ids, err := a.Timeline.TrendingLinks(r.Context(), r.Viewer.Account, limit, offset)
		if err != nil {
			return nil, 0, err
		}
		items, err := a.Render.TrendLinks(r.Context(), r.Viewer.Account, ids)
		return items, len(ids), err
	})
}

// linkTimeline is GET /api/v1/timelines/link: posts with a link that trends.
func (a *API) linkTimeline(r *httpkit.Request) (any, error) {
	address := strings.TrimSpace(r.Params.StringOr("url", ""))
	if address == "" {
		return nil, domain.Errorf(domain.BadRequest, "The parameter url is missing")
	}
	var q timeline.PublicQuery
	if none, err := a.feed(r, true, &q); err != nil || none || q.Local || q.Remote {
		return httpkit.Raw("[]"), err
	}
	ids, err := a.Timeline.Link(r.Context(), r.Viewer.Account, address, r.Page(statusesPerPage))
	if err != nil {
		return nil, err
	}
	return a.statusPage(r, ids)
}
