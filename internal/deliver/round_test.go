package deliver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/deliver"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// TestManyAddressesAreWrittenOnceHoweverOftenTheirJobRuns ends the job that
// writes 1,200 rows before its last transaction, lets what is written arrive,
// and runs it again.
func TestManyAddressesAreWrittenOnceHoweverOftenTheirJobRuns(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		var mu sync.Mutex
		got := map[string]int{}
		p := newPeer(t, func(r *http.Request, _ int) int {
			mu.Lock()
			defer mu.Unlock()
			got[r.URL.Path]++
			return http.StatusAccepted
		})
		const many = 1200
		var to []store.Address
		for i := range many {
			a := p.address()
			a.Inbox += fmt.Sprintf("/%d", i)
			to = append(to, a, a) // twice, as two followers of one server may be found
		}
		o.crash = errors.New("the process ends here")
		o.send("x", to...)
		o.work()
		if n := len(got); n == 0 || n == many {
			t.Fatalf("before the last transaction %d letters arrived", n)
		}
		o.crash = nil
		o.clock.Add(time.Minute)
		if _, err := o.poster.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.work()
		if len(got) != many {
			t.Errorf("%d inboxes got the letter", len(got))
		}
		for path, n := range got {
			if n != 1 {
				t.Errorf("%s got it %d times", path, n)
			}
		}
		o.write(func(tx *store.Tx) error {
			n, err := tx.SweepDeliveryBodies(tx.Now(), 10)
			if n != 1 {
				t.Errorf("%d bodies were left over", n)
			}
			return err
		})
	})
}

// TestHostsThatHangTakeNoRoom has hosts that never answer fail once: from then
// on they are served apart, and workers for the others never meet them.
func TestHostsThatHangTakeNoRoom(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		down := true
		var hanging []*peer
		for range 5 {
			hanging = append(hanging, newPeer(t, func(*http.Request, int) int {
				if down {
					return http.StatusServiceUnavailable
				}
				return http.StatusAccepted
			}))
		}
		good := newPeer(t, nil)
		to := []store.Address{good.address()}
		for _, p := range hanging {
			to = append(to, p.address())
		}
		o.send("one", to...)
		o.work()
		o.send("two", to...)
		healthy := job.NewRunner(o.st, job.Options{})
		healthy.Handle(domain.JobDeliver, o.s.Handle, job.HandlerOptions{})
		o.clock.Add(time.Hour)
		if n, err := healthy.Step(t.Context()); err != nil || n != 1 {
			t.Errorf("the workers for the healthy hosts had %d jobs: %v", n, err)
		}
		if got := good.got(); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("the good host got %v", got)
		}
		down = false
		o.work()
		for _, p := range hanging {
			if got := p.got(); !slices.Equal(got, []string{"one", "two"}) {
				t.Errorf("a host that is back got %v", got)
			}
		}
	})
}

// TestSendersGoAbreastEachInOrder has a host answer alice's first letter only
// once bob's has come.
func TestSendersGoAbreastEachInOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		bob := domain.Account{Username: "bob"}
		o.write(func(tx *store.Tx) error { return tx.InsertAccount(&bob) })
		came := make(chan struct{})
		srv := newPeer(t, nil)
		inner := srv.Config.Handler
		srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.Header.Get("Signature"), "/bob#") {
				close(came)
			} else {
				select {
				case <-came:
				case <-r.Context().Done():
				}
			}
			inner.ServeHTTP(w, r)
		})
		o.send("a1", srv.address())
		o.send("a2", srv.address())
		o.sendAs(bob.ID, "b1", srv.address())
		o.work()
		got := srv.got()
		if slices.Index(got, "a1") > slices.Index(got, "a2") || len(got) != 3 {
			t.Errorf("arrived %v", got)
		}
	})
}

