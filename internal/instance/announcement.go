package instance

import (
	"context"
	"encoding/json"
	"time"

	"coterie/internal/domain"
)

// The commands about announcements, their arguments and results.
type (
	// AnnouncementAdd is "announcement add". Times that are zero are not set;
	// At zero is now.
	AnnouncementAdd struct {
		Text     string    `json:"text"`
		StartsAt time.Time `json:"starts_at,omitzero"`
		EndsAt   time.Time `json:"ends_at,omitzero"`
		AllDay   bool      `json:"all_day"`
		At       time.Time `json:"at,omitzero"`
	}
	// AnnouncementMade is its result.
	AnnouncementMade struct {
		ID domain.ID `json:"id"`
	}
	// AnnouncementShown is one line of the result of "announcement list".
	AnnouncementShown struct {
		ID          domain.ID                `json:"id"`
		State       domain.AnnouncementState `json:"state"`
		Text        string                   `json:"text"`
		StartsAt    time.Time                `json:"starts_at,omitzero"`
		EndsAt      time.Time                `json:"ends_at,omitzero"`
		AllDay      bool                     `json:"all_day"`
		PublishedAt time.Time                `json:"published_at"`
	}
	// AnnouncementRemove is "announcement remove".
	AnnouncementRemove struct {
		ID domain.ID `json:"id"`
	}
)

// announce runs the commands about announcements; done is false for any other.
func (in *Instance) announce(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	switch verb {
	case "announcement add":
		v, err = command(args, func(a AnnouncementAdd) (AnnouncementMade, error) { return in.AnnouncementAdd(ctx, a) })
	case "announcement list":
		v, err = in.AnnouncementList(ctx)
	case "announcement remove":
		v, err = command(args, func(a AnnouncementRemove) (struct{}, error) { return struct{}{}, in.AnnouncementRemove(ctx, a) })
	default:
		return nil, false, nil
	}
	return v, true, err
}

// AnnouncementAdd tells everybody here something, now or at a time.
func (in *Instance) AnnouncementAdd(ctx context.Context, c AnnouncementAdd) (AnnouncementMade, error) {
	a, err := in.moderation.AddAnnouncement(ctx, 0, domain.Announcement{
		Text: c.Text, StartsAt: c.StartsAt, EndsAt: c.EndsAt, AllDay: c.AllDay, PublishedAt: c.At,
	})
	return AnnouncementMade{ID: a.ID}, err
}

// AnnouncementList lists all announcements, shown or not, oldest first.
func (in *Instance) AnnouncementList(ctx context.Context) ([]AnnouncementShown, error) {
	list, err := in.st.Reader().AllAnnouncements(ctx)
	out := make([]AnnouncementShown, len(list))
	for i, a := range list {
		out[i] = AnnouncementShown{a.ID, a.State(in.st.Now()), a.Text, a.StartsAt, a.EndsAt, a.AllDay, a.PublishedAt}
	}
	return out, err
}

// AnnouncementRemove takes an announcement back.
func (in *Instance) AnnouncementRemove(ctx context.Context, c AnnouncementRemove) error {
	return in.moderation.RemoveAnnouncement(ctx, 0, c.ID)
}
