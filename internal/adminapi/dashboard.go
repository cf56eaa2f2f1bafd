package adminapi

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// mostFailing is how many peers that fail are named.
const mostFailing = 20

// failing is a peer that letters do not reach.
type failing struct {
	Host     string     `json:"host"`
	Since    *time.Time `json:"since"`
	Failures int        `json:"failures"`
	Parked   bool       `json:"parked"` // tried rarely
}

type dashboard struct {
	People   int64            `json:"people"`
	Active   int64            `json:"active"` // seen within 30 days
	Statuses int64            `json:"statuses"`
	Servers  int64            `json:"servers"`
	Queues   map[string]int64 `json:"queues"`
	Failing  []failing        `json:"failing"`
	Fail     int64            `json:"failing_count"` // those named among them
	Disk     map[string]int64 `json:"disk"`          // bytes
	Forecast map[string]int64 `json:"forecast"`
}

// dashboard is GET /api/coterie/v1/admin/dashboard.
func (a *API) dashboard(r *httpkit.Request) (any, error) {
	ctx := r.Context()
	counts, err := a.Moderation.Counts(ctx)
	if err != nil {
		return nil, err
	}
	queues, err := a.Store.Queues(ctx)
	if err != nil {
		return nil, err
	}
	hosts, err := a.Store.FailingHosts(ctx, mostFailing)
	if err != nil {
		return nil, err
	}
	failingCount, err := a.Store.CountFailingHosts(ctx)
	if err != nil {
		return nil, err
	}
	room, err := a.room(r, counts.Users)
	if err != nil {
		return nil, err
	}
	d := dashboard{
		People: counts.Users, Active: counts.Recent, Statuses: counts.Statuses, Servers: counts.Domains, Failing: []failing{}, Fail: failingCount,
		Queues: map[string]int64{"reports": queues.Reports, "pending": queues.Pending, "appeals": queues.Appeals, "letters": queues.Letters, "jobs": queues.Jobs, "set_aside": queues.SetAside},
		Disk: map[string]int64{
			"free": room.Free, "total": room.Total, "database": room.Database, "media": room.Media, "copies": room.Copies, "budget": room.Budget,
		},
	}
	for _, h := range hosts {
		d.Failing = append(d.Failing, failing{h.Host, &h.FailingSince, h.Failures, !h.ParkedAt.IsZero()})
	}
	f := room.Forecast()
	d.Forecast = map[string]int64{"bytes_per_member": f.PerMember, "bytes_per_day": f.PerDay, "members": f.Members, "days": f.Days}
	return d, nil
}

// room measures the disk.
func (a *API) room(r *httpkit.Request, members int64) (domain.Room, error) {
	ctx := r.Context()
	room := domain.Room{Members: members}
	use, err := a.Store.MediaUse(ctx)
	if err != nil {
		return room, err
	}
	room.Media, room.Copies = use.LocalBytes, use.RemoteBytes
	if room.Database, err = a.Store.Bytes(ctx); err != nil {
		return room, err
	}
	set, err := a.Moderation.Settings(ctx)
	if err != nil {
		return room, err
	}
	room.Budget = set.MediaBudgetBytes()
	before, err := a.Store.SizeSince(ctx, a.Now().Add(-domain.ForecastSpan))
	if err != nil && !domain.Is(err, domain.NotFound) {
		return room, err
	}
	if err == nil {
		const day = 24 * time.Hour
		room.Before, room.Span = before.Bytes, a.Now().UTC().Truncate(day).Sub(time.Unix(0, 0).Add(time.Duration(before.Day)*day))
	}
	room.Free, room.Total, err = a.Disk()
	return room, err
}
