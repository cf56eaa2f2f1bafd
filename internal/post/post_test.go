package post_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/post"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// world is a store with people, the service, and its jobs run by hand.
type world struct {
	*post.Service
	t      testing.TB
	ctx    context.Context
	st     *store.Store
	r      store.Reader
	clock  *dbtest.Clock
	runner *job.Runner
	ids    map[string]domain.ID
}

// each runs f on both engines.
func each(t *testing.T, f func(w *world)) {
	t.Helper()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) { f(newWorld(t, o)) })
}

func newWorld(t testing.TB, o store.Options) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), clock: dbtest.NewClock(), ids: map[string]domain.ID{}}
	o.Now = w.clock.Now
	w.st = dbtest.Open(t, o)
	w.r = w.st.Reader()
	log := slog.New(slog.DiscardHandler)
	w.Service = post.New(w.st, post.Options{Hosts: []string{"coterie.test", "xn--bcher-kva.test"}, Log: log})
	w.runner = job.NewRunner(w.st, job.Options{Log: log})
	w.runner.Handle(domain.JobPollEnd, w.EndPoll, job.HandlerOptions{})
	w.runner.Handle(domain.JobPublish, w.Publish, job.HandlerOptions{})
	w.runner.Handle(domain.JobRemoveBoosts, w.RemoveBoosts, job.HandlerOptions{})
	for _, name := range []string{"alice", "bob", "carol", "dave"} {
		w.join(name, func(*domain.Account, *domain.User) {})
	}
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) write(fn func(tx *store.Tx) error) {
	w.t.Helper()
	w.must(w.st.Write(w.ctx, fn))
}

func (w *world) join(name string, change func(*domain.Account, *domain.User)) domain.ID {
	w.t.Helper()
	var a domain.Account
	w.write(func(tx *store.Tx) error {
		a = domain.Account{Username: name}
		u := domain.User{Email: name + "@example.org", Role: domain.RoleUser, Approved: true, ConfirmedAt: tx.Now()}
		change(&a, &u)
		if err := tx.InsertAccount(&a); err != nil {
			return err
		}
		u.Account = a.ID
		return tx.InsertUser(&u, u.Email)
	})
	w.ids[name] = a.ID
	return a.ID
}

func (w *world) id(name string) domain.ID {
	w.t.Helper()
	id, ok := w.ids[name]
	if !ok {
		w.t.Fatalf("there is no %s here", name)
	}
	return id
}

// post publishes a text and returns the status.
func (w *world) post(name, text string, change ...func(*domain.Compose)) domain.Status {
	w.t.Helper()
	made, err := w.try(name, text, change...)
	w.must(err)
	return w.status(made.Status)
}

func (w *world) try(name, text string, change ...func(*domain.Compose)) (post.Made, error) {
	w.t.Helper()
	c := domain.Compose{Text: text}
	for _, f := range change {
		f(&c)
	}
	return w.Create(w.ctx, w.id(name), c, time.Time{})
}

func (w *world) status(id domain.ID) domain.Status {
	w.t.Helper()
	s, err := w.r.AnyStatus(w.ctx, id)
	w.must(err)
	return s
}

func (w *world) account(name string) domain.Account {
	w.t.Helper()
	a, err := w.r.Account(w.ctx, w.id(name))
	w.must(err)
	return a
}

// settle runs the jobs that are due, fan-out excepted.
func (w *world) settle() {
	w.t.Helper()
	_, err := w.runner.Step(w.ctx)
	w.must(err)
}

// events takes the events emitted since it was last called out of the store.
func (w *world) events() []domain.EventKind {
	w.t.Helper()
	var kinds []domain.EventKind
	runner := job.NewRunner(w.st, job.Options{})
	runner.Handle(domain.JobFanout, func(_ context.Context, j *job.Job) error {
		var e domain.Event
		if err := j.Decode(&e); err != nil {
			return err
		}
		kinds = append(kinds, e.Kind)
		return nil
	}, job.HandlerOptions{})
	_, err := runner.Step(w.ctx)
	w.must(err)
	return kinds
}

// fails checks an error's kind and a part of its sentence.
func fails(t testing.TB, what string, err error, kind domain.Kind, part string) {
	t.Helper()
	if !domain.Is(err, kind) || !strings.Contains(err.Error(), part) {
		t.Errorf("%s: got error %v, want kind %d with %q", what, err, kind, part)
	}
}

func with(v domain.Visibility) func(*domain.Compose) {
	return func(c *domain.Compose) { c.Visibility = &v }
}

func replyTo(id domain.ID) func(*domain.Compose) {
	return func(c *domain.Compose) { c.InReplyTo = id }
}

func poll(seconds int64, options ...string) func(*domain.Compose) {
	return func(c *domain.Compose) { c.Poll = &domain.ComposePoll{Options: options, ExpiresIn: seconds} }
}

func ptr[T any](v T) *T { return &v }
