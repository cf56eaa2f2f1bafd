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

// challenge is GET /proof_of_work: what an app has to work on before it may
// sign somebody up.
func (a *API) challenge(r *httpkit.Request) (any, error) {
	c, err := a.Account.WorkChallenge(r.Context())
	out := struct {
		Challenge *string    `json:"challenge"` // null: none is asked for
		Bits      int        `json:"bits"`
		ExpiresAt *time.Time `json:"expires_at"`
	}{Bits: c.Bits, ExpiresAt: orNull(c.Expires)}
	if c.Text != "" {
		out.Challenge = &c.Text
	}
	return out, err
}
