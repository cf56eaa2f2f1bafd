package mastoapi_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// patience is how long a test waits for what should come at once.
const patience = 20 * time.Second

// theater is a community that listens on a real socket.
type theater struct {
	*testkit.Community
	url string
}

func perform(t testing.TB, c *testkit.Community) theater {
	srv := httptest.NewServer(testkit.Witness(t, c.Handler()))
	t.Cleanup(srv.Close)
	return theater{c, srv.URL}
}

// heardEvent is an event as a WebSocket carries it.
type heardEvent struct {
	Stream  []string
	Event   string
	Payload *string
	Error   string
	Status  int
}

func (e heardEvent) String() string {
	if e.Error != "" {
		return fmt.Sprintf("%d %s", e.Status, e.Error)
	}
	return strings.Join(e.Stream, ",") + " " + e.Event
}

// object is the payload as an entity.
func (e heardEvent) object(t testing.TB) testkit.Object {
	t.Helper()
	var o testkit.Object
	if e.Payload == nil {
		t.Fatalf("%s has no payload", e)
	}
	if err := json.Unmarshal([]byte(*e.Payload), &o); err != nil {
		t.Fatalf("%s: %v: %s", e, err, *e.Payload)
	}
	return o
}

// ears are a WebSocket.
type ears struct {
	t    testing.TB
	conn *websocket.Conn
}

// listen connects somebody, to the streams named in the query.
func (h theater) listen(t testing.TB, name, query string) ears {
	t.Helper()
	conn, res, err := h.connect(h.Person(name).Token, query)
	if err != nil {
		t.Fatalf("connect %s: %v %v", name, err, res)
	}
	t.Cleanup(func() { conn.Close() })
	return ears{t, conn}
}

func (h theater) connect(token, query string) (*websocket.Conn, *http.Response, error) {
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	return websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(h.url, "http")+"/api/v1/streaming?"+query, header)
}

// say sends a message.
func (e ears) say(pairs ...string) {
	e.t.Helper()
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	if err := e.conn.WriteJSON(m); err != nil {
		e.t.Fatal(err)
	}
}

// next is what is heard next.
func (e ears) next() heardEvent {
	e.t.Helper()
	var v heardEvent
	_ = e.conn.SetReadDeadline(time.Now().Add(patience))
	if err := e.conn.ReadJSON(&v); err != nil {
		e.t.Fatalf("nothing is heard: %v", err)
	}
	return v
}

// want is the next event, which must be that one.
func (e ears) want(event string) heardEvent {
	e.t.Helper()
	got := e.next()
	if got.String() != event {
		e.t.Fatalf("heard %q, want %q", got, event)
	}
	return got
}

// settled makes sure that a socket is on its streams: what it said is worked
// off in its order, and a stream that does not exist is answered.
func (e ears) settled() {
	e.t.Helper()
	e.say("type", "subscribe", "stream", "nonsense")
	e.want("400 Unknown stream type")
}

// TestStreamOfHome: what comes to one's home timeline, and what is done to it.
func TestStreamOfHome(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		h := perform(t, c)
		c.Follow("alice", "bob")
		c.Settle()
		alice := h.listen(t, "alice", "stream=user")
		alice.settled()
		c.Post("carol", "Nobody follows me")
		post := c.Post("bob", "Look", "visibility", "private")
		c.Settle()
		got := alice.want("user update").object(t)
		if got.Str("id") != post.Str("id") || got.Obj("account").Str("username") != "bob" || got.Bool("favourited") {
			t.Errorf("got %v", got)
		}
		own := c.Post("alice", "Mine")
		c.Settle()
		if got := alice.want("user update").object(t); got.Str("id") != own.Str("id") {
			t.Errorf("own post: %v", got)
		}
		c.As("bob").PUT("/api/v1/statuses/"+post.Str("id"), testkit.F("status", "Look again")).OK()
		c.Settle()
		if got := alice.want("user status.update").object(t); !strings.Contains(got.Str("content"), "again") {
			t.Errorf("edited: %v", got)
		}
		c.As("bob").DELETE("/api/v1/statuses/"+post.Str("id"), nil).OK()
		c.Settle()
		if e := alice.want("user delete"); *e.Payload != post.Str("id") {
			t.Errorf("deleted: %s", *e.Payload)
		}
		c.As("alice").POST("/api/v2/filters", testkit.F("title", "cats", "context[]", "home", "keywords_attributes[][keyword]", "cats")).OK()
		c.Settle()
		if e := alice.want("user filters_changed"); e.Payload != nil {
			t.Errorf("filters_changed carries %q", *e.Payload)
		}
		c.Post("bob", "I like cats")
		c.Settle()
		filtered := alice.want("user update").object(t)
		if list, _ := filtered["filtered"].([]any); len(list) != 1 {
			t.Errorf("filtered: %v", filtered["filtered"])
		}
	})
}

