package deliver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"coterie/internal/deliver"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// sharedInboxes is how many servers a post goes to.
const sharedInboxes = 500

// BenchmarkDeliveries takes a post to 500 shared inboxes, and again while a
// fifth of their hosts take the request and never answer. Compare it with
// BenchmarkSigning, which does nothing but sign as often. What arrives twice is
// counted by letter and host: nothing should, unless the machine is so busy that
// an answer comes too late. Such a letter is sent again under the same id, by
// which whoever has it takes it once.
func BenchmarkDeliveries(b *testing.B) {
	for _, hanging := range []int{0, sharedInboxes / 5} {
		b.Run(fmt.Sprintf("hanging=%d", hanging), func(b *testing.B) {
			f := newField(b, hanging)
			for b.Loop() {
				f.await(sharedInboxes - hanging)
				f.post(b)
				<-f.complete
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			b.ReportMetric(float64(f.twice), "twice")
			b.ReportMetric(float64(b.N*(sharedInboxes-hanging))/b.Elapsed().Seconds(), "deliveries/s")
		})
	}
}

// BenchmarkSigning is the raw rate of the cores: one signature an inbox.
func BenchmarkSigning(b *testing.B) {
	key, err := fetch.GenerateRSA()
	if err != nil {
		b.Fatal(err)
	}
	clock := dbtest.NewClock()
	body := []byte(strings.Repeat("x", 2000))
	b.ResetTimer() // the key took as long as a hundred signatures
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://far.test/inbox", http.NoBody)
			if err == nil {
				err = fetch.Sign(r, body, fetch.Key{ID: "http://coterie.test/actor#main-key", Private: key}, fetch.Cavage, clock.Now())
			}
			if err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "signatures/s")
}

// field is a community at work and the servers around it.
type field struct {
	st *store.Store
	to []store.Address

	mu       sync.Mutex
	round    int
	arrived  map[string]int // at which host, the round of its newest letter
	twice    int
	missing  int // of this round
	complete chan struct{}
}

// await begins a round: one more letter to everybody.
func (f *field) await(want int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.round++
	f.missing, f.complete = want, make(chan struct{})
}

func (f *field) arrive(host string, body io.Reader) {
	var letter struct{ Round int }
	err := json.NewDecoder(body).Decode(&letter)
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err != nil || letter.Round <= f.arrived[host]:
		f.twice++
	default:
		f.arrived[host] = letter.Round
		if f.missing--; f.missing == 0 {
			close(f.complete)
		}
	}
}

func newField(b *testing.B, hanging int) *field {
	b.Helper()
	f := &field{arrived: map[string]int{}}
	end := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Host, "hangs") {
			<-end
			return
		}
		f.arrive(r.Host, r.Body)
		w.WriteHeader(http.StatusAccepted)
	}))
	b.Cleanup(srv.Close)
	b.Cleanup(func() { close(end) })
	for i := range sharedInboxes {
		host := fmt.Sprintf("h%d.test", i)
		if i < hanging {
			host = "hangs-" + host
		}
		f.to = append(f.to, store.Address{Host: host, Inbox: "http://" + host + "/inbox"})
	}
	f.st = dbtest.Open(b, dbtest.SQLite(b))
	f.run(b, func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", srv.Listener.Addr().String())
	})
	return f
}

// run works as an instance does, until the benchmark ends.
func (f *field) run(b *testing.B, dial func(ctx context.Context, network, addr string) (net.Conn, error)) {
	b.Helper()
	log := slog.New(slog.DiscardHandler)
	client := fetch.New(fetch.Config{UserAgent: "test", Dev: true, Now: f.st.Now, Log: log, Dial: dial})
	b.Cleanup(client.Close)
	s := deliver.New(deliver.Config{
		Store: f.st, Client: client, URLs: domain.URLs{Base: "http://coterie.test", Host: "coterie.test"},
		Refused: func(string) bool { return false }, Log: log,
	})
	r := job.NewRunner(f.st, job.Options{Workers: 576})
	r.Handle(domain.JobDeliver, s.Handle, job.HandlerOptions{Concurrency: 384})
	r.Handle(domain.JobDeliverAgain, s.Handle, job.HandlerOptions{Concurrency: 128})
	r.Handle(posting, func(ctx context.Context, j *job.Job) error {
		return s.Post(ctx, j, []deliver.Letter{{Body: []byte(j.Payload), To: f.to}}, func(*store.Tx) error { return nil })
	}, job.HandlerOptions{})
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := r.Run(ctx); err != nil {
			b.Error(err)
		}
	})
	b.Cleanup(wg.Wait)
	b.Cleanup(stop)
}

func (f *field) post(b *testing.B) {
	b.Helper()
	err := f.st.Write(b.Context(), func(tx *store.Tx) error {
		_, err := job.Enqueue(tx, posting, map[string]any{"type": "Create", "round": f.round})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}
