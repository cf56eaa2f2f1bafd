package deliver_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/deliver"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// peer is another server that writes down what it gets.
type peer struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	answer func(r *http.Request, n int) int // n counts from 1; nil is 202
	seen   int
}

func newPeer(t *testing.T, answer func(r *http.Request, n int) int) *peer {
	t.Helper()
	p := &peer{answer: answer}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.seen++
		status := http.StatusAccepted
		if p.answer != nil {
			status = p.answer(r, p.seen)
		}
		if status/100 == 2 {
			p.bodies = append(p.bodies, string(b))
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *peer) got() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.bodies)
}

func (p *peer) address() store.Address {
	return store.Address{Host: strings.TrimPrefix(p.URL, "http://"), Inbox: p.URL + "/inbox"}
}

// office is a community's outgoing side.
type office struct {
	t      *testing.T
	st     *store.Store
	clock  *dbtest.Clock
	s      *deliver.Service
	runner *job.Runner // delivers
	poster *job.Runner // writes the rows
	sender domain.ID
	// letters are those written so far, by the payload of their job.
	letters []deliver.Letter
	// subject is what the letters tell of, if anything.
	subject domain.ID
	awaited bool  // whether somebody waits for what comes of them
	crash   error // ends the job that writes the rows, before its last commit
}

func each(t *testing.T, f func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.EachOptions(t, func(t *testing.T, opts store.Options) {
		o := &office{t: t, clock: dbtest.NewClock()}
		opts.Now = o.clock.Now
		o.st = dbtest.Open(t, opts)
		log := slog.New(slog.DiscardHandler)
		client := fetch.New(fetch.Config{UserAgent: "test", Dev: true, Now: o.clock.Now, Log: log})
		t.Cleanup(client.Close)
		o.s = deliver.New(deliver.Config{
			Store: o.st, Client: client, URLs: domain.URLs{Base: "http://coterie.test", Host: "coterie.test"},
			Refused: func(host string) bool { return host == "refused.test" }, Log: log,
		})
		o.rehire()
		o.poster = job.NewRunner(o.st, job.Options{})
		o.poster.Handle(posting, o.post, job.HandlerOptions{})
		a := domain.Account{Username: "alice"}
		o.write(func(tx *store.Tx) error { return tx.InsertAccount(&a) })
		o.sender = a.ID
		f(t, o)
	})
}

// rehire has the service's letters taken by a new runner.
func (o *office) rehire() {
	o.runner = job.NewRunner(o.st, job.Options{})
	for _, kind := range []domain.JobKind{domain.JobDeliver, domain.JobDeliverAgain} {
		o.runner.Handle(kind, o.s.Handle, job.HandlerOptions{MaxAttempts: 1 << 30})
	}
}

func (o *office) write(fn func(tx *store.Tx) error) {
	o.t.Helper()
	if err := o.st.Write(o.t.Context(), fn); err != nil {
		o.t.Fatal(err)
	}
}

// posting is a job that sends a letter.
const posting domain.JobKind = "test.post"

// send writes the rows of a letter, as the job does that works off an event.
func (o *office) send(body string, to ...store.Address) {
	o.t.Helper()
	o.sendAs(o.sender, body, to...)
}

func (o *office) sendAs(sender domain.ID, body string, to ...store.Address) {
	o.t.Helper()
	o.letters = append(o.letters, deliver.Letter{Sender: sender, Body: []byte(body), Subject: o.subject, Awaited: o.awaited, To: to})
	o.write(func(tx *store.Tx) error {
		_, err := job.Enqueue(tx, posting, len(o.letters)-1)
		return err
	})
	if _, err := o.poster.Step(o.t.Context()); err != nil && o.crash == nil {
		o.t.Fatal(err)
	}
}

func (o *office) post(ctx context.Context, j *job.Job) error {
	var n int
	if err := j.Decode(&n); err != nil {
		return err
	}
	return o.s.Post(ctx, j, o.letters[n:n+1], func(*store.Tx) error { return o.crash })
}

// work runs what is due now.
func (o *office) work() {
	o.t.Helper()
	for {
		n, err := o.runner.Step(context.Background())
		if err != nil {
			o.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func TestLettersArriveSignedAndInOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		unsigned := 0
		p := newPeer(t, func(r *http.Request, _ int) int {
			if !strings.Contains(r.Header.Get("Signature"), `keyId="http://coterie.test/users/alice#main-key"`) || r.Header.Get("Digest") == "" {
				unsigned++
			}
			return http.StatusAccepted
		})
		want := []string{}
		for _, body := range []string{`{"n":1}`, `{"n":2}`, `{"n":3}`} {
			o.send(body, p.address(), store.Address{Host: "coterie.test", Inbox: "http://coterie.test/inbox"}, store.Address{Host: "refused.test", Inbox: "http://refused.test/inbox"})
			want = append(want, body)
		}
		o.work()
		if got := p.got(); !slices.Equal(got, want) || unsigned > 0 {
			t.Errorf("arrived %v with %d unsigned, want %v", got, unsigned, want)
		}
		if _, err := o.st.Reader().NextDelivery(t.Context(), p.address().Host); !domain.Is(err, domain.NotFound) {
			t.Errorf("rows are left behind: %v", err)
		}
	})
}

