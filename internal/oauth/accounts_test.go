package oauth_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"coterie/internal/account"
	"coterie/internal/testkit"
)

// add signs another account in beside those that the browser holds.
func (b *browser) add(name string) {
	b.t.Helper()
	b.follow(b.keep(b.client().POST("/auth/accounts/add", nil)))
	b.submit("login", name, "password", testkit.Password)
}

func (b *browser) is() string {
	b.t.Helper()
	return b.from("same-origin", "").GET(own).OK().Object().Str("username")
}

func (b *browser) holds() []string {
	b.t.Helper()
	var ids, names []string
	b.client().GET("/auth/accounts").OK().Into(&ids)
	for _, name := range []string{"alice", "bob", "carol"} {
		if slices.Contains(ids, b.in.Person(name).ID.String()) {
			names = append(names, name)
		}
	}
	return names
}

func (b *browser) send(path string, pairs ...string) *testkit.Answer {
	b.t.Helper()
	return b.keep(b.client().POST(path, testkit.F(pairs...))).Want(http.StatusSeeOther)
}

func TestBrowsersHoldSeveralAccounts(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	b := newBrowser(t, in)
	expect := func(is string, others ...string) {
		t.Helper()
		if got := b.is(); got != is {
			t.Errorf("the browser acts as %s, want %s", got, is)
		}
		if got := b.holds(); !slices.Equal(got, others) {
			t.Errorf("beside %s: %v, want %v", is, got, others)
		}
	}
	b.signIn("alice")
	expect("alice")
	b.add("bob")
	expect("bob", "alice")
	b.add("carol")
	expect("carol", "alice", "bob")
	b.send("/auth/accounts/switch", "account", in.Person("alice").ID.String())
	expect("alice", "bob", "carol")
	// Somebody whom the browser does not hold is nobody to switch to.
	b.follow(b.send("/auth/accounts/switch", "account", in.Person("dave").ID.String()))
	expect("alice", "bob", "carol")
	// An account is held once.
	b.add("bob")
	expect("bob", "alice", "carol")
	b.send("/auth/sign_out")
	expect("alice", "carol")
	kept := b.cookies["others"]
	b.send("/auth/sign_out", "all", "true")
	if len(b.cookies) != 0 {
		t.Errorf("cookies left: %v", b.cookies)
	}
	b.cookies[account.ClientCookie] = kept // of carol alone
	b.from("same-origin", "").GET(own).Want(http.StatusUnauthorized)
}

// A page that shows somebody acts for nobody else, however soon after the
// browser turned to another account (SEC-64).
func TestSEC64_PagesActForWhomTheyShow(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	b := newBrowser(t, in)
	b.signIn("alice")
	page := func(shows string) *testkit.Client {
		return b.from("same-origin", "").With("Coterie-Account", in.Person(shows).ID.String())
	}
	page("alice").POST("/api/v1/statuses", testkit.F("status", "by alice")).OK()
	b.add("bob")
	page("alice").POST("/api/v1/statuses", testkit.F("status", "meant to be by alice")).Want(http.StatusConflict)
	page("alice").GET("/api/v1/timelines/public").Want(http.StatusConflict)
	page("bob").POST("/api/v1/statuses", testkit.F("status", "by bob")).OK()
	if n := len(in.As("bob").GET("/api/v1/accounts/" + in.Person("bob").ID.String() + "/statuses").List()); n != 1 {
		t.Errorf("bob has %d posts", n)
	}
}

// Whoever signs in without adding finds nobody else's account, and the sessions
// of those end (SEC-64).
func TestSEC64_SigningInLeavesNoOtherAccounts(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	b := newBrowser(t, in)
	b.signIn("alice")
	b.add("bob")
	kept := b.cookies["others"]
	b.signIn("carol")
	if got := b.holds(); b.is() != "carol" || len(got) != 0 {
		t.Errorf("carol finds %v", got)
	}
	b.cookies[account.ClientCookie] = kept // alice's
	b.from("same-origin", "").GET(own).Want(http.StatusUnauthorized)
}

// Other sites switch nobody.
func TestSEC64_SwitchingFromOtherSites(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	b := newBrowser(t, in)
	b.signIn("alice")
	b.add("bob")
	for _, path := range []string{"/auth/accounts/add", "/auth/accounts/switch"} {
		b.client().With("Sec-Fetch-Site", "cross-site").POST(path, testkit.F("account", in.Person("alice").ID.String())).Want(http.StatusForbidden)
	}
	if got := b.is(); got != "bob" {
		t.Errorf("the browser acts as %s", got)
	}
}

// A stream cannot be given headers, so its address names the account that its
// page shows: it opens for nobody else, and ends with that account's session
// (SEC-64).
func TestSEC64_StreamsAreOfWhomTheirPageShows(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	srv := httptest.NewServer(in.Handler())
	t.Cleanup(srv.Close)
	b := newBrowser(t, in)
	connect := func(shows string) (*websocket.Conn, int) {
		t.Helper()
		header := http.Header{"Cookie": {account.ClientCookie + "=" + b.cookies[account.ClientCookie]}, "Sec-Fetch-Site": {"same-origin"}}
		address := "ws" + strings.TrimPrefix(srv.URL, "http") + "/api/v1/streaming?stream=user&coterie_account=" + in.Person(shows).ID.String()
		conn, res, err := websocket.DefaultDialer.Dial(address, header)
		if res == nil {
			t.Fatal(err)
		}
		if conn != nil {
			t.Cleanup(func() { conn.Close() })
		}
		return conn, res.StatusCode
	}
	b.signIn("alice")
	of := map[string]*websocket.Conn{}
	of["alice"], _ = connect("alice")
	b.add("bob")
	of["bob"], _ = connect("bob")
	for _, name := range []string{"alice", "carol"} {
		if conn, status := connect(name); conn != nil || status != http.StatusConflict {
			t.Errorf("a page of %s, in a browser that acts as bob: %d", name, status)
		}
	}
	hears := func(name string) {
		t.Helper()
		id := in.Post(name, "Hello").Str("id")
		in.Settle()
		_ = of[name].SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, said, err := of[name].ReadMessage(); err != nil || !strings.Contains(string(said), id) {
			t.Errorf("%s hears %s, %v", name, said, err)
		}
	}
	hears("bob")
	hears("alice") // whose tab stays as it is, though the browser acts as bob
	b.send("/auth/sign_out", "all", "true")
	for who, conn := range of {
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, said, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseGoingAway) {
			t.Errorf("%s, signed out, hears %s, %v", who, said, err)
		}
	}
}
