package httpkit

import "sync/atomic"

// Load is how important a route is when work piles up (design section 5):
// each class has its own gate, so the least important is shed first.
type Load uint8

const (
	LoadOrdinary   Load = iota // most routes
	LoadCore                   // posting and reading timelines
	LoadBackground             // what can wait: previews, imports, remote media
	LoadFree                   // long-lived answers such as streams: never counted
)

// gate admits at most max requests at once; max 0 admits all.
type gate struct {
	max  int64
	busy atomic.Int64
}

func (g *gate) enter() bool {
	if g.max <= 0 {
		return true
	}
	if g.busy.Add(1) > g.max {
		g.busy.Add(-1)
		return false
	}
	return true
}

func (g *gate) leave() {
	if g.max > 0 {
		g.busy.Add(-1)
	}
}
