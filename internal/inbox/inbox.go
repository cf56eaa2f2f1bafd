// Package inbox is the switchboard in: one table, from the type of an activity
// that another server sent to the verb of a service. It runs as a job, one for
// each letter, so whatever it does may happen again and at the same time as
// the work on another letter about the same thing. Level 6: only instance
// imports it. A Service is safe for concurrent use.
//
// What may fail: a post is stored in the transaction that ends its letter, so
// it happens once, and not at all where another worker has the job by now.
// Other verbs end the letter after their effect: a crash between the two has
// the letter read again, and each verb finds that its work is done.
package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/moderation"
	"coterie/internal/post"
	"coterie/internal/relation"
	"coterie/internal/remote"
	"coterie/internal/store"
)

// Config is what a Service needs.
type Config struct {
	Store      *store.Store
	Remote     *remote.Service
	Posts      *post.Service
	Relation   *relation.Service
	Moderation *moderation.Service
	URLs       domain.URLs
	// Refused reports whether nothing comes from a host.
	Refused func(host string) bool
	Log     *slog.Logger
}

// Service works off letters.
type Service struct {
	Config
	stats Stats
}

// New makes the service.
func New(c Config) *Service { return &Service{Config: c} }

// Stats are the outcomes so far.
func (s *Service) Stats() *Stats { return &s.stats }

// Attempts is how often the work on a letter is tried, over about two hours,
// while what it needs of other servers cannot be had.
const Attempts = 10

// Timeout is for one attempt, in which several servers may hang.
const Timeout = 3 * time.Minute

// lookups is how many things of strangers one letter may make us ask for.
const lookups = 60

// Handle is the job of kind domain.JobInbox: it works off one letter. What can
// never work is dropped with a line in the log; what others keep from working
// is tried again; what is our own fault is tried again and then kept.
func (s *Service) Handle(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	l, err := s.Store.Reader().Letter(ctx, id)
	if domain.Is(err, domain.NotFound) {
		return nil // done before a crash
	}
	if err != nil {
		return fmt.Errorf("read letter %s: %w", id, err)
	}
	forward, err := s.read(remote.WithBudget(ctx, lookups), j, &l)
	o := outcomeOf(err)
	last := j.Attempts >= Attempts
	if o == Deferred && last {
		o = GivenUp
	}
	s.note(ctx, &l, o, err)
	switch {
	case j.Finished():
		return nil // with its effect, in one transaction
	case o == Deferred || o == Failed:
		return fmt.Errorf("letter %s from %s: %w", id, l.Host, err)
	case err != nil:
		forward = nil
	}
	return j.Write(ctx, func(tx *store.Tx) error { return end(tx, id, forward) })
}

// end has no more work done on a letter, but that it may be passed on.
func end(tx *store.Tx, letter domain.ID, forward *domain.Event) error {
	if forward != nil {
		return tx.Emit(*forward) // fan-out deletes it
	}
	return tx.DeleteLetter(letter)
}

// note counts what became of a letter and says so in the log.
func (s *Service) note(ctx context.Context, l *store.Letter, o Outcome, err error) {
	s.stats.count(o)
	level := slog.LevelDebug
	switch o {
	case Refused, GivenUp:
		level = slog.LevelInfo
	case Failed:
		level = slog.LevelError
	}
	if !s.Log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("outcome", o.String()), slog.String("letter", l.ID.String()), slog.String("host", l.Host),
		slog.String("activity", l.Activity),
	}
	if err != nil {
		attrs = append(attrs, slog.Any("why", err))
	}
	s.Log.LogAttrs(ctx, level, "letter read", attrs...)
}

// read does what a letter says. The event, if there is one, has it passed on
// to others.
func (s *Service) read(ctx context.Context, j *job.Job, l *store.Letter) (*domain.Event, error) {
	doc, err := apub.Parse([]byte(l.Body))
	if err != nil {
		return nil, refusef("it cannot be read: %v", err)
	}
	signer, err := s.Store.Reader().Account(ctx, l.Signer)
	if domain.Is(err, domain.NotFound) {
		return nil, refusef("its signer is gone")
	}
	if err != nil {
		return nil, fmt.Errorf("look up the signer: %w", err)
	}
	switch doc.Class {
	case apub.ClassActivity:
		return s.deed(ctx, &act{Activity: doc.Activity, job: j, letter: l, signer: signer})
	case apub.ClassCollection:
		return nil, s.items(ctx, l, signer, doc.Collection)
	}
	return nil, errIgnored
}

// items does what the signer itself says in a collection. It ends with what
// has to be tried again, if there is such a thing: done twice does no harm.
func (s *Service) items(ctx context.Context, l *store.Letter, signer domain.Account, c *apub.Collection) error {
	result := error(errIgnored)
	for _, i := range c.Items {
		if i.Doc == nil || i.Doc.Activity == nil || i.Doc.Activity.Actor != signer.URI {
			continue
		}
		_, err := s.deed(ctx, &act{Activity: i.Doc.Activity, letter: l, signer: signer, bundled: true})
		if o := outcomeOf(err); o == Deferred || o == Failed {
			return err
		}
		if err == nil || result != nil {
			result = err
		}
	}
	return result
}
