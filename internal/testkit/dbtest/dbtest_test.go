package dbtest_test

import (
	"context"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func TestEachGivesAnEmptyMigratedStore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		var id domain.ID
		err := st.Write(ctx, func(tx *store.Tx) error {
			var err error
			id, err = tx.Enqueue(domain.Job{Kind: "test", UniqueKey: "once"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		j, err := st.Reader().Job(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if j.Kind != "test" || j.State != domain.JobReady || !j.CreatedAt.Equal(j.RunAt) {
			t.Errorf("got %+v", j)
		}
	})
}
