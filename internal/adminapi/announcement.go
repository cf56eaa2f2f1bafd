package adminapi

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

type announcement struct {
	ID          domain.ID                `json:"id"`
	State       domain.AnnouncementState `json:"state"`
	Text        string                   `json:"text"`
	StartsAt    *time.Time               `json:"starts_at"`
	EndsAt      *time.Time               `json:"ends_at"`
	AllDay      bool                     `json:"all_day"`
	PublishedAt time.Time                `json:"published_at"`
}

// announcements is GET /api/coterie/v1/admin/announcements: all, the last one
// first.
func (a *API) announcements(r *httpkit.Request) (any, error) {
	list, err := a.Store.AllAnnouncements(r.Context())
	out := []announcement{}
	for i := len(list) - 1; i >= 0; i-- {
		n := &list[i]
		x := announcement{ID: n.ID, State: n.State(a.Now()), Text: n.Text, AllDay: n.AllDay, PublishedAt: n.PublishedAt}
		if !n.StartsAt.IsZero() {
			x.StartsAt = &n.StartsAt
		}
		if !n.EndsAt.IsZero() {
			x.EndsAt = &n.EndsAt
		}
		out = append(out, x)
	}
	return out, err
}

// announce is POST /api/coterie/v1/admin/announcements.
func (a *API) announce(r *httpkit.Request) (any, error) {
	n := domain.Announcement{Text: r.Params.StringOr("text", ""), AllDay: r.Params.BoolOr("all_day", false)}
	for key, into := range map[string]*time.Time{"starts_at": &n.StartsAt, "ends_at": &n.EndsAt, "published_at": &n.PublishedAt} {
		text := r.Params.StringOr(key, "")
		if text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return nil, domain.Errorf(domain.BadRequest, "%s must be a time", key)
		}
		*into = t
	}
	if _, err := a.Moderation.AddAnnouncement(r.Context(), r.Viewer.Account, n); err != nil {
		return nil, err
	}
	return a.announcements(r)
}
