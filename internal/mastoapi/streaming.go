package mastoapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/timeline"
)

const (
	sayAlive    = 30 * time.Second        // pings to WebSockets
	thumpEvery  = 15 * time.Second        // comments to server-sent events
	mustAnswer  = 2*sayAlive + sayAlive/2 // one missed pong, and a little
	writeWithin = 10 * time.Second
	maxMessage  = 4 << 10 // bytes of what a client says
	maxChannels = 64      // that one socket is on
)

// streamingHealth says that streams can be had (behaviours 14.9).
func (a *API) streamingHealth(*httpkit.Request) (any, error) {
	return httpkit.Content{Type: "text/plain; charset=utf-8", Body: []byte("OK")}, nil
}

// channelOf reads which stream is meant. A hashtag is looked up as typed, a
// list must be the viewer's.
func (a *API) channelOf(ctx context.Context, v httpkit.Viewer, name, tag, list string) (c channel, arg string, err error) {
	c, ok := parseChannel(name)
	switch {
	case !ok:
		return c, "", errUnknownStream
	case !v.Scopes.Allows(c.scope()):
		return c, "", domain.Errorf(domain.Unauthenticated, "Access token does not have the required scopes")
	case c.kind == streamHashtag:
		if c.tag = timeline.TagName(tag); c.tag == "" {
			return c, "", domain.Errorf(domain.BadRequest, "Missing tag name parameter")
		}
		return c, tag, nil
	case c.kind != streamList:
		return c, "", nil
	}
	id, ok := domain.ParseID(list)
	if !ok {
		return c, "", domain.Errorf(domain.BadRequest, "Missing list name parameter")
	}
	c.list = id
	if _, err := a.Store.List(ctx, v.Account, id); domain.Is(err, domain.NotFound) {
		return c, "", domain.Errorf(domain.Unauthenticated, "Not authorized to stream this list")
	} else if err != nil {
		return c, "", fmt.Errorf("look up the list: %w", err)
	}
	return c, list, nil
}

// openStream registers a stream of the viewer, or says why not. From then on
// it hears what ends access; what did so since the request was let in is looked
// up (behaviours 14.8).
func (a *API) openStream(ctx context.Context, v httpkit.Viewer, out outlet) (*socket, error) {
	s := &socket{live: a.Live, viewer: v, outlet: out}
	if err := a.Live.enter(s); err != nil {
		return nil, err
	}
	if err := a.settle(ctx, s); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// settle gives a stream what its viewer may do and wants.
func (a *API) settle(ctx context.Context, s *socket) error {
	g, err := a.Account.Renew(ctx, s.viewer.Token)
	if err != nil {
		return err
	}
	u, err := a.Store.User(ctx, s.viewer.Account)
	s.viewer.Permissions, s.languages = g.Permissions, u.Prefs.ChosenLanguages
	return err
}

// events answers with server-sent events of one stream (behaviours 14.4).
func (a *API) events(name string) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		name := name
		if r.Params.BoolOr("only_media", false) && strings.HasPrefix(name, streamPublic) {
			name += ":media"
		}
		c, arg, err := a.channelOf(r.Context(), r.Viewer, name, r.Params.StringOr("tag", ""), r.Params.StringOr("list", ""))
		if err != nil {
			return nil, err
		}
		out := &eventOutlet{over: make(chan struct{})}
		s, err := a.openStream(r.Context(), r.Viewer, out)
		if err != nil {
			return nil, err
		}
		if err := out.begin(r); err != nil {
			s.close()
			return nil, err
		}
		a.Live.subscribe(s, c, arg)
		out.serve(r.Context(), s)
		return httpkit.Written{}, nil
	}
}

// eventOutlet writes server-sent events.
type eventOutlet struct {
	w    http.ResponseWriter
	ctl  *http.ResponseController
	once sync.Once
	over chan struct{}
}

// begin sends the headers and the first line.
func (o *eventOutlet) begin(r *httpkit.Request) error {
	w := r.Writer()
	o.w, o.ctl = w, http.NewResponseController(w)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Accel-Buffering", "no")
	// The limits of the server are for requests that end. A writer without
	// deadlines, as in a test, does without.
	_ = o.ctl.SetReadDeadline(time.Time{})
	_, err := w.Write([]byte(":)\n"))
	if err == nil {
		err = o.ctl.Flush()
	}
	return err
}

