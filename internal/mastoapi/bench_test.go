package mastoapi_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/render"
	"coterie/internal/store"
	"coterie/internal/testkit"
	"coterie/internal/testkit/dbtest"
	"coterie/internal/timeline"
)

// crowded is a community whose alice follows 150 people with 5,000 posts.
func crowded(b *testing.B, options ...testkit.Option) *testkit.Community {
	c := testkit.NewInstance(b, options...)
	alice := c.Person("alice").ID
	st := dbtest.Open(b, store.Options{
		Path: filepath.Join(c.Config.DataDir, "coterie.db"), PostgresURL: c.Config.DatabaseURL, MaxConns: 4, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	err := st.Write(context.Background(), func(tx *store.Tx) error {
		people := make([]domain.ID, 150)
		for i := range people {
			a := domain.Account{Username: fmt.Sprintf("friend%d", i), DisplayName: "A friend", Note: "Somebody who writes a lot about #things"}
			if err := tx.InsertAccount(&a); err != nil {
				return err
			}
			people[i] = a.ID
			if err := tx.SaveFollow(&domain.Follow{Account: alice, Target: a.ID, ShowReblogs: true}); err != nil {
				return err
			}
		}
		for i := range 5000 {
			s := domain.Status{
				Account: people[i*7%150], Local: true, Language: "en",
				Text: fmt.Sprintf("Number %d: words that somebody wrote in the evening, with a link to https://example.org/articles/%d and nothing else to say about it.", i, i),
			}
			if err := tx.InsertStatus(&s, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// serve measures requests over a real connection: time and, beside it, the
// processor time of both ends.
func serve(b *testing.B, h http.Handler, path, token string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go srv.Serve(l)
	defer srv.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	get := func() int64 {
		r, _ := http.NewRequest(http.MethodGet, "http://"+l.Addr().String()+path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := client.Do(r)
		if err != nil {
			b.Error(err)
			return 0
		}
		defer res.Body.Close()
		n, _ := io.Copy(io.Discard, res.Body)
		if res.StatusCode != http.StatusOK {
			b.Errorf("status %d", res.StatusCode)
		}
		return n
	}
	b.SetBytes(get())
	before := cpu()
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			get()
		}
	})
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkHome is a warm home timeline of 20 statuses over HTTP.
func BenchmarkHome(b *testing.B) {
	c := crowded(b)
	serve(b, c.Handler(), "/api/v1/timelines/home", c.Person("alice").Token)
}

// BenchmarkBareHandler answers the same bytes from a handler that does nothing
// else: what BenchmarkHome is measured against.
func BenchmarkBareHandler(b *testing.B) {
	c := crowded(b)
	body := c.As("alice").GET("/api/v1/timelines/home").OK().Body
	serve(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Write(body)
	}), "/", "")
}

// BenchmarkHomeHandler is BenchmarkHome without the network.
func BenchmarkHomeHandler(b *testing.B) {
	c := crowded(b)
	ctx, n := store.CountStatements(context.Background())
	get := func(ctx context.Context) {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, c.Config.BaseURL()+"/api/v1/timelines/home", nil)
		r.Header.Set("Authorization", "Bearer "+c.Person("alice").Token)
		w := httptest.NewRecorder()
		c.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("status %d: %s", w.Code, w.Body)
		}
	}
	get(context.Background())
	b.ReportAllocs()
	for b.Loop() {
		get(ctx)
	}
	b.ReportMetric(float64(n.Load())/float64(b.N), "statements/op")
}

// BenchmarkHomeWhilePosting is BenchmarkHome while four of those whom alice
// follows post, fifty times a second together, and each post comes to the page
// at once. It reports how long a page takes half of the time and 99 times in
// 100, and how many posts a second there were.
func BenchmarkHomeWhilePosting(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { homeWhilePosting(b) })
	b.Run("postgres", func(b *testing.B) { homeWhilePosting(b, testkit.Postgres()) })
}

func homeWhilePosting(b *testing.B, options ...testkit.Option) {
	c := crowded(b, options...)
	ctx, stop := context.WithCancel(b.Context())
	ask := func(method, name, path, body string) int {
		r := httptest.NewRequest(method, c.Config.BaseURL()+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+c.Person(name).Token)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		c.Handler().ServeHTTP(w, r)
		return w.Code
	}
	authors := []string{"bob", "carol", "dave", "erin"}
	for _, name := range authors {
		c.Follow("alice", name)
	}
	c.Settle()
	ask(http.MethodGet, "alice", "/api/v1/timelines/home", "")
	var busy sync.WaitGroup
	var posts atomic.Int64
	busy.Go(func() { _ = c.Run(ctx, "nowhere") })
	for i, name := range authors {
		busy.Go(func() {
			beat := time.NewTicker(time.Second * time.Duration(len(authors)) / 50)
			defer beat.Stop()
			for n := 0; ; n++ {
				select {
				case <-ctx.Done():
					return
				case <-beat.C:
				}
				if code := ask(http.MethodPost, name, "/api/v1/statuses", fmt.Sprintf("status=Number+%d+of+%d", n, i)); code != http.StatusOK {
					b.Errorf("a post is answered %d", code)
				}
				posts.Add(1)
			}
		})
	}
	var mu sync.Mutex
	var took []time.Duration
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var own []time.Duration
		for pb.Next() {
			from := time.Now()
			if code := ask(http.MethodGet, "alice", "/api/v1/timelines/home", ""); code != http.StatusOK {
				b.Errorf("a page is answered %d", code)
			}
			own = append(own, time.Since(from))
		}
		mu.Lock()
		defer mu.Unlock()
		took = append(took, own...)
	})
	b.StopTimer()
	stop()
	busy.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(posts.Load())/b.Elapsed().Seconds(), "posts/s")
}