// TestStreamOfNotifications: on user and user:notification, if the token may.
func TestStreamOfNotifications(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	all := h.listen(t, "alice", "stream=user")
	only := h.listen(t, "alice", "stream=user:notification")
	conn, _, err := h.connect(narrow(c, "read:statuses"), "stream=user")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	deaf := ears{t, conn}
	for _, e := range []ears{all, only, deaf} {
		e.settled()
	}
	post := c.Post("carol", "Hello @alice")
	c.Settle()
	if n := all.want("user notification").object(t); n.Str("type") != "mention" || n.Obj("status").Str("id") != post.Str("id") {
		t.Errorf("got %v", n)
	}
	only.want("user:notification notification")
	c.As("carol").PUT("/api/v1/statuses/"+post.Str("id"), testkit.F("status", "Hello there @alice")).OK()
	c.Settle()
	only.want("user:notification status.update")
	c.Post("alice", "Mine")
	c.Settle()
	all.want("user update")
	deaf.want("user update")
}

// narrow is a token of alice for less.
func narrow(c *testkit.Community, scopes string) string {
	c.T.Helper()
	made, err := c.AccountToken(c.T.Context(), instance.AccountToken{Name: "alice", Scopes: scopes})
	if err != nil {
		c.T.Fatal(err)
	}
	return made.Token
}

// TestStreamOfConversations: a direct message is on no stream but these.
func TestStreamOfConversations(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	c.Follow("bob", "carol")
	c.Settle()
	bob, eve := h.listen(t, "bob", "stream=direct"), h.listen(t, "dave", "stream=public")
	bob.settled()
	eve.say("type", "subscribe", "stream", "user")
	eve.say("type", "subscribe", "stream", "direct")
	eve.say("type", "subscribe", "stream", "hashtag", "tag", "secret")
	eve.settled()
	post := c.Post("carol", "@bob a #secret", "visibility", "direct")
	c.Settle()
	got := bob.want("direct conversation").object(t)
	if got.Obj("last_status").Str("id") != post.Str("id") || !got.Bool("unread") {
		t.Errorf("got %v", got)
	}
	c.Post("carol", "In the open")
	c.Settle()
	eve.want("public update")
}

