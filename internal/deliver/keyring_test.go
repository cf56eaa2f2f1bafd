package deliver_test

import (
	"crypto/rsa"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"coterie/internal/deliver"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/store"
)

// TestOneKeyIsMadeForAllWhoWait: a first letter goes to many hosts at once.
func TestOneKeyIsMadeForAllWhoWait(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		var made atomic.Int64
		asked := make(chan struct{})
		c := o.s.Config
		c.NewKey = func() (*rsa.PrivateKey, error) {
			made.Add(1)
			<-asked
			return fetch.GenerateRSA()
		}
		s := deliver.New(c)
		const many = 30
		keys := make([]fetch.Key, many)
		var about, wg sync.WaitGroup
		for i := range many {
			about.Add(1)
			wg.Go(func() {
				var err error
				about.Done()
				if keys[i], err = s.Key(t.Context(), o.sender); err != nil {
					t.Error(err)
				}
			})
		}
		about.Wait()
		close(asked)
		wg.Wait()
		for _, k := range keys {
			if k.Private == nil || k.Private != keys[0].Private {
				t.Fatalf("%+v is another key than %+v", k, keys[0])
			}
		}
		if made.Load() != 1 {
			t.Errorf("%d keys were made", made.Load())
		}
	})
}

// TestNobodyTakesTheKeyMadeForAnother: many have their first letter at once,
// and the stock is empty.
func TestNobodyTakesTheKeyMadeForAnother(t *testing.T) {
	t.Parallel()
	key, err := fetch.GenerateRSA()
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, o *office) {
		c := o.s.Config
		c.NewKey = func() (*rsa.PrivateKey, error) { return key, nil }
		s := deliver.New(c)
		var wg sync.WaitGroup
		for i := range 40 {
			a := domain.Account{Username: "guest" + strconv.Itoa(i)}
			o.write(func(tx *store.Tx) error { return tx.InsertAccount(&a) })
			wg.Go(func() {
				if k, err := s.Key(t.Context(), a.ID); err != nil || k.Private == nil {
					t.Errorf("%s has no key: %v", a.Username, err)
				}
			})
		}
		wg.Wait()
	})
}