// TestWhatOneHostDoesNotBelieveWaitsAlone has a host refuse alice's
// signature: bob's letters go on, hers are tried for a while.
func TestWhatOneHostDoesNotBelieveWaitsAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		bob := domain.Account{Username: "bob"}
		o.write(func(tx *store.Tx) error { return tx.InsertAccount(&bob) })
		hers := 0
		p := newPeer(t, func(r *http.Request, _ int) int {
			if strings.Contains(r.Header.Get("Signature")+r.Header.Get("Signature-Input"), "/alice#") {
				hers++
				return http.StatusUnauthorized
			}
			return http.StatusAccepted
		})
		o.send("a", p.address())
		o.sendAs(bob.ID, "b1", p.address())
		o.work()
		o.sendAs(bob.ID, "b2", p.address())
		o.work()
		if got := p.got(); !slices.Equal(got, []string{"b1", "b2"}) || hers != 2 {
			t.Fatalf("arrived %v; hers was tried %d times", got, hers)
		}
		for range 40 {
			o.clock.Add(time.Hour)
			o.work()
		}
		if _, err := o.st.Reader().NextDelivery(t.Context(), p.address().Host); !domain.Is(err, domain.NotFound) || hers != 20 {
			t.Errorf("after two days hers was tried %d times and is not given up: %v", hers, err)
		}
	})
}

// TestLettersOfTheDeadAreSignedByThem: a Delete is delivered after its account
// is gone; then its key goes, too.
func TestLettersOfTheDeadAreSignedByThem(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		signed := 0
		p := newPeer(t, func(r *http.Request, _ int) int {
			if strings.Contains(r.Header.Get("Signature"), `keyId="http://coterie.test/users/alice#main-key"`) {
				signed++
			}
			return http.StatusAccepted
		})
		if _, err := o.s.Key(t.Context(), o.sender); err != nil {
			t.Fatal(err)
		}
		o.send("Delete", p.address())
		o.write(func(tx *store.Tx) error { return tx.DeleteAccount(o.sender) })
		o.s = deliver.New(o.s.Config) // with nothing in memory
		o.rehire()
		if err := o.s.Sweep(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		o.work()
		if signed != 1 {
			t.Fatalf("%d letters arrived with the right signature", signed)
		}
		if err := o.s.Sweep(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := o.st.Reader().OwnKey(t.Context(), o.sender, domain.KeyRSA); !domain.Is(err, domain.NotFound) {
			t.Errorf("the key is still there: %v", err)
		}
	})
}

// TestNobodysLettersBlameNoHost drops a letter whose sender never had a key.
func TestNobodysLettersBlameNoHost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		p := newPeer(t, nil)
		o.sendAs(12345, "lost", p.address())
		o.send("found", p.address())
		o.work()
		h, err := o.st.Reader().Host(t.Context(), p.address().Host)
		if got := p.got(); err != nil || h.Failures > 0 || !slices.Equal(got, []string{"found"}) {
			t.Errorf("arrived %v, failures %d, %v", got, h.Failures, err)
		}
	})
}

// TestSEC25_DeliveriesAskTheGuard names inboxes on private networks, on
// refused hosts behind other actors, and on our own: none is called.
func TestSEC25_DeliveriesAskTheGuard(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		p := newPeer(t, nil)
		for _, inbox := range []string{
			"http://10.1.2.3/inbox", "http://169.254.169.254/latest", "http://[fe80::1]/inbox", "http://refused.test/inbox",
			"http://coterie.test/inbox", "gopher://far.test/", "/inbox", "http://far.test\x00/", "http://user:pw@far.test/inbox",
		} {
			to := []store.Address{{Host: "far.test", Inbox: inbox}, p.address()}
			if strings.ContainsRune(inbox, 0) {
				if open := o.s.Open(to); len(open) != 1 {
					t.Errorf("%q may be called", inbox)
				}
				continue
			}
			o.send(inbox, to...)
		}
		o.work()
		o.clock.Add(24 * time.Hour)
		o.work()
		if n := len(p.got()); n != 8 {
			t.Errorf("the good inbox got %d letters", n)
		}
		if _, err := o.st.Reader().NextDelivery(t.Context(), "far.test"); !domain.Is(err, domain.NotFound) {
			t.Errorf("letters wait for what is refused: %v", err)
		}
		if h, err := o.st.Reader().Host(t.Context(), "far.test"); err != nil || h.Failures > 0 {
			t.Errorf("the host is blamed: %+v, %v", h, err)
		}
	})
}

