// Package moderation is what the people who run the community decide:
// its settings, its rules and how it stands to other domains. Level 5: surfaces and instance import it. A
// Service is safe for concurrent use; what it remembers is dropped in every
// process when it changes.
package moderation

import (
	"sync"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/store"
)

// Config is what a Service needs beside its store.
type Config struct {
	// Own are the community's domains, about which nothing is decided.
	Own []string
	// Client reads the block lists of others; nil where there are none.
	Client *fetch.Client
	// Languages are those that mails are written in.
	Languages []string
	// Mails says that there is a mail server.
	Mails bool
}

// Service keeps settings and rules.
type Service struct {
	st     *store.Store
	own    []string
	client *fetch.Client
	tags   []string // of languages that mails are written in
	mails  bool

	mu      sync.Mutex
	changes uint64 // how often what is remembered was dropped
	seen    memory
}

// memory is what was read since the last change; a nil field was not.
type memory struct {
	settings *domain.Settings
	rules    *[]domain.Rule
	policies *map[string]domain.DomainPolicy
	relays   *[]domain.Relay
	networks *[]domain.IPBlock
	webhooks *[]domain.Webhook
	counts   *store.Counts
	countsAt time.Time

	activity   *[]domain.Week
	activityAt time.Time
}

// New makes a Service that hears of changes as long as the store is open.
func New(st *store.Store, c Config) *Service {
	s := &Service{st: st, own: c.Own, client: c.Client, tags: c.Languages, mails: c.Mails}
	st.Listen(store.TopicSettings, func(store.Notice) { s.forget() })
	return s
}

func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes++
	s.seen = memory{}
}

// recall returns what get finds in memory, or else reads it. What was read
// before a change is not remembered after it.
func recall[T any](s *Service, get func(*memory) *T, put func(*memory, *T), read func() (T, error)) (T, error) {
	s.mu.Lock()
	known, changes := get(&s.seen), s.changes
	s.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	v, err := read()
	if err != nil {
		return v, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changes == changes {
		put(&s.seen, &v)
	}
	return v, nil
}