// BenchmarkNotifications is a warm page of 40 of 5,000 notifications over
// HTTP: one by one, and together.
func BenchmarkNotifications(b *testing.B) {
	c := crowded(b)
	alice := c.Person("alice").ID
	st := dbtest.Open(b, store.Options{Path: filepath.Join(c.Config.DataDir, "coterie.db"), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	following, err := st.Reader().Following(context.Background(), alice, alice, domain.Page{Limit: 150})
	if err != nil {
		b.Fatal(err)
	}
	posts := make([]domain.ID, 50)
	for i := range posts {
		posts[i] = c.Post("alice", fmt.Sprintf("Number %d, which many people like.", i)).ID()
	}
	c.Settle()
	err = st.Write(context.Background(), func(tx *store.Tx) error {
		for i := range 5000 {
			n := domain.Notification{Account: alice, From: following[i%150].Account, Type: domain.NotifyFavourite, Status: posts[i/100]}
			n.GroupKey = fmt.Sprintf("favourite-%s-1", n.Status)
			if i%10 == 0 {
				n.Type, n.GroupKey = domain.NotifyMention, ""
			}
			if _, err := tx.InsertNotification(&n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("single", func(b *testing.B) { serve(b, c.Handler(), "/api/v1/notifications", c.Person("alice").Token) })
	b.Run("grouped", func(b *testing.B) { serve(b, c.Handler(), "/api/v2/notifications", c.Person("alice").Token) })
}

// BenchmarkIdleStreams opens b.N WebSockets that hear nothing and reports the
// memory of each: heap and stacks of the server and, since both ends are in
// one process, the bare connection of the client. Run it with -benchtime=5000x.
func BenchmarkIdleStreams(b *testing.B) {
	c := testkit.NewInstance(b)
	srv := httptest.NewServer(c.Handler())
	defer srv.Close()
	address := strings.TrimPrefix(srv.URL, "http://")
	request := "GET /api/v1/streaming?stream=user HTTP/1.1\r\nHost: coterie.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer "
	names := []string{"alice", "bob", "carol", "dave", "erin"}
	for len(names)*60 < b.N {
		name := fmt.Sprintf("dog%d", len(names))
		c.Join(name, domain.RoleUser)
		names = append(names, name)
	}
	var fds []net.Conn
	defer func() {
		for _, c := range fds {
			c.Close()
		}
	}()
	before := inUse()
	b.ResetTimer()
	for i := range b.N {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			b.Fatal(err)
		}
		fds = append(fds, conn)
		if _, err := io.WriteString(conn, request+c.Person(names[i/60]).Token+"\r\n\r\n"); err != nil {
			b.Fatal(err)
		}
		var answer [12]byte
		if _, err := io.ReadFull(conn, answer[:]); err != nil || string(answer[9:]) != "101" {
			b.Fatalf("%q %v", answer, err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(inUse()-before)/float64(b.N), "B/stream")
}

// inUse is the memory in use after a collection.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

// BenchmarkStreamLatency posts while a hundred people listen to the public
// stream, and reports how long it takes from the request until the last of
// them has the event: half of the time, and 99 times in 100.
func BenchmarkStreamLatency(b *testing.B) {
	c := testkit.NewInstance(b)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	go func() { _ = c.Run(ctx, "nowhere") }()
	h := perform(b, c)
	var all []ears
	for range 50 {
		all = append(all, h.listen(b, "alice", "stream=public"), h.listen(b, "bob", "stream=public"))
	}
	for _, e := range all {
		e.settled()
	}
	took := make([]time.Duration, 0, b.N)
	for b.Loop() {
		start := time.Now()
		c.Post("carol", "Now")
		for _, e := range all {
			e.want("public update")
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkManyViewers makes the text of one post for 2,000 people who listen:
// what a public post costs besides sending. It reports the statements that
// takes.
func BenchmarkManyViewers(b *testing.B) {
	c := testkit.NewInstance(b)
	post := c.Post("alice", "To everybody who listens").ID()
	st := dbtest.Open(b, store.Options{Path: filepath.Join(c.Config.DataDir, "coterie.db"), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	viewers := make([]domain.ID, 2000)
	err := st.Write(context.Background(), func(tx *store.Tx) error {
		for i := range viewers {
			a := domain.Account{Username: fmt.Sprintf("listener%d", i)}
			if err := tx.InsertAccount(&a); err != nil {
				return err
			}
			viewers[i] = a.ID
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	entities := render.New(st.Reader(), timeline.NewFilters(st), render.URLs{URLs: domain.URLs{Base: c.Config.BaseURL(), Host: c.Config.Domain}}, time.Now)
	ctx, n := store.CountStatements(context.Background())
	if _, err := entities.StatusForEach(context.Background(), viewers, post); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		texts, err := entities.StatusForEach(ctx, viewers, post)
		if err != nil || len(texts) != len(viewers) {
			b.Fatalf("%d texts, %v", len(texts), err)
		}
	}
	b.ReportMetric(float64(n.Load())/float64(b.N), "statements/op")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(viewers)), "µs/viewer")
}
