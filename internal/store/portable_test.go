package store_test

import (
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// An import whose job was set aside has failed, and can be started again.
func TestAnImportWithoutAJobHasFailed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		write := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := st.Write(bg, fn); err != nil {
				t.Fatal(err)
			}
		}
		a := domain.Account{Username: "zoe"}
		i := domain.Import{Kind: domain.DataFollowing, State: domain.ImportIsProposed, Total: 1}
		var jobs []domain.Job
		start := func(tx *store.Tx) error {
			if err := tx.StartImport(a.ID, i.ID); err != nil {
				return err
			}
			_, err := tx.Enqueue(domain.Job{Kind: domain.JobImport, Payload: "{}", UniqueKey: i.ID.String()})
			return err
		}
		claim := func(tx *store.Tx) (err error) {
			jobs, err = tx.ClaimJobs("here", store.Quota{domain.JobImport: 1}, 1, time.Minute)
			return err
		}
		stands := func(want domain.ImportState) {
			t.Helper()
			got, err := st.Reader().Import(bg, a.ID, i.ID)
			if err != nil || got.State != want {
				t.Fatalf("the import is %s, not %s: %v", got.State, want, err)
			}
		}
		write(func(tx *store.Tx) error {
			if err := tx.InsertAccount(&a); err != nil {
				return err
			}
			i.Account = a.ID
			return tx.InsertImport(&i)
		})
		stands(domain.ImportIsProposed)
		write(start)
		stands(domain.ImportIsWorking)
		write(claim)
		stands(domain.ImportIsWorking)
		write(func(tx *store.Tx) error { return tx.SetJobAside(jobs[0].ID, jobs[0].Token, "broken") })
		stands(domain.ImportHasFailed)
		write(start)
		stands(domain.ImportIsWorking)
		if err := st.Write(bg, start); !domain.Is(err, domain.NotFound) {
			t.Errorf("started while it works: %v", err)
		}
		write(claim)
		write(func(tx *store.Tx) error {
			i.State, i.Done = domain.ImportIsDone, 1
			if err := tx.KeepImport(&i); err != nil {
				return err
			}
			return tx.FinishJob(jobs[0].ID, jobs[0].Token)
		})
		stands(domain.ImportIsDone)
	})
}
