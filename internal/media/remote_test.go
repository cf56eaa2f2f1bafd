package media_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/media"
	"coterie/internal/store"
	"coterie/internal/testkit"
	"coterie/internal/testkit/dbtest"
)

// lab is a service by itself, with a server elsewhere that has files.
type lab struct {
	*testing.T
	st     *store.Store
	media  *media.Service
	clock  *dbtest.Clock
	files  map[string][]byte
	asked  atomic.Int64
	agent  atomic.Value // what the other server last learnt of us
	budget int64
	policy domain.DomainPolicy
	bad    map[string]http.HandlerFunc
}

func each(t *testing.T, f func(l *lab)) {
	t.Helper()
	dbtest.EachClock(t, func(t *testing.T, st *store.Store, clock *dbtest.Clock) {
		l := &lab{T: t, st: st, clock: clock, files: map[string][]byte{}, budget: 1 << 30}
		far := httptest.NewServer(l)
		t.Cleanup(far.Close)
		log := slog.New(slog.NewTextHandler(io.Discard, nil))
		client := fetch.New(fetch.Config{
			UserAgent: "Coterie/test", Dev: true, Now: clock.Now, Log: log,
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, far.Listener.Addr().String())
			},
		})
		t.Cleanup(client.Close)
		blobs, err := blob.OpenDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { blobs.Close() })
		l.media = media.New(media.Config{
			Store: st, Blobs: blobs, TempDir: t.TempDir(), Client: client, Log: log,
			Policy: func(string) domain.DomainPolicy { return l.policy },
			Budget: func(context.Context) (int64, error) { return l.budget, nil },
		})
		f(l)
	})
}

func (l *lab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.asked.Add(1)
	l.agent.Store(r.Header.Get("User-Agent") + r.Header.Get("Referer") + r.Header.Get("X-Forwarded-For"))
	if f := l.bad[r.URL.Path]; f != nil {
		f(w, r)
		return
	}
	b, ok := l.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml") // which counts for nothing
	_, _ = w.Write(b)
}

// key shows something of the other server here.
func (l *lab) key(path string) (key string) {
	l.Helper()
	err := l.st.Write(l.Context(), func(tx *store.Tx) (err error) {
		key, err = tx.AddRemote(domain.RemoteAttachment, "http://far.test"+path, "")
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	return key
}

// get is a copy, and how often the other server was asked for it.
func (l *lab) get(key, variant string) (name string, content []byte, asked int64, err error) {
	l.Helper()
	before := l.asked.Load()
	name, f, err := l.media.Remote(l.Context(), key, variant)
	if err == nil {
		defer f.Close()
		content, err = io.ReadAll(f)
	}
	return name, content, l.asked.Load() - before, err
}

func TestRemoteMediaAreVerified_SEC27_SEC56(t *testing.T) {
	t.Parallel()
	each(t, func(l *lab) {
		l.files["/ok.png"] = append(testkit.PNG(l, testkit.Gradient(30, 20)), "<script>"...)
		l.files["/video"] = append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"), make([]byte, 100)...)
		l.files["/svg"], l.files["/html"] = []byte("<svg/>"), []byte("<html>")
		l.files["/cut.jpg"] = testkit.JPEG(l, testkit.Gradient(90, 90))[:300]
		ok := l.key("/ok.png")
		name, b, asked, err := l.get(ok, domain.VariantOriginal)
		if err != nil || asked != 1 || media.TypeOf(name) != "image/png" || bytes.Contains(b, []byte("script")) {
			l.Errorf("%s of %d bytes, asked %d: %v", name, len(b), asked, err)
		}
		if got := l.agent.Load(); got != "Coterie/test" {
			l.Errorf("the other server learns %q", got)
		}
		if _, _, asked, err := l.get(ok, domain.VariantSmall); err != nil || asked != 0 {
			l.Errorf("asked %d: %v", asked, err)
		}
		if name, _, _, err := l.get(l.key("/video"), domain.VariantOriginal); err != nil || media.TypeOf(name) != "video/mp4" {
			l.Errorf("a video is %q: %v", name, err)
		}
		for _, path := range []string{"/svg", "/html", "/cut.jpg", "/absent"} {
			k := l.key(path)
			var total int64
			for range 3 {
				_, _, asked, err := l.get(k, domain.VariantOriginal)
				if total += asked; !domain.Is(err, domain.NotFound) {
					l.Errorf("%s: %v", path, err)
				}
			}
			if total != 1 {
				l.Errorf("%s is asked for %d times", path, total)
			}
			l.clock.Add(time.Hour)
			if _, _, asked, _ := l.get(k, domain.VariantOriginal); asked == 0 {
				l.Errorf("%s is never tried again", path)
			}
		}
		l.policy.RejectMedia = true
		if _, _, _, err := l.get(ok, domain.VariantOriginal); !domain.Is(err, domain.NotFound) {
			l.Errorf("media that the staff wants none of: %v", err)
		}
	})
}

// TestTheBudgetIsKept goes through a month of media from elsewhere.
func TestTheBudgetIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(l *lab) {
		ctx := l.Context()
		l.budget = 120_000
		kept := l.favourited()
		seen := 0
		for day := range 30 {
			for i := range 4 {
				path := fmt.Sprintf("/%d-%d.png", day, i)
				l.files[path] = testkit.PNG(l, testkit.Gradient(60+day, 50+i))
				k := l.key(path)
				if _, _, _, err := l.get(k, domain.VariantOriginal); err != nil {
					l.Fatalf("day %d: %v", day, err)
				}
				use, _, err := l.media.Use(ctx)
				if err != nil || use.RemoteBytes > l.budget {
					l.Fatalf("day %d: %d bytes: %v", day, use.RemoteBytes, err)
				}
				if use.RemoteFiles > 2 {
					seen++
				}
			}
			l.clock.Add(24 * time.Hour)
		}
		if seen == 0 {
			l.Error("nothing is kept at all")
		}
		if _, b, asked, err := l.get(kept, domain.VariantOriginal); err != nil || asked != 0 || len(b) == 0 {
			l.Errorf("what somebody favourited is gone: asked %d, %v", asked, err)
		}
		first, _, err := l.media.Prune(ctx, time.Hour, true, func(string) {})
		if err != nil || first == 0 {
			l.Errorf("%d files could go: %v", first, err)
		}
		files, size, err := l.media.Prune(ctx, time.Hour, false, func(string) {})
		if err != nil || files != first || size == 0 {
			l.Errorf("%d files went, not %d: %v", files, first, err)
		}
		if _, _, asked, err := l.get(kept, domain.VariantOriginal); err != nil || asked != 0 {
			l.Errorf("pruning took what somebody favourited: asked %d, %v", asked, err)
		}
	})
}

