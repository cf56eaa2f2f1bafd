package mastoapi_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// TestMediaTravel is of SEC-27: readers look at copies under an address of
// their own server.
func TestMediaTravel_SEC27(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, two := testkit.Pair(t, options...)
			one.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.Upload(t, map[string][]byte{"avatar": testkit.GIF(t, 60, 60, 2)})).OK()
			if _, err := one.EmojiAdd(t.Context(), instance.EmojiAdd{Shortcode: "burrow", File: fileWith(t, "b.png", testkit.PNG(t, testkit.Gradient(32, 32)))}); err != nil {
				t.Fatal(err)
			}
			two.FollowElsewhere("carol", "alice@one.test")
			m := one.Media("alice", testkit.Photo(t, testkit.Gradient(900, 600), 6), "description", "a gradient", "focus", "0.5,0.25")
			one.Post("alice", "look :burrow:", "media_ids[]", m.Str("id"))
			two.Settle()
			home := two.Home("carol")
			if len(home) != 1 || len(media(home[0])) != 1 {
				t.Fatalf("carol has %v", home)
			}
			got := media(home[0])[0]
			if got.Str("type") != "image" || got.Str("description") != "a gradient" || got.Str("blurhash") != m.Str("blurhash") || got.Str("remote_url") != m.Str("url") ||
				got.Obj("meta").Obj("original").Str("size") != "600x900" || got.Obj("meta").Obj("focus").Num("x") != 0.5 {
				t.Errorf("the attachment arrives as %v", got)
			}
			for _, key := range []string{"url", "preview_url"} {
				if img, _ := decoded(t, fetched(two, got.Str(key))); img.Bounds().Dx() > img.Bounds().Dy() {
					t.Errorf("%s has %v", key, img.Bounds())
				}
			}
			account := home[0].Obj("account")
			if _, format := decoded(t, fetched(two, account.Str("avatar"))); format != "gif" && format != "jpeg" && format != "png" {
				t.Errorf("the avatar is a %s", format)
			}
			if _, format := decoded(t, fetched(two, account.Str("avatar_static"))); format == "gif" {
				t.Error("the static avatar moves")
			}
			emojis, _ := home[0]["emojis"].([]any)
			if len(emojis) != 1 {
				t.Fatalf("the post shows %v", home[0]["emojis"])
			}
			fetched(two, testkit.Object(emojis[0].(map[string]any)).Str("url")).OK()
			two.Anonymous().GET("/media_proxy/" + strings.Repeat("a", 26) + "/original").Want(http.StatusNotFound)
			two.Anonymous().GET("/media_proxy/" + got.Str("id") + "/original").Want(http.StatusNotFound)
		})
	}
}

// TestProxiesTellNothingOfReaders: the other server hears of a copy being made,
// once however many want it, and nothing of who looks; what a reader adds to the
// address goes nowhere (SEC-27).
func TestProxiesTellNothingOfReaders_SEC27(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	one, two := n.Found("one.test"), n.Found("two.test")
	var mu sync.Mutex
	var asked []*http.Request
	n.Serve("one.test", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/media/") {
			mu.Lock()
			asked = append(asked, r.Clone(context.Background()))
			mu.Unlock()
		}
		one.Handler().ServeHTTP(w, r)
	}))
	two.FollowElsewhere("carol", "alice@one.test")
	m := one.Media("alice", testkit.PNG(t, testkit.Gradient(60, 40)))
	one.Post("alice", "look", "media_ids[]", m.Str("id"))
	two.Settle()
	at, err := url.Parse(media(two.Home("carol")[0])[0].Str("url"))
	if err != nil {
		t.Fatal(err)
	}
	reader := two.Anonymous().With("User-Agent", "Spy/1.0").With("Cookie", "secret=1").With("Referer", "http://two.test/@carol").
		With("Accept-Language", "tlh").With("X-Forwarded-For", "203.0.113.9")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { reader.GET(at.Path + "?url=http://evil.test/x&width=9&Spy").OK() })
	}
	all.Wait()
	if len(asked) != 1 {
		t.Fatalf("the other server is asked %d times", len(asked))
	}
	r := asked[0]
	if r.URL.RawQuery != "" || r.UserAgent() != "Coterie/test (+http://two.test)" {
		t.Errorf("asked for %s by %s", r.URL, r.UserAgent())
	}
	for name, values := range r.Header {
		if said := strings.Join(values, " "); strings.Contains(said, "Spy") || strings.Contains(said, "secret") || strings.Contains(said, "carol") ||
			strings.Contains(said, "tlh") || strings.Contains(said, "203.0.113.9") {
			t.Errorf("%s tells %s", name, said)
		}
	}
	// One of ours is nobody's to fetch through another.
	two.Anonymous().GET("/media_proxy/" + url.PathEscape(at.String()) + "/original").Want(http.StatusNotFound)
}