// TestStreamsOfThePublic: each public, hashtag and list stream gets what its
// timeline would hold.
func TestStreamsOfThePublic(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		h := perform(t, c)
		c.Follow("alice", "bob")
		list := c.As("alice").POST("/api/v1/lists", testkit.F("title", "Dogs")).Object().Str("id")
		c.As("alice").POST("/api/v1/lists/"+list+"/accounts", testkit.F("account_ids[]", c.Person("bob").ID.String())).OK()
		c.Settle()
		alice := h.listen(t, "alice", "")
		for _, name := range []string{"public", "public:local", "public:remote", "public:media", "public:local:media"} {
			alice.say("type", "subscribe", "stream", name)
		}
		alice.say("type", "subscribe", "stream", "hashtag", "tag", "Dogs")
		alice.say("type", "subscribe", "stream", "hashtag:local", "tag", "dogs")
		alice.say("type", "subscribe", "stream", "list", "list", list)
		alice.settled()
		hear := func(n int) []string {
			var out []string
			for range n {
				out = append(out, alice.next().String())
			}
			slices.Sort(out)
			return out
		}
		first := c.Post("bob", "About #dogs")
		c.Settle()
		want := []string{"hashtag,Dogs update", "hashtag:local,dogs update", "list," + list + " update", "public update", "public:local update"}
		if got := hear(5); !slices.Equal(got, want) {
			t.Errorf("heard %v, want %v", got, want)
		}
		// A reply to somebody else stands on hashtag timelines alone, and neither
		// a boost nor what is not public on any.
		c.Post("carol", "@bob more #dogs", "in_reply_to_id", first.Str("id"))
		c.As("carol").POST("/api/v1/statuses/"+first.Str("id")+"/reblog", nil).OK()
		c.Post("carol", "Quietly #dogs", "visibility", "unlisted")
		c.As("alice").POST("/api/v1/accounts/"+c.Person("dave").ID.String()+"/mute", nil).OK()
		c.Post("dave", "Loudly #dogs")
		c.As("erin").POST("/api/v1/accounts/"+c.Person("alice").ID.String()+"/block", nil).OK()
		c.Post("erin", "Not for you #dogs")
		c.Post("carol", "The end")
		c.Settle()
		want = []string{"hashtag,Dogs update", "hashtag:local,dogs update", "public update", "public:local update"}
		if got := hear(4); !slices.Equal(got, want) {
			t.Errorf("heard %v, want %v", got, want)
		}
		alice.say("type", "unsubscribe", "stream", "public")
		alice.say("type", "unsubscribe", "stream", "hashtag", "tag", "DOGS")
		alice.settled()
		c.As("bob").DELETE("/api/v1/statuses/"+first.Str("id"), nil).OK()
		c.Settle()
		want = []string{"hashtag:local,dogs delete", "list," + list + " delete", "public:local delete", "public:local:media delete", "public:media delete", "public:remote delete"}
		if got := hear(6); !slices.Equal(got, want) {
			t.Errorf("heard %v, want %v", got, want)
		}
	})
}

// TestSEC49_StreamsAreTheTimelines: after whatever happens between people, what a
// viewer is told at once is what their timelines hold.
func TestSEC49_StreamsAreTheTimelines(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		h := perform(t, c)
		names := []string{"alice", "bob", "carol", "dave", "erin"}
		all := map[string]ears{}
		for _, n := range names {
			all[n] = h.listen(t, n, "stream=user")
			all[n].say("type", "subscribe", "stream", "public")
			all[n].say("type", "subscribe", "stream", "hashtag", "tag", "dogs")
			all[n].settled()
		}
		random := rand.New(rand.NewPCG(4, 2))
		pick := func(list []string) string { return list[random.IntN(len(list))] }
		var last string
		for range 60 {
			who, whom := pick(names), pick(names)
			if who != whom {
				verb := pick([]string{"follow", "follow", "unfollow", "block", "unblock", "mute", "unmute"})
				c.As(who).POST(account(c, whom, verb), nil)
			}
			c.Settle()
			for _, n := range names { // what relations made deleted or changed is not the point
				all[n].settledAfter()
			}
			author := pick(names)
			form := testkit.F("status", "@"+pick(names)+" hello #dogs "+fmt.Sprint(random.Int()), "visibility", pick([]string{"public", "unlisted", "private", "direct"}))
			if last != "" && random.IntN(3) == 0 {
				form.Set("in_reply_to_id", last)
			}
			a := c.As(author).POST("/api/v1/statuses", form)
			if a.Status != http.StatusOK {
				continue // answers somebody who cannot be seen
			}
			last = a.Object().Str("id")
			c.Settle()
			for _, n := range names {
				got := all[n].updates()
				for stream, path := range map[string]string{"user": "home", "public": "public", "hashtag,dogs": "tag/dogs"} {
					there := slices.ContainsFunc(c.As(n).GET("/api/v1/timelines/"+path).List(), func(o testkit.Object) bool { return o.Str("id") == last })
					if told := slices.Contains(got, stream+" "+last); told != there {
						t.Fatalf("%s is told of %s's post on %s: %v, and it is on the timeline: %v", n, author, stream, told, there)
					}
				}
			}
		}
	})
}

// settledAfter hears everything up to now.
func (e ears) settledAfter() { e.updates() }

