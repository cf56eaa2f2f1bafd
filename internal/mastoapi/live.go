package mastoapi

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"

	"github.com/gorilla/websocket"

	"coterie/internal/domain"
	"coterie/internal/render"
	"coterie/internal/store"
	"coterie/internal/stream"
	"coterie/internal/timeline"
)

// Live keeps the open streams of a community and tells them what happens
// (behaviours 14). References arrive from the hub and are worked off in their
// order by one goroutine, which lives only while there is something to do; who
// may see what is asked of the store for each listener.
type Live struct {
	LiveConfig
	upgrader *websocket.Upgrader

	mu       sync.Mutex
	closed   bool
	working  bool
	rested   *sync.Cond // working has become false
	queue    []domain.Ref
	sockets  map[*socket]struct{}
	accounts map[domain.ID]int              // open sockets of each
	channels map[channel]map[*socket]string // with the name each knows the channel by
}

// LiveConfig is what a Live works with.
type LiveConfig struct {
	Store    store.Reader
	Timeline *timeline.Service
	Render   *render.Renderer
	// Settings say who gets the feeds of the public.
	Settings func(context.Context) (domain.Settings, error)
	Log      *slog.Logger
}

const (
	// maxSockets is how many streams one account may have open.
	maxSockets = 64
	// maxRefs is how many references may wait; more, and the clients had better
	// come back and read for themselves.
	maxRefs = 10_000
)

// NewLive makes the streams of a community and has them follow the hub.
func NewLive(hub *stream.Hub, c LiveConfig) *Live {
	l := &Live{
		LiveConfig: c, upgrader: newUpgrader(),
		sockets: map[*socket]struct{}{}, accounts: map[domain.ID]int{}, channels: map[channel]map[*socket]string{},
	}
	l.rested = sync.NewCond(&l.mu)
	hub.Subscribe(l.hear)
	hub.Revoked(l.revoked)
	return l
}

// Close ends every stream and takes no more.
func (l *Live) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.drop(func(*socket) bool { return true })
}

// Open is how many streams are open.
func (l *Live) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.sockets)
}

// Listens reports whether somebody has a stream open.
func (l *Live) Listens(account domain.ID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.accounts[account] > 0
}

// hear takes note of a reference.
func (l *Live) hear(ref domain.Ref, missed bool) {
	l.mu.Lock()
	if len(l.sockets) == 0 {
		l.mu.Unlock()
		return
	}
	if missed || len(l.queue) >= maxRefs {
		l.queue = nil
		l.mu.Unlock()
		// A stream has no memory: whoever comes back reads what is missing.
		l.drop(func(*socket) bool { return true })
		return
	}
	defer l.mu.Unlock()
	l.queue = append(l.queue, ref)
	if !l.working {
		l.working = true
		go l.work()
	}
}

// Settle waits until what was heard so far is on its way to the listeners.
func (l *Live) Settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.working {
		l.rested.Wait()
	}
}

// revoked ends the streams of those whose access changed (behaviours 14.8),
// which may be everybody's.
func (l *Live) revoked(what store.Revoked, missed bool) {
	l.drop(func(s *socket) bool {
		return missed || what == (store.Revoked{}) || s.viewer.Account == what.Account && (what.Token == 0 || s.viewer.Token == what.Token)
	})
}

func (l *Live) drop(which func(*socket) bool) {
	l.mu.Lock()
	var gone []*socket
	for s := range l.sockets {
		if which(s) {
			gone = append(gone, s)
		}
	}
	l.mu.Unlock()
	for _, s := range gone {
		s.close()
	}
}

// enter registers a socket; an account may have only so many.
func (l *Live) enter(s *socket) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return domain.Errorf(domain.Unavailable, "The server is restarting")
	case l.accounts[s.viewer.Account] >= maxSockets:
		return domain.Errorf(domain.RateLimited, "Too many streams are open")
	}
	l.sockets[s] = struct{}{}
	l.accounts[s.viewer.Account]++
	return nil
}

func (l *Live) leave(s *socket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, there := l.sockets[s]; !there {
		return
	}
	delete(l.sockets, s)
	if l.accounts[s.viewer.Account]--; l.accounts[s.viewer.Account] == 0 {
		delete(l.accounts, s.viewer.Account)
	}
	for _, ch := range s.channels {
		l.forget(s, ch)
	}
}

// forget takes the socket off a channel; the lock is held.
func (l *Live) forget(s *socket, ch channel) {
	delete(l.channels[ch], s)
	if len(l.channels[ch]) == 0 {
		delete(l.channels, ch)
	}
}

// subscribe puts the socket on a channel, which its client calls arg: a
// hashtag as typed, or a list.
func (l *Live) subscribe(s *socket, ch channel, arg string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, open := l.sockets[s]; !open {
		return
	}
	if l.channels[ch] == nil {
		l.channels[ch] = map[*socket]string{}
	}
	if _, there := l.channels[ch][s]; !there {
		s.channels = append(s.channels, ch)
	}
	l.channels[ch][s] = arg
}

func (l *Live) unsubscribe(s *socket, ch channel) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, c := range s.channels {
		if c == ch {
			s.channels = append(s.channels[:i], s.channels[i+1:]...)
			l.forget(s, ch)
			return
		}
	}
}

