package mastoapi_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

// inMemory serves a community on connections that hold nothing, whose time is
// that of the bubble which the test runs in.
func inMemory(t testing.TB, c *testkit.Community) func(context.Context, string, string) (net.Conn, error) {
	p := pipes{make(chan net.Conn), make(chan struct{})}
	srv := &http.Server{Handler: c.Handler()}
	go func() { _ = srv.Serve(p) }()
	t.Cleanup(func() { _ = srv.Close() })
	return func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		p.made <- far
		return near, nil
	}
}

// TestHeartbeats: an open stream shows every so often that it is alive, and a
// WebSocket whose client does not is closed (behaviours 14.4).
func TestHeartbeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := testkit.NewInstance(t)
		dial := inMemory(t, c)
		token := c.Person("alice").Token
		dialer := websocket.Dialer{NetDialContext: dial}
		connect := func() *websocket.Conn {
			conn, _, err := dialer.Dial("ws://coterie.test/api/v1/streaming?stream=user&access_token="+token, nil)
			if err != nil {
				t.Fatal(err)
			}
			return conn
		}
		from := time.Now()
		var pings []time.Duration
		answers, silent := connect(), connect()
		answers.SetPingHandler(func(data string) error {
			pings = append(pings, time.Since(from))
			return answers.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
		})
		over := make(chan time.Duration)
		silent.SetPingHandler(func(string) error { return nil })
		go func() {
			_, _, err := silent.ReadMessage()
			if err == nil {
				t.Error("something is said on a silent stream")
			}
			over <- time.Since(from)
		}()
		ended := make(chan struct{})
		go func() { _, _, _ = answers.ReadMessage(); close(ended) }()
		if at := <-over; at < time.Minute || at > 90*time.Second {
			t.Errorf("a client that answers no ping is dropped after %v", at)
		}
		time.Sleep(5*time.Minute - time.Since(from) + time.Second)
		answers.Close()
		<-ended
		if len(pings) != 10 || pings[0] != 30*time.Second {
			t.Errorf("pings after %v", pings)
		}

		client := &http.Client{Transport: &http.Transport{DialContext: dial}}
		defer client.CloseIdleConnections()
		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://coterie.test/api/v1/streaming/user?access_token="+token, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		lines := bufio.NewReader(res.Body)
		from = time.Now()
		for i := range 5 {
			line, err := lines.ReadString('\n')
			want, after := ":thump\n", time.Duration(i)*15*time.Second
			if i == 0 {
				want = ":)\n"
			}
			if line != want || err != nil || time.Since(from) != after {
				t.Errorf("line %d is %q, %v, after %v", i, line, err, time.Since(from))
			}
		}
	})
}

// TestSEC50_OpenStreamsKeepNothingThatWasTaken: what somebody may hear is asked
// for each event, not once when the stream begins.
func TestSEC50_OpenStreamsKeepNothingThatWasTaken(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		h := perform(t, c)
		c.Follow("carol", "bob")
		list := c.As("carol").POST("/api/v1/lists", testkit.F("title", "Dogs")).Object().Str("id")
		c.As("carol").POST("/api/v1/lists/"+list+"/accounts", testkit.F("account_ids[]", c.Person("bob").ID.String())).OK()
		c.Settle()
		carol := h.listen(t, "carol", "stream=user")
		carol.say("type", "subscribe", "stream", "public")
		carol.say("type", "subscribe", "stream", "hashtag", "tag", "dogs")
		carol.say("type", "subscribe", "stream", "list", "list", list)
		carol.settled()
		hears := func(what string, want ...string) {
			t.Helper()
			id := c.Post("bob", what+" #dogs").Str("id")
			c.Settle()
			var got []string
			for _, line := range carol.updates() {
				got = append(got, strings.TrimSuffix(line, " "+id))
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s: carol hears %v, want %v", what, got, want)
			}
		}
		ofList := "list," + list
		hears("at first", "hashtag,dogs", ofList, "public", "user")
		c.Configure(func(s *testkit.Settings) { s.LiveLocal = domain.FeedNobody })
		hears("the public feed is for nobody", "hashtag,dogs", ofList, "user")
		c.Configure(func(s *testkit.Settings) { s.LiveLocal = "" })
		c.As("carol").DELETE("/api/v1/lists/"+list, nil).OK()
		hears("the list is gone", "hashtag,dogs", "public", "user")
		c.As("carol").POST(account(c, "bob", "unfollow"), nil).OK()
		hears("no longer followed", "hashtag,dogs", "public")
		c.As("bob").POST(account(c, "carol", "block"), nil).OK()
		hears("blocked")
	})
}

