package mastoapi

import (
	"sync"

	"coterie/internal/httpkit"
)

// frame is one event on its way to a client, or a sign of life.
type frame struct {
	stream  []string
	event   string // "": a sign of life
	payload string
	bare    bool   // has no payload
	failed  string // an error that a client hears instead of an event
}

// outlet writes frames to a client: a WebSocket or server-sent events.
type outlet interface {
	// write is called by one goroutine at a time; after an error no more.
	write(frames []frame) error
	// end closes the connection; it may be called during write.
	end()
}

// maxFrames is how many frames may wait for a slow client, which is then cut
// off: it comes back and reads what it missed.
const maxFrames = 256

// socket is one open stream of a viewer.
type socket struct {
	live      *Live
	viewer    httpkit.Viewer
	languages []string // wanted on public timelines, none for all
	outlet    outlet
	channels  []channel // guarded by live.mu

	mu      sync.Mutex
	waiting []frame
	writing bool
	closed  bool
	idle    sync.WaitGroup // the goroutine that writes
}

// push sends a frame, soon. It never waits.
func (s *socket) push(f frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return
	case len(s.waiting) >= maxFrames:
		s.closed = true
		go s.shut()
		return
	}
	s.waiting = append(s.waiting, f)
	if !s.writing {
		s.writing = true
		s.idle.Go(s.drain)
	}
}

// drain writes what waits, then ends: an idle client costs no goroutine for it.
func (s *socket) drain() {
	for {
		s.mu.Lock()
		frames := s.waiting
		s.waiting = nil
		if len(frames) == 0 || s.closed {
			s.writing = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		if err := s.outlet.write(frames); err != nil {
			s.mu.Lock()
			s.writing = false
			s.mu.Unlock()
			s.close()
			return
		}
	}
}

// close ends the stream, once.
func (s *socket) close() {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	s.mu.Unlock()
	if !again {
		s.shut()
	}
}

func (s *socket) shut() {
	s.live.leave(s)
	s.outlet.end()
}