// TestNothingIsToldOfWhatIsGone: a post that was deleted while its letter was
// being written is not sent after its own Delete.
func TestNothingIsToldOfWhatIsGone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		p := newPeer(t, nil)
		st := domain.Status{Account: o.sender, Local: true, Text: "Hello"}
		o.write(func(tx *store.Tx) error { return tx.InsertStatus(&st, "") })
		o.subject = st.ID
		o.send("there", p.address())
		o.write(func(tx *store.Tx) error { return tx.DeleteStatus(st.ID) })
		o.send("gone", p.address())
		o.work()
		if got := p.got(); !slices.Equal(got, []string{"there"}) {
			t.Errorf("arrived %v", got)
		}
	})
}

// TestAStopRepeatsNothingThatArrived stops the worker while the second of two
// letters is out.
func TestAStopRepeatsNothingThatArrived(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		ctx, stop := context.WithCancel(t.Context())
		p := newPeer(t, func(r *http.Request, n int) int {
			if n == 2 {
				stop()
				<-r.Context().Done()
				return http.StatusServiceUnavailable
			}
			return http.StatusAccepted
		})
		o.send("one", p.address())
		o.send("two", p.address())
		_, _ = o.runner.Step(ctx)
		if got := p.got(); !slices.Equal(got, []string{"one"}) {
			t.Fatalf("before the stop arrived %v", got)
		}
		o.rehire()
		o.work()
		if got := p.got(); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("arrived %v", got)
		}
	})
}

// TestALostJobRepeatsNothingThatArrived has another worker claim the job of a
// host while a letter to it is out, as happens where a machine is too busy to
// renew leases.
func TestALostJobRepeatsNothingThatArrived(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.runner = job.NewRunner(o.st, job.Options{Lease: time.Nanosecond})
		o.runner.Handle(domain.JobDeliver, o.s.Handle, job.HandlerOptions{MaxAttempts: 1 << 30})
		other := job.NewRunner(o.st, job.Options{})
		taken := 0
		other.Handle(domain.JobDeliver, func(ctx context.Context, j *job.Job) error {
			taken++
			return o.s.Handle(ctx, j)
		}, job.HandlerOptions{MaxAttempts: 1 << 30})
		p := newPeer(t, func(_ *http.Request, n int) int {
			for n == 1 && taken == 0 {
				o.clock.Add(time.Millisecond)
				_, _ = other.Step(context.Background()) // the host is taken
			}
			return http.StatusAccepted
		})
		o.send("one", p.address())
		o.send("two", p.address())
		if _, err := o.runner.Step(t.Context()); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("who lost the job got %v", err)
		}
		o.clock.Add(time.Hour)
		o.rehire()
		o.send("three", p.address())
		o.work()
		if got := p.got(); !slices.Equal(got, []string{"one", "two", "three"}) {
			t.Errorf("arrived %v", got)
		}
	})
}

// TestALostHostKeepsNothingThatArrived lets the lease of a host end, too, while
// a letter to it is out.
func TestALostHostKeepsNothingThatArrived(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		p := newPeer(t, func(*http.Request, int) int {
			err := o.st.Write(context.Background(), func(tx *store.Tx) error {
				// As if the lease had ended: PostgreSQL's clock, by which it runs there,
				// cannot be turned.
				h, err := tx.Host(context.Background(), o.letters[0].To[0].Host)
				if err == nil {
					err = tx.ReleaseHost(h)
				}
				if err == nil {
					_, err = tx.ClaimHost(h.Host, "another", time.Minute)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return http.StatusAccepted
		})
		o.send("one", p.address())
		if _, err := o.runner.Step(t.Context()); !errors.Is(err, store.ErrHostTaken) {
			t.Errorf("who lost the host got %v", err)
		}
		if _, err := o.st.Reader().NextDelivery(t.Context(), p.address().Host); !domain.Is(err, domain.NotFound) {
			t.Errorf("what arrived is still to be sent: %v", err)
		}
	})
}