// updates are the new statuses heard up to now, with their streams.
func (e ears) updates() []string {
	e.t.Helper()
	e.say("type", "subscribe", "stream", "nonsense")
	var out []string
	for {
		v := e.next()
		if v.Error != "" {
			return out
		}
		if v.Event == "update" {
			out = append(out, strings.Join(v.Stream, ",")+" "+v.object(e.t).Str("id"))
		}
	}
}

// TestStreamTokens: every way to hand one over, and none.
func TestStreamTokens(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	token := c.Person("alice").Token
	address := "ws" + strings.TrimPrefix(h.url, "http") + "/api/v1/streaming"

	conn, _, err := websocket.DefaultDialer.Dial(address+"?stream=user&access_token="+url.QueryEscape(token), nil)
	if err != nil {
		t.Fatalf("in the query: %v", err)
	}
	conn.Close()
	dialer := websocket.Dialer{Subprotocols: []string{token}}
	conn, res, err := dialer.Dial(address+"?stream=user", nil)
	if err != nil || res.Header.Get("Sec-WebSocket-Protocol") != token {
		t.Fatalf("as subprotocol: %v, echo %q", err, res.Header.Get("Sec-WebSocket-Protocol"))
	}
	ears{t, conn}.settled()
	conn.Close()

	for what, want := range map[string]struct {
		token, query string
		status       int
	}{
		"none":                 {"", "stream=user", http.StatusUnauthorized},
		"none, public":         {"", "stream=public", http.StatusUnauthorized},
		"a wrong one":          {"wrong", "stream=user", http.StatusUnauthorized},
		"too narrow":           {narrow(c, "read:accounts"), "stream=user", http.StatusUnauthorized},
		"no such stream":       {token, "stream=everything", http.StatusBadRequest},
		"no hashtag":           {token, "stream=hashtag", http.StatusBadRequest},
		"somebody else's list": {token, "stream=list&list=1", http.StatusUnauthorized},
	} {
		_, res, err := h.connect(want.token, want.query)
		if err == nil || res == nil || res.StatusCode != want.status {
			t.Errorf("%s: %v %v, want %d", what, res, err, want.status)
		}
	}
	c.As("alice").GET("/api/v1/streaming").Want(http.StatusNotFound)
	res, err = http.Get(h.url + "/api/v1/streaming/health")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, err := io.ReadAll(res.Body); string(b) != "OK" || err != nil {
		t.Errorf("health: %q, %v", b, err)
	}
}