// TestPeerAwayForAWeekGetsWhatItMissed lets a peer fail for eight days.
func TestPeerAwayForAWeekGetsWhatItMissed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		away := true
		p := newPeer(t, func(*http.Request, int) int {
			if away {
				return http.StatusBadGateway
			}
			return http.StatusAccepted
		})
		o.send("first", p.address())
		o.work()
		o.send("second", p.address())
		for range 8 * 4 {
			o.clock.Add(6 * time.Hour)
			o.work()
		}
		h, err := o.st.Reader().Host(t.Context(), p.address().Host)
		if err != nil || h.ParkedAt.IsZero() || len(p.got()) != 0 {
			t.Fatalf("after eight days: %+v, %v, arrived %v", h, err, p.got())
		}
		if p.seen > 50 {
			t.Errorf("a dead host was asked %d times", p.seen)
		}
		p.mu.Lock()
		away = false
		p.mu.Unlock()
		o.clock.Add(13 * time.Hour)
		o.work()
		if got := p.got(); !slices.Equal(got, []string{"first", "second"}) {
			t.Errorf("after its return the peer got %v", got)
		}
		if h, err = o.st.Reader().Host(t.Context(), p.address().Host); err != nil || h.Failures != 0 || !h.ParkedAt.IsZero() {
			t.Errorf("after success: %+v, %v", h, err)
		}
	})
}

// TestWhatSomebodyWaitsForIsTriedAtOnce: a parked host may be back, and a
// follow should not wait for half a day; but no more than once an hour.
func TestWhatSomebodyWaitsForIsTriedAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		away := true
		p := newPeer(t, func(*http.Request, int) int {
			if away {
				return http.StatusBadGateway
			}
			return http.StatusAccepted
		})
		o.send("post", p.address())
		for range 8 * 4 {
			o.clock.Add(6 * time.Hour)
			o.work()
		}
		o.clock.Add(2 * time.Hour)
		o.work()
		step := func(body string, awaited bool, want int) {
			t.Helper()
			before := p.seen
			o.awaited = awaited
			o.send(body, p.address())
			o.work()
			if p.seen-before != want {
				t.Errorf("%s: the host was asked %d times, want %d", body, p.seen-before, want)
			}
		}
		step("another post", false, 0)
		step("follow", true, 1)
		step("unfollow", true, 0)
		o.clock.Add(61 * time.Minute)
		p.mu.Lock()
		away = false
		p.mu.Unlock()
		step("follow again", true, 5)
		if want := []string{"post", "another post", "follow", "unfollow", "follow again"}; !slices.Equal(p.got(), want) {
			t.Errorf("arrived %v", p.got())
		}
	})
}

func TestWhatIsRefusedForGoodIsNotRepeated(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		p := newPeer(t, func(_ *http.Request, n int) int {
			return []int{http.StatusForbidden, http.StatusGone, http.StatusAccepted}[n-1]
		})
		o.send("one", p.address())
		o.send("two", p.address())
		o.send("three", p.address())
		o.work()
		if got := p.got(); !slices.Equal(got, []string{"three"}) || p.seen != 3 {
			t.Errorf("arrived %v after %d requests", got, p.seen)
		}
	})
}

// TestOtherSchemeIsTriedOnceAndRemembered gives a peer that reads RFC 9421 only.
func TestOtherSchemeIsTriedOnceAndRemembered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		p := newPeer(t, func(r *http.Request, _ int) int {
			if r.Header.Get("Signature-Input") == "" {
				return http.StatusUnauthorized
			}
			return http.StatusAccepted
		})
		o.send("one", p.address())
		o.work()
		o.send("two", p.address())
		o.work()
		if got := p.got(); len(got) != 2 || p.seen != 3 {
			t.Errorf("arrived %v after %d requests, want both after 3", got, p.seen)
		}
	})
}

func TestOneHostsTroubleIsNotAnothers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		bad := newPeer(t, func(*http.Request, int) int { return http.StatusInternalServerError })
		good := newPeer(t, nil)
		for range 3 {
			o.send("x", bad.address(), good.address())
		}
		o.work()
		if len(good.got()) != 3 || bad.seen != 1 {
			t.Errorf("the good host got %d letters, the bad one %d requests", len(good.got()), bad.seen)
		}
	})
}
