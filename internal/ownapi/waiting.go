package ownapi

import (
	"time"

	"coterie/internal/httpkit"
)

// waiting is GET /waiting: where the viewer stands in the waiting room.
func (a *API) waiting(r *httpkit.Request) (any, error) {
	p, err := a.Account.PlaceOf(r.Context(), r.Viewer.Account)
	return struct {
		Number     int        `json:"number"` // 0: in
		Seconds    int        `json:"seconds"`
		AdmittedAt *time.Time `json:"admitted_at"`
	}{p.Number, int(p.In / time.Second), orNull(p.AdmittedAt)}, err
}
