package moderation_test

import (
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func TestSEC18_RelaysAnswerForThemselvesWhenAsked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		relay, other, far := w.account("relay", "relay.test"), w.account("other", "relay.test"), w.account("zoe", "far.test")
		r, err := w.s.AddRelay(t.Context(), 0, relay.URI+"/inbox", relay.URI)
		if err != nil || r.ID == 0 {
			t.Fatalf("%v, %v", r, err)
		}
		for _, step := range []struct {
			from     domain.Account
			accepts  bool
			kind     domain.Kind
			is, okay bool
		}{
			{far, true, domain.Forbidden, false, false},
			{other, true, domain.Forbidden, false, false},
			{relay, true, 0, true, true},
			{other, false, domain.Forbidden, true, false},
			{relay, false, 0, false, true},
			{relay, true, 0, false, true}, // nobody has asked again
		} {
			err := w.s.RelayAnswered(t.Context(), step.from.ID, r.ID, step.accepts)
			if step.okay != (err == nil) || err != nil && !domain.Is(err, step.kind) {
				t.Errorf("%s answers %v: %v", step.from.URI, step.accepts, err)
			}
			list, err := st.Reader().Relays(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := list[0].State == domain.RelayAccepted; got != step.is {
				t.Errorf("after %s answered %v the relay is on: %v", step.from.URI, step.accepts, got)
			}
		}
	})
}