// TestAFullBudgetStillShows is of protected copies that take all there is: what
// is new is shown to those who ask, and not kept.
func TestAFullBudgetStillShows(t *testing.T) {
	t.Parallel()
	each(t, func(l *lab) {
		kept := l.favourited()
		use, _, err := l.media.Use(l.Context())
		if err != nil {
			l.Fatal(err)
		}
		l.budget = use.RemoteBytes
		l.files["/new.png"] = testkit.PNG(l, testkit.Gradient(80, 60))
		k := l.key("/new.png")
		for _, variant := range []string{domain.VariantOriginal, domain.VariantSmall, domain.VariantOriginal} {
			name, b, asked, err := l.get(k, variant)
			if err != nil || asked != 1 || !strings.HasPrefix(media.TypeOf(name), "image/") || len(b) == 0 {
				l.Errorf("%s: %s of %d bytes, asked %d: %v", variant, name, len(b), asked, err)
			}
		}
		after, _, err := l.media.Use(l.Context())
		if err != nil || after != use {
			l.Errorf("the copies take %+v, not %+v: %v", after, use, err)
		}
		if _, _, asked, err := l.get(kept, domain.VariantOriginal); err != nil || asked != 0 {
			l.Errorf("what somebody favourited is gone: asked %d, %v", asked, err)
		}
	})
}

// TestBadServersOfMedia_SEC26 is of files that never end, or end too early.
func TestBadServersOfMedia_SEC26(t *testing.T) {
	t.Parallel()
	each(t, func(l *lab) {
		l.bad = map[string]http.HandlerFunc{
			"/endless": func(w http.ResponseWriter, _ *http.Request) {
				piece := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 1<<20)...)
				for {
					if _, err := w.Write(piece); err != nil {
						return
					}
				}
			},
			"/short": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "1000")
				_, _ = w.Write(testkit.PNG(l, testkit.Gradient(4, 4))[:50])
			},
			"/bomb": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				for range 200 {
					if _, err := z.Write(make([]byte, 1<<20)); err != nil {
						return
					}
				}
				_ = z.Close()
			},
		}
		for path := range l.bad {
			var key string
			err := l.st.Write(l.Context(), func(tx *store.Tx) (err error) {
				key, err = tx.AddRemote(domain.RemoteAvatar, "http://far.test"+path, "")
				return err
			})
			if err != nil {
				l.Fatal(err)
			}
			if _, _, _, err := l.get(key, domain.VariantOriginal); !domain.Is(err, domain.NotFound) {
				l.Errorf("%s: %v", path, err)
			}
		}
		l.files["/ok.png"] = testkit.PNG(l, testkit.Gradient(30, 20))
		if _, _, _, err := l.get(l.key("/ok.png"), domain.VariantOriginal); err != nil {
			l.Errorf("afterwards: %v", err)
		}
	})
}

// favourited is the copy of a picture of a post that somebody here favourited.
func (l *lab) favourited() string {
	l.Helper()
	l.files["/kept.png"] = testkit.PNG(l, testkit.Gradient(70, 70))
	var key string
	err := l.st.Write(l.Context(), func(tx *store.Tx) error {
		here, there := domain.Account{Username: "ann"}, domain.Account{Username: "far", Domain: "far.test", URI: "http://far.test/u"}
		for _, a := range []*domain.Account{&here, &there} {
			if err := tx.InsertAccount(a); err != nil {
				return err
			}
		}
		st := domain.Status{Account: there.ID, URI: "http://far.test/p"}
		if err := tx.InsertStatus(&st, ""); err != nil {
			return err
		}
		if err := tx.Attach(there.ID, st.ID, []domain.Attachment{{Kind: domain.AttachmentImage, RemoteURL: "http://far.test/kept.png"}}); err != nil {
			return err
		}
		list, err := tx.Attachments(l.Context(), []domain.ID{st.ID})
		if err != nil {
			return err
		}
		key = list[0].Key
		_, err = tx.Favourite(&domain.Favourite{Account: here.ID, Status: st.ID})
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	if _, _, _, err := l.get(key, domain.VariantOriginal); err != nil {
		l.Fatal(err)
	}
	if strings.ToLower(key) != key {
		l.Errorf("the key %s", key)
	}
	return key
}
