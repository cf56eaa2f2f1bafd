package mastoapi

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// announcements are those shown now; read ones only with with_dismissed.
func (a *API) announcements(r *httpkit.Request) (any, error) {
	list, err := a.Store.Announcements(r.Context(), r.Viewer.Account, a.Now(), r.Params.BoolOr("with_dismissed", false))
	if err != nil {
		return nil, err
	}
	return a.Render.Announcements(r.Context(), r.Viewer.Account, list)
}

func (a *API) dismissAnnouncement(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Moderation.DismissAnnouncement(r.Context(), r.Viewer.Account, id)
}

// onReaction gives or takes back the viewer's reaction that the path names.
func onReaction(verb func(ctx context.Context, account, announcement domain.ID, name string) error) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		return nil, verb(r.Context(), r.Viewer.Account, id, r.Path("name"))
	}
}

// announced tells every user stream of an announcement or a reaction to one.
// All hear the same: nobody's own marks are in it.
func (l *Live) announced(ctx context.Context, ref domain.Ref) error {
	to := l.everybody()
	if len(to) == 0 {
		return nil
	}
	f, err := l.announcement(ctx, ref)
	if err != nil {
		return unlessGone(err)
	}
	for _, t := range to {
		f.stream = t.stream
		t.socket.push(f)
	}
	return nil
}

// announcement is the event that the reference speaks of.
func (l *Live) announcement(ctx context.Context, ref domain.Ref) (frame, error) {
	var entity any
	event := eventAnnouncement
	switch ref.Event {
	case domain.EventAnnouncementGone:
		return frame{event: eventAnnouncementDelete, payload: ref.Object.String()}, nil
	case domain.EventAnnouncementReacted:
		reaction, err := l.Render.Reaction(ctx, ref.Object, ref.Name)
		if err != nil {
			return frame{}, err
		}
		event, entity = eventAnnouncementReaction, reaction
	default:
		n, err := l.Store.AnyAnnouncement(ctx, ref.Object)
		if err != nil {
			return frame{}, err
		}
		list, err := l.Render.Announcements(ctx, 0, []domain.Announcement{n})
		if err != nil {
			return frame{}, err
		}
		entity = list[0]
	}
	b, err := json.Marshal(entity)
	return frame{event: event, payload: string(b)}, err
}

// everybody is every socket on the stream of its own account.
func (l *Live) everybody() []target {
	l.mu.Lock()
	defer l.mu.Unlock()
	ch := channel{kind: streamUser}
	out := make([]target, 0, len(l.channels[ch]))
	for s, arg := range l.channels[ch] {
		out = append(out, target{s, ch.stream(arg)})
	}
	return out
}