// TestSEC50_StreamsEndWithTheirRole: a role that may do less, and one that asks
// for more, opens nothing any longer.
func TestSEC50_StreamsEndWithTheirRole(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	role := func(set instance.RoleSet) {
		t.Helper()
		set.Name, set.Position = "Watch", 5
		if _, err := c.RoleSet(t.Context(), set); err != nil {
			t.Fatal(err)
		}
	}
	give := func(name string) {
		t.Helper()
		if _, err := c.AccountRole(t.Context(), instance.AccountRole{Name: "bob", Role: name}); err != nil {
			t.Fatal(err)
		}
	}
	h := perform(t, c)
	c.Configure(func(s *testkit.Settings) { s.LiveLocal = domain.FeedNobody })
	hears := func(want int) ears {
		t.Helper()
		bob := h.listen(t, "bob", "stream=public")
		bob.settled()
		c.Post("carol", "For those who watch")
		c.Settle()
		if got := bob.updates(); len(got) != want {
			t.Errorf("bob hears %v, not %d posts", got, want)
		}
		return bob
	}
	role(instance.RoleSet{Permissions: "view_feeds"})
	give("Watch")
	bob := hears(1)
	role(instance.RoleSet{Permissions: ""})
	bob.ends()
	hears(0)
	role(instance.RoleSet{Permissions: "view_feeds"})
	bob = hears(1)
	give(string(domain.RoleUser))
	bob.ends()
	hears(0)
}

// letIn gives an app a token of somebody, as its consent page would, and says
// how the app can end it.
func letIn(t *testing.T, c *testkit.Community, st *store.Store, app testkit.Object, name string) (token string, revoke testkit.Form) {
	t.Helper()
	id, _ := domain.ParseID(app.Str("id"))
	token = app.Str("client_id") + name
	err := st.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertToken(&domain.Token{App: id, Account: c.Person(name).ID, Scopes: "read"}, domain.HashSecret(token))
	})
	if err != nil {
		t.Fatal(err)
	}
	return token, testkit.F("client_id", app.Str("client_id"), "client_secret", app.Str("client_secret"), "token", token)
}

// sitIn gives somebody a browser session, and says the secret of its token.
func sitIn(t *testing.T, c *testkit.Community, st *store.Store, name string) (token string, session domain.Session) {
	t.Helper()
	token = "browser of " + name
	session.Account = c.Person(name).ID
	err := st.Write(t.Context(), func(tx *store.Tx) error {
		it := domain.Token{Account: session.Account, Scopes: "read"}
		if err := tx.InsertToken(&it, domain.HashSecret(token)); err != nil {
			return err
		}
		session.Token = it.ID
		return tx.InsertSession(&session, domain.HashSecret("cookie of "+name))
	})
	if err != nil {
		t.Fatal(err)
	}
	return token, session
}

