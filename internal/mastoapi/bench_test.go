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
	"syscall"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit"
	"coterie/internal/testkit/dbtest"
)

// crowded is a community whose alice follows 150 people with 5,000 posts.
func crowded(b *testing.B) *testkit.Community {
	c := testkit.NewInstance(b)
	alice := c.Person("alice").ID
	st := dbtest.Open(b, store.Options{Path: filepath.Join(c.Config.DataDir, "coterie.db"), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
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
