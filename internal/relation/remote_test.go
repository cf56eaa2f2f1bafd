package relation_test

import (
	"context"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/relation"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// stranger is an account of another server.
func stranger(t *testing.T, st *store.Store, name string) domain.ID {
	t.Helper()
	a := domain.Account{Username: name, Domain: "far.example", URI: "https://far.example/users/" + name}
	if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.InsertAccount(&a) }); err != nil {
		t.Fatal(err)
	}
	return a.ID
}

// emitted are the events that wait for fan-out, which it takes away.
func emitted(t *testing.T, st *store.Store) []domain.Event {
	t.Helper()
	var out []domain.Event
	runner := job.NewRunner(st, job.Options{})
	runner.Handle(domain.JobFanout, func(_ context.Context, j *job.Job) error {
		var e domain.Event
		err := j.Decode(&e)
		out = append(out, e)
		return err
	}, job.HandlerOptions{})
	if _, err := runner.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAStrangersFollowIsAnsweredEachTime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		s, ctx := relation.New(st), t.Context()
		ids := people(t, st, "ann", "locked")
		ann, locked, far := ids[0], ids[1], stranger(t, st, "far")
		steps := []struct {
			do    func() error
			kind  domain.EventKind
			uri   string
			fails bool
		}{
			{func() error { return s.Follow(ctx, far, ann, relation.FollowOptions{URI: "https://far.example/1"}) }, domain.EventFollowed, "https://far.example/1", false},
			{func() error { return s.Follow(ctx, far, ann, relation.FollowOptions{URI: "https://far.example/2"}) }, domain.EventFollowRepeated, "https://far.example/2", false},
			{func() error { return s.UnfollowAs(ctx, far, ann, "https://far.example/2") }, domain.EventUnfollowed, "https://far.example/2", false},
			{func() error { return s.Follow(ctx, far, locked, relation.FollowOptions{URI: "https://far.example/3"}) }, domain.EventFollowRequested, "https://far.example/3", false},
			{func() error { return s.AcceptRequest(ctx, locked, far) }, domain.EventFollowAccepted, "https://far.example/3", false},
			{func() error { return s.RemoveFollower(ctx, locked, far) }, domain.EventFollowRejected, "https://far.example/3", false},
			{func() error { return s.BlockAs(ctx, far, locked, "https://far.example/4") }, domain.EventBlocked, "https://far.example/4", false},
			{func() error { return s.Follow(ctx, far, locked, relation.FollowOptions{URI: "https://far.example/5"}) }, domain.EventFollowRejected, "https://far.example/5", true},
			{func() error { return s.UnblockAs(ctx, far, locked, "https://far.example/4") }, domain.EventUnblocked, "https://far.example/4", false},
		}
		for i, step := range steps {
			if err := step.do(); (err != nil) != step.fails {
				t.Fatalf("step %d: %v", i, err)
			}
			got := emitted(t, st)
			if len(got) != 1 || got[0].Kind != step.kind || got[0].URI != step.uri {
				t.Errorf("step %d emits %+v, want %s of %s", i, got, step.kind, step.uri)
			}
		}
	})
}

func TestWhatWasTakenBackFirstHasNoEffect(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		s, ctx := relation.New(st), t.Context()
		ann, far := people(t, st, "ann")[0], stranger(t, st, "far")
		verbs := []func() error{
			func() error { return s.UnfollowAs(ctx, far, ann, "https://far.example/1") },
			func() error { return s.Follow(ctx, far, ann, relation.FollowOptions{URI: "https://far.example/1"}) },
			func() error { return s.UnblockAs(ctx, far, ann, "https://far.example/2") },
			func() error { return s.BlockAs(ctx, far, ann, "https://far.example/2") },
		}
		for i, verb := range verbs {
			if err := verb(); err != nil {
				t.Fatalf("verb %d: %v", i, err)
			}
		}
		if k := standing(t, st, far, ann); k.Following || k.Requested || k.Blocking {
			t.Errorf("a late activity took effect: %+v", k)
		}
		if got := emitted(t, st); len(got) != 0 {
			t.Errorf("events: %+v", got)
		}
		err := s.Follow(ctx, far, ann, relation.FollowOptions{URI: "https://far.example/3"})
		if k := standing(t, st, far, ann); err != nil || !k.Following {
			t.Errorf("a later follow of its own: %v, %+v", err, k)
		}
	})
}