// TestSEC50_StreamsEndWithTheirTokenOrApp: one token alone, all that somebody
// gave an app, or one browser; the other streams of the same account go on.
func TestSEC50_StreamsEndWithTheirTokenOrApp(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		h := perform(t, c)
		st := storeFor(t, c)
		app := func() testkit.Object {
			return c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "Burrow", "redirect_uris", domain.OutOfBand)).Object()
		}
		phone, desk, tablet := app(), app(), app()
		onPhone, endPhone := letIn(t, c, st, phone, "alice")
		onDesk, _ := letIn(t, c, st, desk, "alice")
		onTablet, _ := letIn(t, c, st, tablet, "alice")
		others, _ := letIn(t, c, st, desk, "bob")
		inBrowser, session := sitIn(t, c, st, "alice")
		open := func(token string) (ears, *http.Response) {
			t.Helper()
			conn, res, err := h.connect(token, "stream=user")
			if err != nil {
				t.Fatal(err, res)
			}
			t.Cleanup(func() { conn.Close() })
			e := ears{t, conn}
			e.settled()
			return e, h.sse(t, token, "user")
		}
		ended := func(what, token string, socket ears, events *http.Response) {
			t.Helper()
			from := time.Now()
			socket.ends()
			if _, err := io.Copy(io.Discard, events.Body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: the events end with %v", what, err)
			}
			if took := time.Since(from); took > 5*time.Second {
				t.Errorf("%s: that took %v", what, took)
			}
			if _, res, err := h.connect(token, "stream=user"); err == nil || res.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s: reopened: %v, %v", what, res, err)
			}
			if res := h.sse(t, token, "user"); res.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s: events reopened: %d", what, res.StatusCode)
			}
		}
		phoneSocket, phoneEvents := open(onPhone)
		deskSocket, deskEvents := open(onDesk)
		tabletSocket, tabletEvents := open(onTablet)
		browserSocket, browserEvents := open(inBrowser)
		bob, _ := open(others)
		c.Anonymous().POST("/oauth/revoke", endPhone).OK()
		ended("a token is revoked", onPhone, phoneSocket, phoneEvents)
		deskSocket.settled() // goes on
		c.As("alice").DELETE("/api/coterie/v1/apps/"+desk.Str("id"), nil).OK()
		ended("an app is shown out", onDesk, deskSocket, deskEvents)
		browserSocket.settled()
		c.As("alice").DELETE("/api/coterie/v1/sessions/"+session.ID.String(), nil).OK()
		ended("a browser is signed out", inBrowser, browserSocket, browserEvents)

		c.Post("alice", "Still here")
		c.Settle()
		tabletSocket.want("user update")
		lines := bufio.NewReader(tabletEvents.Body)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("the events of the app that stays: %v", err)
			}
			if line == "event: update\n" {
				break
			}
		}
		c.Post("bob", "Still here, too")
		c.Settle()
		bob.want("user update")
	})
}

// whileRead does something when it is read, which is once a request was let
// in: a body is the last thing that a handler waits for.
type whileRead func()

func (f whileRead) Read([]byte) (int, error) {
	f()
	return 0, io.EOF
}

// TestSEC50_NothingOpensThatHasEnded: access that ends while a stream is being
// opened opens none.
func TestSEC50_NothingOpensThatHasEnded(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Join("mod", domain.RoleModerator)
	app := c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "Burrow", "redirect_uris", domain.OutOfBand)).Object()
	token, revoke := letIn(t, c, storeFor(t, c), app, "alice")
	for what, x := range map[string]struct {
		token  string
		end    func()
		status int
	}{
		"a token is revoked": {token, func() { c.Anonymous().POST("/oauth/revoke", revoke).OK() }, http.StatusUnauthorized},
		"somebody is held off": {c.Person("bob").Token, func() {
			c.As("mod").POST("/api/v1/admin/accounts/"+c.Person("bob").ID.String()+"/action", testkit.F("type", "disable")).OK()
		}, http.StatusForbidden},
	} {
		ctx, stop := context.WithTimeout(t.Context(), patience)
		defer stop()
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://coterie.test/api/v1/streaming/user", whileRead(x.end))
		r.Header.Set("Authorization", "Bearer "+x.token)
		w := httptest.NewRecorder()
		c.Handler().ServeHTTP(w, r)
		if w.Code != x.status {
			t.Errorf("%s: %d %s", what, w.Code, w.Body)
		}
	}
}