// work works off what was heard.
func (l *Live) work() {
	for {
		l.mu.Lock()
		if len(l.queue) == 0 {
			l.queue, l.working = nil, false
			l.rested.Broadcast()
			l.mu.Unlock()
			return
		}
		ref := l.queue[0]
		l.queue = l.queue[1:]
		l.mu.Unlock()
		if err := l.tell(context.Background(), ref); err != nil {
			l.Log.Error("streams were not told", "event", ref.Event, "error", err)
		}
	}
}

// tell sends what follows from a reference to those whom it concerns.
func (l *Live) tell(ctx context.Context, ref domain.Ref) error {
	switch ref.Event {
	case domain.EventStatusCreated:
		return l.status(ctx, ref, eventUpdate)
	case domain.EventStatusEdited:
		return l.status(ctx, ref, eventStatusUpdate)
	case domain.EventStatusDeleted:
		return l.status(ctx, ref, eventDelete)
	case domain.EventNotified:
		return l.notified(ctx, ref)
	case domain.EventConversed:
		return l.conversed(ctx, ref)
	case domain.EventNotificationsMerged:
		l.personal(ref.Account, frame{event: eventMerged, payload: "1"}, channel{kind: streamUser}, channel{kind: streamUserNotification})
	case domain.EventAnnounced, domain.EventAnnouncementReacted, domain.EventAnnouncementGone:
		return l.announced(ctx, ref)
	case domain.EventFiltersChanged:
		l.personal(ref.Account, frame{event: eventFilters, bare: true}, channel{kind: streamUser})
	}
	return nil
}

// target is a socket on a channel that gets an event.
type target struct {
	socket *socket
	stream []string
}

// personal sends a frame to the sockets of an account on its own channels.
func (l *Live) personal(account domain.ID, f frame, on ...channel) {
	for _, t := range l.of(account, on...) {
		f.stream = t.stream
		t.socket.push(f)
	}
}

// of are the sockets of an account on some channels.
func (l *Live) of(account domain.ID, on ...channel) []target {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.accounts[account] == 0 {
		return nil
	}
	var out []target
	for _, ch := range on {
		for s, arg := range l.channels[ch] {
			if s.viewer.Account == account {
				out = append(out, target{s, ch.stream(arg)})
			}
		}
	}
	return out
}

func (l *Live) notified(ctx context.Context, ref domain.Ref) error {
	var to []target
	for _, t := range l.of(ref.Account, channel{kind: streamUser}, channel{kind: streamUserNotification}) {
		if t.socket.viewer.Scopes.Allows(readNotifications) {
			to = append(to, t)
		}
	}
	if len(to) == 0 {
		return nil
	}
	n, err := l.Store.Notification(ctx, ref.Account, ref.Object)
	if err != nil {
		return unlessGone(err)
	}
	list, err := l.Render.Notifications(ctx, ref.Account, []domain.Notification{n})
	return sendFirst(to, eventNotification, list, err)
}

func (l *Live) conversed(ctx context.Context, ref domain.Ref) error {
	to := l.of(ref.Account, channel{kind: streamDirect})
	if len(to) == 0 {
		return nil
	}
	c, err := l.Store.Conversation(ctx, ref.Account, ref.Object)
	if err != nil {
		return unlessGone(err)
	}
	list, err := l.Render.Conversations(ctx, ref.Account, c)
	return sendFirst(to, eventConversation, list, err)
}

// sendFirst sends the one entity there is, if it is still there.
func sendFirst(to []target, event string, list []json.RawMessage, err error) error {
	if err != nil || len(list) == 0 {
		return unlessGone(err)
	}
	for _, t := range to {
		t.socket.push(frame{stream: t.stream, event: event, payload: string(list[0])})
	}
	return nil
}

// unlessGone is err, or nil where it says that there is nothing to tell of.
func unlessGone(err error) error {
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	return err
}

// status tells of a status that was made, edited or deleted.
func (l *Live) status(ctx context.Context, ref domain.Ref, event string) error {
	crowd := l.gather(ref)
	if crowd.empty() {
		return nil
	}
	reach, err := l.Timeline.Reach(ctx, ref, crowd.listeners())
	if err != nil {
		return err
	}
	set, err := l.Settings(ctx)
	if err != nil {
		return err
	}
	to := crowd.pick(ref, reach, &set)
	if event == eventDelete {
		for _, t := range to {
			t.socket.push(frame{stream: t.stream, event: event, payload: ref.Status.String()})
		}
		return nil
	}
	texts, err := l.texts(ctx, ref.Status, to)
	if err != nil {
		return err
	}
	for _, t := range to {
		if text := texts[t.socket.viewer.Account]; text != "" {
			t.socket.push(frame{stream: t.stream, event: event, payload: text})
		}
	}
	return nil
}

// texts are the status as each viewer sees it; who may not see it has none.
func (l *Live) texts(ctx context.Context, status domain.ID, to []target) (map[domain.ID]string, error) {
	seen := make(map[domain.ID]bool, len(to))
	viewers := make([]domain.ID, 0, len(to))
	for _, t := range to {
		if id := t.socket.viewer.Account; !seen[id] {
			seen[id] = true
			viewers = append(viewers, id)
		}
	}
	return l.Render.StatusForEach(ctx, viewers, status)
}
