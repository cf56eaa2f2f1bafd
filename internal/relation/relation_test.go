package relation_test

import (
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/relation"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func people(t *testing.T, st *store.Store, names ...string) []domain.ID {
	t.Helper()
	var ids []domain.ID
	err := st.Write(t.Context(), func(tx *store.Tx) error {
		ids = nil
		for _, n := range names {
			a := domain.Account{Username: n, Locked: n == "locked"}
			if err := tx.InsertAccount(&a); err != nil {
				return err
			}
			ids = append(ids, a.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func standing(t *testing.T, st *store.Store, from, to domain.ID) domain.Relationship {
	t.Helper()
	k, err := st.Reader().Relationships(t.Context(), from, []domain.ID{to}, st.Now())
	if err != nil || len(k) != 1 {
		t.Fatalf("relationships: %v, %v", k, err)
	}
	return k[0]
}

func TestFollowBlockAndRequestsMoveTheCounters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		s, ctx := relation.New(st), t.Context()
		ids := people(t, st, "ann", "ben", "locked")
		ann, ben, locked := ids[0], ids[1], ids[2]
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.Follow(ctx, ann, ben, relation.FollowOptions{}))
		must(s.Follow(ctx, ann, ben, relation.FollowOptions{}))
		must(s.Follow(ctx, ann, locked, relation.FollowOptions{}))
		if k := standing(t, st, ann, ben); !k.Following || !k.ShowingReblogs || k.Requested {
			t.Errorf("ann to ben: %+v", k)
		}
		if k := standing(t, st, ann, locked); k.Following || !k.Requested {
			t.Errorf("ann to locked: %+v", k)
		}
		must(s.AcceptRequest(ctx, locked, ann))
		if err := s.AcceptRequest(ctx, locked, ann); !domain.Is(err, domain.NotFound) {
			t.Errorf("accepting twice: %v", err)
		}
		counts := func(id domain.ID, following, followers int64) {
			t.Helper()
			a, err := st.Reader().Account(ctx, id)
			must(err)
			if a.FollowingCount != following || a.FollowersCount != followers {
				t.Errorf("%s follows %d and has %d followers, want %d and %d", a.Username, a.FollowingCount, a.FollowersCount, following, followers)
			}
		}
		counts(ann, 2, 0)
		counts(ben, 0, 1)
		must(s.Block(ctx, ben, ann))
		counts(ann, 1, 0)
		counts(ben, 0, 0)
		if k := standing(t, st, ann, ben); !k.BlockedBy || k.Following {
			t.Errorf("ann to ben after the block: %+v", k)
		}
		if err := s.Follow(ctx, ann, ben, relation.FollowOptions{}); !domain.Is(err, domain.Forbidden) {
			t.Errorf("following a blocker: %v", err)
		}
	})
}

func TestMuteEndsByItself(t *testing.T) {
	t.Parallel()
	dbtest.EachClock(t, func(t *testing.T, st *store.Store, clock *dbtest.Clock) {
		s, ctx := relation.New(st), t.Context()
		ids := people(t, st, "ann", "ben")
		if err := s.Mute(ctx, ids[0], ids[1], true, time.Hour); err != nil {
			t.Fatal(err)
		}
		if k := standing(t, st, ids[0], ids[1]); !k.Muting || !k.MutingNotifications || k.MutingExpiresAt.IsZero() {
			t.Errorf("during the mute: %+v", k)
		}
		k, err := st.Reader().Relationships(ctx, ids[0], ids[1:], st.Now().Add(time.Hour))
		if err != nil || k[0].Muting {
			t.Errorf("after the mute: %+v, %v", k, err)
		}
	})
}
