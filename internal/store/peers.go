package store

import (
	"sync"
	"time"
)

// Between processes a notice may get lost: it cannot be sent, or its sender
// dies before. So each process numbers what it sends and gives a sign of life
// now and then, and the others notice a number left out and a silence.
const (
	beatEvery = 10 * time.Second
	// silentBeats is how many signs of life may stay out.
	silentBeats = 3
)

// peers are the other processes as far as this one has heard them.
type peers struct {
	mu    sync.Mutex
	known map[string]*peer
}

type peer struct {
	seq    int64 // of its last envelope
	silent int   // our beats since
}

// hear notes an envelope and reports whether one before it was lost.
func (p *peers) hear(e envelope) (missed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := p.known[e.From]
	if e.Bye {
		delete(p.known, e.From)
	} else {
		p.known[e.From] = &peer{seq: e.Seq}
	}
	if last == nil {
		return e.Seq > 1
	}
	return e.Seq != last.seq+1
}

// beat counts one more of our beats and forgets who has fallen silent; it
// reports whether somebody has.
func (p *peers) beat() (missed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for name, other := range p.known {
		if other.silent++; other.silent > silentBeats {
			delete(p.known, name)
			missed = true
		}
	}
	return missed
}

// beats gives signs of life and listens for those of others.
func (n *notifier) beats() {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-n.ctx.Done():
			return
		case <-tick.C:
			n.beat()
		}
	}
}

func (n *notifier) beat() {
	if n.peers.beat() {
		n.missed()
	}
	n.post([]notice{{}})
}

// missed tells all listeners that something may have been lost.
func (n *notifier) missed() {
	for _, f := range n.listening("") {
		f(Notice{Missed: true})
	}
}
