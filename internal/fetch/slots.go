package fetch

import (
	"context"
	"fmt"
	"sync"
)

// hostSlots bounds how many requests to one host run at a time. A host is
// known only while requests to it run or wait (SEC-60).
type hostSlots struct {
	limit int
	mu    sync.Mutex
	hosts map[string]*hostSlot
}

type hostSlot struct {
	users int
	taken chan struct{}
}

func newHostSlots(limit int) *hostSlots {
	return &hostSlots{limit: limit, hosts: map[string]*hostSlot{}}
}

// acquire waits for a slot until ctx ends. release must be called once.
func (s *hostSlots) acquire(ctx context.Context, host string) (release func(), err error) {
	slot := s.enter(host)
	select {
	case slot.taken <- struct{}{}:
		return func() {
			<-slot.taken
			s.leave(host, slot)
		}, nil
	case <-ctx.Done():
		s.leave(host, slot)
		return nil, fmt.Errorf("waiting for other requests to %s: %w", host, ctx.Err())
	}
}

func (s *hostSlots) enter(host string) *hostSlot {
	s.mu.Lock()
	defer s.mu.Unlock()
	slot := s.hosts[host]
	if slot == nil {
		slot = &hostSlot{taken: make(chan struct{}, s.limit)}
		s.hosts[host] = slot
	}
	slot.users++
	return slot
}

func (s *hostSlots) leave(host string, slot *hostSlot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slot.users--; slot.users == 0 {
		delete(s.hosts, host)
	}
}

// known is how many hosts are remembered.
func (s *hostSlots) known() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.hosts)
}
