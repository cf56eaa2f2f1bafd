// Package instance is the composition root of one community: it constructs
// everything else, runs it, and has a method for each command. Level 8: only
// cmd/coterie and testkit import it. An Instance is a value; several live in
// one process without seeing each other. All methods are safe for concurrent
// use.
package instance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/media"
	"coterie/internal/store"
)

// Instance is one community.
type Instance struct {
	cfg   Config
	log   *slog.Logger
	lock  *dirLock
	st    *store.Store
	blobs blob.Store
	ready atomic.Bool

	mailName string // the mail server, "" for none

	services
	handler  http.Handler
	metrics  http.Handler
	observed *observations
}

// New opens the community's data and builds everything, without listening or
// working yet. It takes the data directory for itself.
func New(ctx context.Context, cfg Config, sh Shared) (*Instance, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	if err := cfg.makeDataDir(); err != nil {
		return nil, err
	}
	in := &Instance{cfg: cfg, log: sh.Log, observed: newObservations()}
	if err := in.open(ctx, sh); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

func (in *Instance) open(ctx context.Context, sh Shared) error {
	var err error
	if in.lock, err = takeLock(in.cfg.path(lockFile)); err != nil {
		return err
	}
	if err := media.CleanUp(in.cfg.path(tempDir)); err != nil {
		return fmt.Errorf("clear the directory of temporary files: %w", err)
	}
	if err := in.lock.name(fmt.Sprintf("process %d", os.Getpid())); err != nil {
		return err
	}
	if err := in.cfg.makeDatabaseFile(); err != nil {
		return err
	}
	in.st, err = store.Open(ctx, store.Options{
		Path: in.cfg.path(sqliteFile), PostgresURL: in.cfg.DatabaseURL, Now: sh.Now, Log: in.log,
		MaxConns: in.cfg.DatabaseConns,
	})
	if err != nil {
		return in.cannotOpen(err)
	}
	if err := in.keepDomain(ctx); err != nil {
		return err
	}
	if err := in.firstSettings(ctx); err != nil {
		return err
	}
	if in.blobs, err = in.cfg.openMedia(ctx); err != nil {
		return err
	}
	if err := in.wire(ctx, sh); err != nil {
		return err
	}
	return in.index.Begin(ctx, false)
}

// cannotOpen says what to set when a database server does not answer.
func (in *Instance) cannotOpen(err error) error {
	if in.cfg.DatabaseURL == "" || domain.KindOf(err) != domain.Internal {
		return err
	}
	return domain.Errorf(domain.Unavailable, "PostgreSQL cannot be used (%s); check that it runs, and set COTERIE_DATABASE_URL to an address that opens the database.",
		strings.Join(strings.Fields(err.Error()), " "))
}

// keepDomain refuses data whose addresses bear another domain.
func (in *Instance) keepDomain(ctx context.Context) error {
	var kept string
	err := in.st.Write(ctx, func(tx *store.Tx) (err error) {
		kept, err = tx.KeepDomain(in.cfg.Domain)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the domain: %w", err)
	}
	if kept != in.cfg.Domain {
		return domain.Errorf(domain.Invalid, "The community in this database is %s, which every address in it bears: set COTERIE_DOMAIN=%s, or use other data.", kept, kept)
	}
	return nil
}

// firstSettings writes the settings that a new community begins with.
func (in *Instance) firstSettings(ctx context.Context) error {
	s, err := in.st.Reader().Settings(ctx)
	if err != nil {
		return fmt.Errorf("read the settings: %w", err)
	}
	if s.Registrations != "" {
		return nil
	}
	s.Title, s.Registrations = in.cfg.Handles(), domain.RegistrationsClosed
	if in.cfg.Registrations != "" {
		s.Registrations = in.cfg.Registrations
	}
	err = in.st.Write(ctx, func(tx *store.Tx) error { return tx.SaveSettings(s) })
	if err != nil {
		return fmt.Errorf("write the first settings: %w", err)
	}
	return nil
}

// Handler serves the community to the world.
func (in *Instance) Handler() http.Handler { return in.handler }

// Metrics serves Prometheus, for a listener of its own.
func (in *Instance) Metrics() http.Handler { return in.metrics }

// sayReady says in the log that the community is reachable and how.
func (in *Instance) sayReady(listening string) {
	if in.cfg.Dev {
		in.log.Warn("COTERIE_DEV is on: plain http and relaxed checks; never use this in public")
	}
	if err := in.lock.name(fmt.Sprintf("process %d, which listens on %s", os.Getpid(), listening)); err != nil {
		in.log.Warn("the lock file could not be written", "err", err)
	}
	in.log.Info("ready", "address", in.cfg.BaseURL(), "listening", listening, "database", in.cfg.databaseName(),
		"version", in.cfg.Version, "go", runtime.Version())
	in.announceSetUp(context.Background())
}

// announceMedia says how well this system confines what looks at files of
// strangers.
func (in *Instance) announceMedia(ctx context.Context) {
	// First, since whoever asks what kinds of files are taken waits for it.
	if !in.media.Converts() {
		in.log.Info("there is no suitable ffmpeg: video and sound are taken only where they play everywhere as they are, and neither AVIF nor HEIC")
	}
	missing, err := in.media.Confined(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		in.log.Error("files cannot be processed; uploads will fail", "err", err)
	case len(missing) > 0:
		in.log.Warn("this system cannot fully confine what looks at uploaded files", "missing", strings.Join(missing, ", "))
	}
}

// FindMediaTools looks for the programs of the system for video and sound.
func FindMediaTools() (t media.Tools) {
	if path, err := exec.LookPath("ffmpeg"); err == nil {
		t.FFmpeg = path
	}
	if path, err := exec.LookPath("ffprobe"); err == nil {
		t.FFprobe = path
	}
	return t
}

// MediaWork is what the command of Config.MediaWorker does with its last
// argument.
func MediaWork(told string, w io.Writer) error { return media.Work(told, w) }

// announceSetUp gives whoever reads the log the one-time link of the first run.
func (in *Instance) announceSetUp(ctx context.Context) {
	key, err := in.SetUpKey(ctx)
	switch {
	case err != nil:
		in.log.Error("the set-up link could not be made", "err", err)
	case key != "":
		in.log.Info("this community has no owner yet: open the set-up link in a browser", "link", in.cfg.BaseURL()+"/?key="+key)
	}
}

// SetUpKey is the key of the one-time link of the first run, "" when it is over.
func (in *Instance) SetUpKey(ctx context.Context) (string, error) { return in.accounts.SetUpKey(ctx) }

// Run works until ctx ends: jobs, control socket, housekeeping. Once commands
// reach it, it says in the log that the community listens there.
func (in *Instance) Run(ctx context.Context, listening string) error {
	control, err := in.listenControl()
	if err != nil {
		return err
	}
	in.sayReady(listening)
	in.ready.Store(true)
	defer in.ready.Store(false)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return in.runner.Run(ctx) })
	g.Go(func() error { return in.serveControl(ctx, control) })
	g.Go(func() error {
		in.announceMedia(ctx)
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		in.live.Close() // or the listener would wait for streams to end
		return nil
	})
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Settle works off every job that is due, for commands without a server and
// for tests.
func (in *Instance) Settle(ctx context.Context) error {
	for {
		n, err := in.Step(ctx)
		if err != nil {
			return fmt.Errorf("work off the jobs: %w", err)
		}
		if n == 0 {
			return nil
		}
	}
}

// Step works off the jobs that are due now, once, and returns how many.
func (in *Instance) Step(ctx context.Context) (int, error) {
	n, err := in.runner.Step(ctx)
	in.live.Settle()
	return n, err
}

// Close gives back the data directory. The caller has ended Run.
func (in *Instance) Close() error {
	var errs []error
	if in.live != nil {
		in.live.Close()
	}
	if in.client != nil {
		in.client.Close()
	}
	if in.pusher != nil {
		in.pusher.Close()
	}
	if in.st != nil {
		errs = append(errs, in.st.Close())
	}
	if in.blobs != nil {
		errs = append(errs, in.blobs.Close())
	}
	if in.lock != nil {
		errs = append(errs, in.lock.release())
	}
	return errors.Join(errs...)
}
