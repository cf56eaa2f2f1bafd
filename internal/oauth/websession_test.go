package oauth_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// from is a request of the browser as the web client sends it, with a claim
// about where it comes from.
func (b *browser) from(site, origin string) *testkit.Client {
	cl := b.in.Anonymous().In(b.t).With("Cookie", account.ClientCookie+"="+b.cookies[account.ClientCookie])
	if site != "" {
		cl = cl.With("Sec-Fetch-Site", site)
	}
	if origin != "" {
		cl = cl.With("Origin", origin)
	}
	return cl
}

// claims are where a request may say that it comes from.
var claims = []struct {
	site, origin string
	believed     bool
}{
	{"same-origin", "", true},
	{"same-origin", "http://ours", true},
	{"", "http://ours", true},
	{"", "", false},
	{"none", "", false},
	{"same-site", "", false},
	{"cross-site", "", false},
	{"cross-site", "http://ours", false},
	{"same-site", "http://ours", false},
	{"same-origin", "https://evil.example", false},
	{"same-origin", "null", false},
	{"", "null", false},
	{"", "https://evil.example", false},
	{"", "http://ours.evil.example", false},
	{"SAME-ORIGIN", "", false},
}

// Who signs in with a browser was here on that day, and counts once.
func TestSignInCountsAsActive(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		in.Join("keeper", domain.RoleAdmin)
		today := in.Clock.Now().UTC().Format(time.DateOnly)
		active := func() float64 {
			measures := in.As("keeper").In(t).POST("/api/v1/admin/measures", testkit.F("keys[]", "active_users", "start_at", today, "end_at", today)).List()
			n, err := strconv.ParseFloat(measures[0].Str("total"), 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := active()
		for range 2 {
			b := newBrowser(t, in)
			b.signIn("alice")
		}
		if n := active() - before; n != 1 {
			t.Errorf("%v more were here, want 1", n)
		}
	})
}

// The session of the web client opens the APIs to our own pages alone.
func TestSEC64_SessionsOpenTheAPIToOurOwnPages(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		b := newBrowser(t, in)
		b.signIn("alice")
		for _, c := range claims {
			cl := b.from(c.site, ours(in, c.origin))
			want := http.StatusUnauthorized
			if c.believed {
				want = http.StatusOK
			}
			if got := cl.GET(own); got.Status != want {
				t.Errorf("read with site %q, origin %q: %d", c.site, c.origin, got.Status)
			}
			if got := cl.POST("/api/v1/statuses", testkit.F("status", "by the client")); got.Status != want {
				t.Errorf("write with site %q, origin %q: %d", c.site, c.origin, got.Status)
			}
			// Where anybody may read, a session that does not count is nobody.
			public := cl.GET("/api/v1/timelines/public").OK()
			_, known := public.List()[0]["favourited"]
			if known != c.believed {
				t.Errorf("public with site %q, origin %q: known is %v", c.site, c.origin, known)
			}
			if cached := public.Header.Get("Cache-Control"); strings.HasPrefix(cached, "public") == known {
				t.Errorf("public with site %q, origin %q: %s", c.site, c.origin, cached)
			}
		}
		// The cookie that comes along with links opens pages and no API.
		lax := in.Anonymous().In(t).With("Sec-Fetch-Site", "same-origin").With("Cookie", account.SessionCookie+"="+b.cookies[account.SessionCookie])
		lax.GET(own).Want(http.StatusUnauthorized)
	})
}

func ours(in *testkit.Community, origin string) string {
	if origin == "http://ours" {
		return in.Config.BaseURL()
	}
	return strings.Replace(origin, "http://ours", in.Config.BaseURL(), 1)
}

// Never both: a token decides alone, wherever it stands, and from anywhere.
func TestSEC64_TokensComeBeforeSessions(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	b := newBrowser(t, in)
	b.signIn("alice")
	token := in.Person("bob").Token
	is := func(a *testkit.Answer) string { return a.OK().Object().Str("username") }
	if got := is(b.from("same-origin", "").With("Authorization", "Bearer "+token).GET(own)); got != "bob" {
		t.Errorf("header: %s", got)
	}
	if got := is(b.from("same-origin", "").GET(own + "?access_token=" + token)); got != "bob" {
		t.Errorf("query: %s", got)
	}
	posted := b.from("same-origin", "").POST("/api/v1/statuses", testkit.F("status", "whose?", "access_token", token)).OK()
	if got := posted.Object().Obj("account").Str("username"); got != "bob" {
		t.Errorf("body: %s", got)
	}
	// A token that does not hold is not replaced by the session.
	b.from("same-origin", "").With("Authorization", "Bearer nothing").GET(own).Want(http.StatusUnauthorized)
	// And the session's secret is no token.
	in.WithToken(b.cookies[account.ClientCookie]).In(t).GET(own).Want(http.StatusUnauthorized)
	// Tokens are free of origin.
	in.As("bob").In(t).With("Origin", "https://elsewhere.example").With("Sec-Fetch-Site", "cross-site").GET(own).OK()
}

// What ends a session ends what the web client may do, at once.
func TestSEC40_SessionsEndForTheClient(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		left, stays, idle := newBrowser(t, in), newBrowser(t, in), newBrowser(t, in)
		for _, b := range []*browser{left, stays, idle} {
			b.signIn("alice")
			b.from("same-origin", "").GET(own).OK()
		}
		kept := left.cookies[account.ClientCookie]
		left.keep(left.client().POST("/auth/sign_out", nil)).Want(http.StatusSeeOther)
		if len(left.cookies) != 0 {
			t.Errorf("cookies left: %v", left.cookies)
		}
		left.cookies[account.ClientCookie] = kept
		left.from("same-origin", "").GET(own).Want(http.StatusUnauthorized)
		stays.from("same-origin", "").GET(own).OK()

		in.After(domain.SessionLife * 2 / 3)
		stays.from("same-origin", "").GET(own).OK()
		in.After(domain.SessionLife * 2 / 3)
		stays.from("same-origin", "").GET(own).OK()
		idle.from("same-origin", "").GET(own).Want(http.StatusUnauthorized)
	})
}

// Streams take a session from our own pages only, and end with it.
func TestSEC64_StreamsOfSessions(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	srv := httptest.NewServer(in.Handler())
	t.Cleanup(srv.Close)
	b := newBrowser(t, in)
	b.signIn("alice")
	connect := func(site, origin string) (*websocket.Conn, int) {
		header := http.Header{"Cookie": {account.ClientCookie + "=" + b.cookies[account.ClientCookie]}}
		if site != "" {
			header.Set("Sec-Fetch-Site", site)
		}
		if origin != "" {
			header.Set("Origin", ours(in, origin))
		}
		conn, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(srv.URL, "http")+"/api/v1/streaming?stream=user", header)
		if err != nil {
			return nil, res.StatusCode
		}
		t.Cleanup(func() { conn.Close() })
		return conn, res.StatusCode
	}
	for _, c := range claims {
		conn, status := connect(c.site, c.origin)
		if (conn != nil) != c.believed || !c.believed && status != http.StatusUnauthorized {
			t.Errorf("site %q, origin %q: %d", c.site, c.origin, status)
		}
	}
	conn, _ := connect("", "http://ours")
	b.keep(b.client().POST("/auth/sign_out", nil)).Want(http.StatusSeeOther)
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			return // closed, as it must be
		}
	}
}
