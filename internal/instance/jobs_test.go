package instance_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/store"
	"coterie/internal/testkit"
	"coterie/internal/testkit/dbtest"
)

// TestPoisonJobIsSetAsideSeenAndTriedAgain gives fan-out an event it cannot read.
func TestPoisonJobIsSetAsideSeenAndTriedAgain(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Bare())
	o := shared()
	st := dbtest.Open(t, store.Options{Path: filepath.Join(c.Config.DataDir, "coterie.db"), Now: o.Now, Log: o.Log})
	err := st.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Enqueue(domain.Job{Kind: domain.JobFanout, Payload: `"not an event"`})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Clock.Add(24 * time.Hour * 365)
	_ = c.Instance.Settle(t.Context()) // the poison's own error is what this is about
	list := func() []instance.JobAside {
		t.Helper()
		v, err := c.Command(t.Context(), "jobs list", json.RawMessage(`{}`), nil)
		if err != nil {
			t.Fatal(err)
		}
		return v.([]instance.JobAside)
	}
	aside := list()
	if len(aside) != 1 || aside[0].Kind != domain.JobFanout || aside[0].LastError == "" {
		t.Fatalf("set aside: %+v", aside)
	}
	before, err := c.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Command(t.Context(), "jobs retry", json.RawMessage(`{}`), nil); err != nil {
		t.Fatal(err)
	}
	if s, err := c.Status(t.Context()); err != nil || s.Jobs.Ready != before.Jobs.Ready+1 || s.Jobs.SetAside != 0 {
		t.Errorf("after the retry: %+v, %v", s, err)
	}
}