// serve waits until the client leaves or the stream is closed.
func (o *eventOutlet) serve(ctx context.Context, s *socket) {
	beat := time.NewTicker(thumpEvery)
	defer beat.Stop()
	for {
		select {
		case <-beat.C:
			s.push(frame{})
			continue
		case <-o.over:
		case <-ctx.Done():
		}
		s.close()
		s.idle.Wait()
		return
	}
}

func (o *eventOutlet) write(frames []frame) error {
	var b []byte
	for _, f := range frames {
		if f.event == "" {
			b = append(b, ":thump\n"...)
			continue
		}
		b = fmt.Appendf(b, "event: %s\ndata: %s\n\n", f.event, f.payload)
	}
	_ = o.ctl.SetWriteDeadline(time.Now().Add(writeWithin))
	if _, err := o.w.Write(b); err != nil {
		return err
	}
	return o.ctl.Flush()
}

func (o *eventOutlet) end() { o.once.Do(func() { close(o.over) }) }

// streaming upgrades to a WebSocket, on which a client asks for any number of
// streams (behaviours 14.1 to 14.4).
func (a *API) streaming(r *httpkit.Request) (any, error) {
	if !websocket.IsWebSocketUpgrade(r.HTTP) {
		return nil, domain.ErrNotFound
	}
	if !r.Viewer.Known() {
		return nil, domain.Errorf(domain.Unauthenticated, "Missing access token")
	}
	first, arg, err := channel{}, "", error(nil)
	if name := r.Params.StringOr("stream", ""); name != "" {
		first, arg, err = a.channelOf(r.Context(), r.Viewer, name, r.Params.StringOr("tag", ""), r.Params.StringOr("list", ""))
		if err != nil {
			return nil, err
		}
	}
	out := &socketOutlet{}
	s, err := a.openStream(r.Context(), r.Viewer, out)
	if err != nil {
		return nil, err
	}
	var echo http.Header
	if p := r.Header("Sec-WebSocket-Protocol"); p != "" {
		echo = http.Header{"Sec-Websocket-Protocol": {httpkit.FirstProtocol(p)}}
	}
	conn, err := a.Live.upgrader.Upgrade(r.Writer(), r.HTTP, echo)
	if err != nil {
		s.close()
		return httpkit.Written{}, nil // the upgrader has answered
	}
	out.attach(conn, s)
	if first.kind != "" {
		a.Live.subscribe(s, first, arg)
	}
	go a.listen(conn, s)
	return httpkit.Written{}, nil
}

// newUpgrader has small buffers, since most sockets are idle. Any origin may
// connect with a token; a cookie counts from our own origin only, as everywhere
// (SEC-64).
func newUpgrader() *websocket.Upgrader {
	return &websocket.Upgrader{
		HandshakeTimeout: writeWithin, ReadBufferSize: 512, WriteBufferSize: 4096, WriteBufferPool: &sync.Pool{},
		CheckOrigin: func(*http.Request) bool { return true },
	}
}

// message is what a client says.
type message struct {
	Type   string          `json:"type"`
	Stream string          `json:"stream"`
	Tag    string          `json:"tag"`
	List   json.RawMessage `json:"list"` // a text or a number
}

// listen reads what the client says until it leaves.
func (a *API) listen(conn *websocket.Conn, s *socket) {
	defer s.close()
	conn.SetReadLimit(maxMessage)
	alive := func(string) error { return conn.SetReadDeadline(time.Now().Add(mustAnswer)) }
	conn.SetPongHandler(alive)
	_ = alive("")
	for {
		kind, b, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if kind != websocket.TextMessage {
			s.refuse(websocket.CloseUnsupportedData)
			return
		}
		var m message
		if json.Unmarshal(b, &m) != nil {
			continue // behaviours 14.2: what is not understood is ignored
		}
		if err := a.obey(s, m); err != nil {
			s.push(frame{failed: sentence(err)})
		}
	}
}

// obey does what the client asks.
func (a *API) obey(s *socket, m message) error {
	if m.Type != "subscribe" && m.Type != "unsubscribe" {
		return nil
	}
	list := strings.Trim(string(m.List), `"`)
	c, arg, err := a.channelOf(context.Background(), s.viewer, m.Stream, m.Tag, list)
	if m.Type == "unsubscribe" && c.list != 0 {
		err = nil // a list can be left once it is gone
	}
	if err != nil {
		return err
	}
	if m.Type == "unsubscribe" {
		s.live.unsubscribe(s, c)
		return nil
	}
	if s.live.joined(s) >= maxChannels {
		return domain.Errorf(domain.BadRequest, "This connection has too many streams")
	}
	s.live.subscribe(s, c, arg)
	return nil
}