// TestStreamMessages: what a client may say, and what it should not.
func TestStreamMessages(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	alice := h.listen(t, "alice", "")
	for _, odd := range []string{"[]", "{", `{"type":7}`, `{"type":"dance","stream":"user"}`, `"subscribe"`} {
		if err := alice.conn.WriteMessage(websocket.TextMessage, []byte(odd)); err != nil {
			t.Fatal(err)
		}
	}
	alice.settled()
	alice.say("type", "subscribe", "stream", "hashtag")
	alice.want("400 Missing tag name parameter")
	list := c.As("alice").POST("/api/v1/lists", testkit.F("title", "Friends")).Object().Str("id")
	alice.say("type", "subscribe", "stream", "list", "list", list)
	alice.settled()
	c.As("alice").DELETE("/api/v1/lists/"+list, nil).OK()
	alice.say("type", "unsubscribe", "stream", "list", "list", list)
	alice.settled()
	alice.say("type", "subscribe", "stream", "list", "list", list)
	alice.want("400 Not authorized to stream this list")
	if err := alice.conn.WriteMessage(websocket.BinaryMessage, []byte{1}); err != nil {
		t.Fatal(err)
	}
	_ = alice.conn.SetReadDeadline(time.Now().Add(patience))
	if _, _, err := alice.conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseUnsupportedData) {
		t.Errorf("after a binary message: %v", err)
	}
	long := h.listen(t, "alice", "")
	_ = long.conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"`+strings.Repeat("x", 5000)+`"}`))
	long.ends()
}

// ends waits for the end of the connection.
func (e ears) ends() {
	e.t.Helper()
	_ = e.conn.SetReadDeadline(time.Now().Add(patience))
	for {
		_, _, err := e.conn.ReadMessage()
		if err == nil {
			continue
		}
		if timeout, ok := err.(interface{ Timeout() bool }); ok && timeout.Timeout() {
			e.t.Fatal("the stream is still open")
		}
		return
	}
}

// TestSEC50_StreamsEndWithTheirToken: whatever ends somebody's access ends what it
// began, sockets and events alike, and opens nothing again; others hear on.
func TestSEC50_StreamsEndWithTheirToken(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Join("mod", domain.RoleModerator)
	h := perform(t, c)
	stays := h.listen(t, "erin", "stream=user")
	stays.settled()
	act := func(name, kind string) func() error {
		return func() error {
			c.As("mod").POST("/api/v1/admin/accounts/"+c.Person(name).ID.String()+"/action", testkit.F("type", kind)).OK()
			return nil
		}
	}
	for name, end := range map[string]func() error{
		"alice": func() error { // a new password
			_, err := c.AccountPassword(t.Context(), instance.AccountPassword{Name: "alice", Password: "another one, quite long"})
			return err
		},
		"bob":   act("bob", "disable"),
		"carol": act("carol", "suspend"),
		"dave": func() error {
			_, err := c.AccountDelete(t.Context(), instance.AccountDelete{Name: "dave"})
			return err
		},
	} {
		socket, events := h.listen(t, name, "stream=user"), h.sse(t, c.Person(name).Token, "user")
		socket.settled()
		if err := end(); err != nil {
			t.Fatal(err)
		}
		from := time.Now()
		socket.ends()
		if _, err := io.Copy(io.Discard, events.Body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: the events end with %v", name, err)
		}
		if took := time.Since(from); took > 5*time.Second {
			t.Errorf("%s's streams end after %v", name, took)
		}
		_, res, err := h.connect(c.Person(name).Token, "stream=user")
		if err == nil || res == nil || res.StatusCode != http.StatusUnauthorized && res.StatusCode != http.StatusForbidden {
			t.Errorf("%s reopened: %v, %v", name, res, err)
		}
	}
	c.Post("erin", "Still here")
	c.Settle()
	stays.want("user update")
}

// TestServerSentEvents: every path, its first line, its events and its end.
func TestServerSentEvents(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	c.Follow("alice", "bob")
	list := c.As("alice").POST("/api/v1/lists", testkit.F("title", "Dogs")).Object().Str("id")
	c.As("alice").POST("/api/v1/lists/"+list+"/accounts", testkit.F("account_ids[]", c.Person("bob").ID.String())).OK()
	c.Settle()
	paths := map[string]string{
		"user": "notification", "user/notification": "notification", "public": "update", "public/local": "update",
		"hashtag?tag=dogs": "update", "hashtag/local?tag=dogs": "update", "list?list=" + list: "update", "direct": "conversation",
	}
	readers := map[string]*bufio.Reader{}
	for path := range paths {
		res := h.sse(t, c.Person("alice").Token, path)
		if got := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || got != "text/event-stream" {
			t.Fatalf("%s: %d %s", path, res.StatusCode, got)
		}
		readers[path] = bufio.NewReader(res.Body)
		if line, err := readers[path].ReadString('\n'); line != ":)\n" || err != nil {
			t.Fatalf("%s begins with %q, %v", path, line, err)
		}
	}
	post := c.Post("bob", "Hello @alice, about #dogs")
	c.Post("bob", "@alice privately", "visibility", "direct")
	c.Settle()
	for path, event := range paths {
		line, _ := readers[path].ReadString('\n')
		data, err := readers[path].ReadString('\n')
		if line != "event: "+event+"\n" || err != nil || !strings.HasPrefix(data, "data: {") {
			t.Errorf("%s: %q %q %v", path, line, data, err)
		}
		if event == "update" && !strings.Contains(data, `"id":"`+post.Str("id")+`"`) {
			t.Errorf("%s tells of something else: %s", path, data)
		}
	}
	// It opens, though nothing here comes from elsewhere.
	if line, err := bufio.NewReader(h.sse(t, c.Person("alice").Token, "public/remote").Body).ReadString('\n'); line != ":)\n" || err != nil {
		t.Errorf("public/remote begins with %q, %v", line, err)
	}
	for path, want := range map[string]int{
		"hashtag": http.StatusBadRequest, "list": http.StatusBadRequest, "list?list=1": http.StatusUnauthorized,
	} {
		if res := h.sse(t, c.Person("alice").Token, path); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
	if res := h.sse(t, "", "public"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("anonymous: %d", res.StatusCode)
	}
}

func (h theater) sse(t testing.TB, token, path string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/api/v1/streaming/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

// pipes are connections that hold nothing: what nobody reads blocks.
type pipes struct {
	made   chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.made:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

// TestSEC50_SlowReadersAreDropped: a client that does not read is cut off, and the
// others hear everything.
func TestSEC50_SlowReadersAreDropped(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	p := pipes{make(chan net.Conn), make(chan struct{})}
	srv := &http.Server{Handler: c.Handler(), ReadHeaderTimeout: patience}
	go func() { _ = srv.Serve(p) }()
	defer srv.Close()
	dialer := websocket.Dialer{NetDial: func(string, string) (net.Conn, error) {
		near, far := net.Pipe()
		p.made <- far
		return near, nil
	}}
	conn, _, err := dialer.Dial("ws://coterie.test/api/v1/streaming?stream=public&access_token="+c.Person("alice").Token, nil)
	if err != nil {
		t.Fatal(err)
	}
	slow := ears{t, conn}
	quick := h.listen(t, "alice", "stream=public")
	slow.settled()
	quick.settled()
	const posts = 300
	for i := range posts {
		c.Post("bob", fmt.Sprint("Post ", i))
	}
	c.Settle()
	for range posts {
		quick.want("public update")
	}
	slow.ends()
}

// TestStreamsShowEachViewerItsOwn: what is streamed to many at once is for each
// what it would read by itself: marks, filters, votes, what is hidden in what
// is quoted.
func TestStreamsShowEachViewerItsOwn(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		names := []string{"alice", "bob", "carol", "dave", "erin"}
		quoted := c.Post("alice", "Quote me", "quote_approval_policy", "public")
		post := c.Post("carol", "Look at that", "quoted_status_id", quoted.Str("id"), "quote_approval_policy", "followers")
		asked := c.Post("carol", "Burrow or den?", "poll[options][]", "burrow", "poll[options][]", "den", "poll[expires_in]", "3600")
		c.Follow("bob", "carol")
		for _, p := range []testkit.Object{post, asked} {
			c.As("bob").POST(status(p, "favourite"), nil).OK()
			c.As("dave").POST(status(p, "bookmark"), nil).OK()
			c.As("erin").POST(status(p, "mute"), nil).OK()
		}
		c.As("dave").POST("/api/v1/accounts/"+c.Person("alice").ID.String()+"/mute", nil).OK()
		c.As("alice").POST("/api/v1/accounts/"+c.Person("erin").ID.String()+"/block", nil).OK()
		c.As("bob").POST("/api/v1/polls/"+asked.Obj("poll").Str("id")+"/votes", testkit.F("choices[]", "1")).OK()
		c.As("erin").POST("/api/v2/filters", testkit.F("title", "dens", "context[]", "public", "keywords_attributes[0][keyword]", "den")).OK()
		c.Settle()
		h := perform(t, c)
		heard := map[string]ears{}
		for _, name := range names {
			heard[name] = h.listen(t, name, "stream=public")
			heard[name].settled()
		}
		looks := map[string]bool{}
		for _, p := range []testkit.Object{post, asked} {
			form := testkit.F("status", "An edited den")
			if p.Str("id") == asked.Str("id") {
				form = testkit.F("status", "An edited den", "poll[options][]", "burrow", "poll[options][]", "den", "poll[expires_in]", "3600")
			}
			c.As("carol").PUT("/api/v1/statuses/"+p.Str("id"), form).OK()
			c.Settle()
			for _, name := range names {
				got := heard[name].want("public status.update")
				want := c.As(name).GET("/api/v1/statuses/" + p.Str("id")).Object()
				if live := got.object(t); !reflect.DeepEqual(live, want) {
					t.Errorf("%s hears %v, reads %v", name, live, want)
				}
				looks[*got.Payload] = true
			}
		}
		if len(looks) < 7 {
			t.Errorf("only %d looks: the case shows too little", len(looks))
		}
	})
}
