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

// sharedInboxes is how many servers a post goes to, oneIn of them may hang.
const (
	sharedInboxes = 500
	oneIn         = 5
	mayHang       = "a" // begins the names of those, so that they come before the others
)

// BenchmarkDeliveries takes a post to 500 shared inboxes. Compare it with
// BenchmarkSigning, which does nothing but sign as often. What arrives twice is
// counted by letter and host: nothing should, unless the machine is so busy that
// an answer comes too late. Such a letter is sent again under the same id, by
// which whoever has it takes it once.
func BenchmarkDeliveries(b *testing.B) {
	f := newField(b)
	f.send(b)
	b.ResetTimer() // the first letter opened the connections
	for b.Loop() {
		f.send(b)
	}
	b.ReportMetric(float64(f.twice), "twice")
	b.ReportMetric(float64(b.N*sharedInboxes)/b.Elapsed().Seconds(), "deliveries/s")
}

// BenchmarkDeliveriesBesideHanging tells what it costs the others when a fifth
// of 500 hosts begin to hang: how long after a post the same 400 have it, while
// the other 100 answer and while they take it and say nothing. It is the worst
// case, since a host that has hung before is not tried beside the others. Letters
// of both kinds go in turn, so that whatever else the machine does meets both,
// and the medians are compared.
func BenchmarkDeliveriesBesideHanging(b *testing.B) {
	f := newField(b)
	f.send(b)
	var calm, beside []time.Duration
	alone := func() {
		f.settle(b)
		calm = append(calm, f.send(b))
	}
	for b.Loop() {
		first := len(calm)%2 == 0 // either comes first as often as the other
		if first {
			alone()
		}
		f.settle(b)
		f.hang()
		beside = append(beside, f.send(b))
		if !first {
			alone()
		}
	}
	ms := func(of []time.Duration) float64 {
		slices.Sort(of)
		return float64(of[len(of)/2].Microseconds()) / 1000
	}
	b.ReportMetric(ms(calm), "ms-calm")
	b.ReportMetric(ms(beside), "ms-beside-hanging")
	b.ReportMetric(ms(beside)/ms(calm), "times")
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

	mu      sync.Mutex
	round   int
	arrived map[string]int // at which host, the round of its newest letter
	twice   int
	answer  chan struct{} // closed when those that hang answer, nil if none does
	healthy sync.WaitGroup
	others  sync.WaitGroup // the fifth that may hang
}

// hang has a fifth of the hosts take the next letter and say nothing, until the
// healthy ones have it.
func (f *field) hang() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = make(chan struct{})
}

// send takes a letter to everybody and tells after how long all those had it
// that never hang.
func (f *field) send(b *testing.B) time.Duration {
	b.Helper()
	f.mu.Lock()
	f.round++
	f.mu.Unlock()
	f.healthy.Add(sharedInboxes - sharedInboxes/oneIn)
	f.others.Add(sharedInboxes / oneIn)
	began := time.Now()
	f.post(b)
	f.healthy.Wait()
	took := time.Since(began)
	f.others.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.answer != nil {
		close(f.answer)
		f.answer = nil
	}
	return took
}

// settle waits until nothing of the letter before is left to do.
func (f *field) settle(b *testing.B) {
	b.Helper()
	for {
		q, err := f.st.Reader().Queues(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if q.Letters == 0 && q.Jobs == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// arrive counts a letter, and keeps those waiting that hang.
func (f *field) arrive(host string, body io.Reader) {
	var letter struct{ Round int }
	err := json.NewDecoder(body).Decode(&letter)
	f.mu.Lock()
	again := err != nil || letter.Round <= f.arrived[host]
	if again {
		f.twice++
	} else {
		f.arrived[host] = letter.Round
	}
	answer := f.answer
	f.mu.Unlock()
	switch {
	case again:
	case !strings.HasPrefix(host, mayHang):
		f.healthy.Done()
	default:
		f.others.Done()
		if answer != nil {
			<-answer
		}
	}
}

func newField(b *testing.B) *field {
	b.Helper()
	f := &field{arrived: map[string]int{}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.arrive(r.Host, r.Body)
		w.WriteHeader(http.StatusAccepted)
	}))
	b.Cleanup(srv.Close)
	for i := range sharedInboxes {
		host := fmt.Sprintf("h%d.test", i)
		if i%oneIn == 0 {
			host = mayHang + host
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