// joined is how many channels a socket is on.
func (l *Live) joined(s *socket) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(s.channels)
}

// sentence is what a client hears of an error.
func sentence(err error) string {
	for _, kind := range []domain.Kind{domain.BadRequest, domain.Unauthenticated} {
		if domain.Is(err, kind) {
			return err.Error()
		}
	}
	return "This cannot be done now"
}

// socketOutlet writes to a WebSocket.
type socketOutlet struct {
	mu    sync.Mutex
	conn  *websocket.Conn // nil until it is attached
	timer *time.Timer     // pings
	code  int             // with which it closes
	ended bool
}

// attach gives it its connection and has it pinged.
func (o *socketOutlet) attach(conn *websocket.Conn, s *socket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.conn, o.code = conn, websocket.CloseGoingAway
	if o.ended {
		conn.Close()
		return
	}
	o.timer = time.AfterFunc(sayAlive, func() {
		s.push(frame{})
		o.mu.Lock()
		defer o.mu.Unlock()
		if !o.ended {
			o.timer.Reset(sayAlive)
		}
	})
}

func (o *socketOutlet) write(frames []frame) error {
	for _, f := range frames {
		_ = o.conn.SetWriteDeadline(time.Now().Add(writeWithin))
		kind, b := websocket.PingMessage, []byte(nil)
		if f.event != "" || f.failed != "" {
			kind, b = websocket.TextMessage, f.encode()
		}
		if err := o.conn.WriteMessage(kind, b); err != nil {
			return err
		}
	}
	return nil
}

// encode is the frame as the WebSocket carries it (behaviours 14.3).
func (f frame) encode() []byte {
	if f.failed != "" {
		b, _ := json.Marshal(struct {
			Error  string `json:"error"`
			Status int    `json:"status"`
		}{f.failed, http.StatusBadRequest})
		return b
	}
	v := struct {
		Stream  []string `json:"stream"`
		Event   string   `json:"event"`
		Payload *string  `json:"payload,omitempty"`
	}{f.stream, f.event, &f.payload}
	if f.bare {
		v.Payload = nil
	}
	b, _ := json.Marshal(v)
	return b
}

// end says good-bye as far as that goes at once, and closes.
func (o *socketOutlet) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
	if o.conn == nil {
		return
	}
	o.timer.Stop()
	bye := websocket.FormatCloseMessage(o.code, "")
	_ = o.conn.NetConn().SetWriteDeadline(time.Now().Add(time.Second))
	_ = o.conn.WriteControl(websocket.CloseMessage, bye, time.Time{})
	o.conn.Close()
}

// refuse closes the socket for what its client did.
func (s *socket) refuse(code int) {
	if o, ok := s.outlet.(*socketOutlet); ok {
		o.mu.Lock()
		o.code = code
		o.mu.Unlock()
	}
	s.close()
}

// streamNames are the streams that server-sent events are for, by path.
var streamNames = map[string]string{
	"user": "user", "user/notification": "user:notification", "public": "public", "public/local": "public:local",
	"public/remote": "public:remote", "hashtag": "hashtag", "hashtag/local": "hashtag:local", "list": "list", "direct": "direct",
}

// unknownStream is what every other path gets (behaviours 2.7).
func unknownStream(*httpkit.Request) (any, error) { return nil, errUnknownStream }

var errUnknownStream = domain.Errorf(domain.BadRequest, "Unknown stream type")

// streamRoutes are the paths of server-sent events.
func (a *API) streamRoutes() []httpkit.Route {
	var routes []httpkit.Route
	for path, name := range streamNames {
		c, _ := parseChannel(name)
		routes = append(routes, httpkit.Route{
			Method: "GET", Pattern: "/api/v1/streaming/" + path, Auth: httpkit.User, Scopes: []string{c.scope()},
			Limit: httpkit.LimitGeneral, Cache: httpkit.CacheNever, Load: httpkit.LoadFree, Handle: a.events(name),
		})
	}
	routes = append(routes, httpkit.Route{
		Method: "GET", Pattern: "/api/v1/streaming/{name...}", Auth: httpkit.User, Scopes: httpkit.NoScope,
		Limit: httpkit.LimitGeneral, Cache: httpkit.CacheNever, Handle: unknownStream,
	})
	slices.SortFunc(routes, func(x, y httpkit.Route) int { return strings.Compare(x.Pattern, y.Pattern) })
	return routes
}
