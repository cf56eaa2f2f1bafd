package store

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// notice is one message to a topic, as it travels between processes.
type notice struct {
	Topic   string `json:"t"`
	Payload string `json:"p"`
}

// envelope is what PostgreSQL carries; From keeps our own from coming back,
// Seq counts the envelopes of a process, Bye is its last.
type envelope struct {
	From    string   `json:"f"`
	Seq     int64    `json:"s"`
	Bye     bool     `json:"b,omitempty"`
	Notices []notice `json:"n"`
}

// Notice is what a listener hears.
type Notice struct {
	Payload string
	// Missed means that messages may have been lost: look for yourself.
	Missed bool
}

const (
	notifyChannel = "coterie"
	notifyEvery   = 10 * time.Millisecond
	notifyMax     = 7900 // PostgreSQL refuses 8,000 bytes
	reconnectWait = time.Second
)

// notifier carries notices to listeners: in this process directly, to others
// through PostgreSQL, on connections of its own and in batches.
type notifier struct {
	st    *Store
	cfg   *pgx.ConnConfig // nil on SQLite
	ctx   context.Context
	stop  context.CancelFunc
	wait  sync.WaitGroup
	peers peers
	seq   int64 // of our last envelope; only flush and close count

	mu        sync.Mutex
	listeners map[string]map[int]func(Notice)
	nextID    int
	receiving bool
	sending   bool
	outgoing  []notice
}

func newNotifier(st *Store, cfg *pgx.ConnConfig) *notifier {
	ctx, stop := context.WithCancel(context.Background())
	return &notifier{st: st, cfg: cfg, ctx: ctx, stop: stop, listeners: map[string]map[int]func(Notice){}, peers: peers{known: map[string]*peer{}}}
}

// Listen calls f for every message to topic until stop is called, from any
// goroutine. f must return at once and must not use the Store. Messages may
// get lost between processes; when the connection comes back, a number is left
// out or a process falls silent, f hears so.
func (st *Store) Listen(topic string, f func(Notice)) (stop func()) {
	n := st.notifier
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners[topic] == nil {
		n.listeners[topic] = map[int]func(Notice){}
	}
	id := n.nextID
	n.nextID++
	n.listeners[topic][id] = f
	if n.cfg != nil && !n.receiving && n.ctx.Err() == nil {
		n.receiving = true
		n.wait.Go(n.receive)
		n.wait.Go(n.beats)
	}
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.listeners[topic], id)
	}
}

// Notify tells everyone who listens to topic, in every process, for what is
// not bound to a write. Payloads of more than about 7,000 bytes stay in this
// process.
func (st *Store) Notify(topic, payload string) {
	st.notifier.send([]notice{{Topic: topic, Payload: payload}})
}

func (n *notifier) send(list []notice) {
	n.deliver(list)
	n.post(list)
}

// post has the notices sent to other processes soon.
func (n *notifier) post(list []notice) {
	if n.cfg == nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.outgoing = append(n.outgoing, list...)
	if !n.sending && n.ctx.Err() == nil {
		n.sending = true
		n.wait.Go(n.flush)
	}
}

// deliver calls the listeners of this process.
func (n *notifier) deliver(list []notice) {
	for _, m := range list {
		if m.Topic == "" {
			continue // a sign of life
		}
		for _, f := range n.listening(m.Topic) {
			f(Notice{Payload: m.Payload})
		}
	}
}

// listening are the listeners to topic, or all for "".
func (n *notifier) listening(topic string) []func(Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []func(Notice)
	for t, fs := range n.listeners {
		if t == topic || topic == "" {
			for _, f := range fs {
				out = append(out, f)
			}
		}
	}
	return out
}

// flush sends what has gathered within a few milliseconds, until nothing has.
func (n *notifier) flush() {
	for {
		select {
		case <-time.After(notifyEvery):
		case <-n.ctx.Done():
		}
		n.mu.Lock()
		list := n.outgoing
		n.outgoing, n.sending = nil, len(n.outgoing) > 0
		n.mu.Unlock()
		if len(list) == 0 {
			return
		}
		for _, text := range n.pack(list) {
			n.transmit(text)
		}
	}
}

// transmit sends one envelope; what cannot be sent is missed by the others,
// who will see its number left out.
func (n *notifier) transmit(text string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(n.ctx), 5*time.Second)
	defer cancel()
	if _, err := n.st.db.ExecContext(ctx, `SELECT pg_notify($1, $2)`, notifyChannel, text); err != nil {
		n.st.log.Warn("other processes could not be notified", "error", err)
	}
}

// seal numbers an envelope and closes it.
func (n *notifier) seal(list []notice, bye bool) string {
	n.seq++
	b, err := json.Marshal(envelope{From: n.st.process, Seq: n.seq, Bye: bye, Notices: list})
	if err != nil {
		n.st.log.Warn("a message to other processes could not be written", "error", err)
	}
	return string(b)
}

// pack fits the messages, each once, into as few payloads as they need.
func (n *notifier) pack(list []notice) []string {
	var out []string
	const digits = 19
	head := len(`{"f":"","s":,"n":[]}`) + len(n.st.process) + digits
	seen := map[notice]bool{}
	size, batch := head, []notice(nil)
	seal := func() {
		if len(batch) > 0 {
			out = append(out, n.seal(batch, false))
		}
		size, batch = head, nil
	}
	for _, m := range list {
		if seen[m] {
			continue
		}
		seen[m] = true
		b, err := json.Marshal(m)
		if err != nil || head+len(b) > notifyMax {
			n.st.log.Warn("a message is too long for other processes", "topic", m.Topic, "bytes", len(m.Payload))
			n.seq++ // they hear that something was left out
			continue
		}
		if size+len(b)+1 > notifyMax {
			seal()
		}
		size, batch = size+len(b)+1, append(batch, m)
	}
	seal()
	return out
}

// receive listens to the other processes until the store closes.
func (n *notifier) receive() {
	for n.ctx.Err() == nil {
		err := n.receiveOnce()
		if n.ctx.Err() != nil {
			return
		}
		n.st.log.Warn("the connection for notifications broke", "error", err)
		select {
		case <-time.After(reconnectWait):
		case <-n.ctx.Done():
		}
	}
}

func (n *notifier) receiveOnce() error {
	conn, err := pgx.ConnectConfig(n.ctx, n.cfg.Copy())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(n.ctx))
	if _, err := conn.Exec(n.ctx, "LISTEN "+notifyChannel); err != nil {
		return err
	}
	n.missed()
	for {
		got, err := conn.WaitForNotification(n.ctx)
		if err != nil {
			return err
		}
		var e envelope
		if json.Unmarshal([]byte(got.Payload), &e) != nil || e.From == n.st.process {
			continue
		}
		if n.peers.hear(e) {
			n.missed()
		}
		n.deliver(e.Notices)
	}
}

func (n *notifier) close() {
	n.mu.Lock()
	n.stop()
	n.mu.Unlock()
	n.wait.Wait()
	if n.seq > 0 {
		n.transmit(n.seal(nil, true))
	}
}
