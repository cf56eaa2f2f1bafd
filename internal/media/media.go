// Package media is pictures, video and sound: uploads and what becomes of
// them, the files that are served, and copies of what is elsewhere. Level 5:
// surfaces, archive and instance may import it. A Service is safe for
// concurrent use.
//
// A file is announced in the store before it is kept, and stays only once a
// row refers to it, so that a crash leaves neither a file without a row nor a
// row without a file. What strangers made is decoded by a worker: a process of
// its own that can open no file and reach no network, with limits on time and
// memory; a bounded number of them at once.
package media

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/picture"
	"coterie/internal/store"
)

// Config is what a Service is made of.
type Config struct {
	Store *store.Store
	Blobs blob.Store
	// TempDir is for files that are being worked on.
	TempDir string
	// Worker is the command that runs Work in a process of its own. Empty, the
	// work is done in this process: for tests.
	Worker []string
	// Tools are the programs of the system for video and sound.
	Tools Tools
	// Client fetches what is elsewhere; Policy is what was decided about a
	// host; Budget is how many bytes copies may take.
	Client *fetch.Client
	Policy func(host string) domain.DomainPolicy
	Budget func(ctx context.Context) (int64, error)
	Log    *slog.Logger
}

// Service holds the verbs.
type Service struct {
	Config
	slots chan struct{} // one for each worker that runs
	films chan struct{} // one for each video or sound that programs work on
	able  func() abilities
	// fetches are of what is elsewhere, by key; admission is held while copies
	// are weighed against the budget.
	fetches   singleflight.Group
	admission sync.Mutex
}

// New makes the service.
func New(c Config) *Service {
	s := &Service{Config: c, slots: make(chan struct{}, max(1, runtime.NumCPU()/2)), films: make(chan struct{}, max(1, runtime.NumCPU()/4))}
	s.able = sync.OnceValue(s.askTools)
	return s
}

// patience is how long an upload waits for a worker before its answer says
// that it is still being processed.
const patience = 10 * time.Second

// enter waits for a worker's turn, at most so long. ok is false if none came.
func (s *Service) enter(ctx context.Context, wait time.Duration) (leave func(), ok bool) {
	return take(ctx, s.slots, wait)
}

func take(ctx context.Context, slots chan struct{}, wait time.Duration) (leave func(), ok bool) {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case slots <- struct{}{}:
		return func() { <-slots }, true
	case <-t.C:
	case <-ctx.Done():
	}
	return nil, false
}

// scratch is a file without a name, which goes when it is closed.
func (s *Service) scratch() (*os.File, error) {
	f, err := os.CreateTemp(s.TempDir, "media-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	return f, nil
}

// made is a file that is about to be kept.
type made struct {
	name string
	file *os.File
	size int64
}

func (m made) close() error {
	if m.file == nil {
		return nil
	}
	return m.file.Close()
}

// keep announces files and puts them into the store of files. They last once
// the transaction that refers to them calls tx.KeepFiles.
func (s *Service) keep(ctx context.Context, account domain.ID, remote bool, files ...made) error {
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		for _, f := range files {
			if f.name == "" {
				continue
			}
			if err := tx.AddFile(domain.MediaFile{Name: f.name, Size: f.size, Account: account, Remote: remote}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.name == "" {
			continue
		}
		if _, err := f.file.Seek(0, 0); err != nil {
			return fmt.Errorf("read what was made: %w", err)
		}
		if err := s.Blobs.Put(ctx, f.name, f.file, f.size); err != nil {
			return err
		}
	}
	return nil
}

// TypeOf is the media type of a file of ours, "" for what is none.
func TypeOf(name string) string { return string(picture.ByExtension(blob.Extension(name))) }

// File opens a file for whoever knows its name. What belongs to a suspended
// account, or to nothing any more, is domain.ErrNotFound.
func (s *Service) File(ctx context.Context, name string) (blob.File, error) {
	if !blob.ValidName(name) {
		return nil, domain.ErrNotFound
	}
	f, err := s.Store.Reader().MediaFile(ctx, name)
	if err != nil {
		return nil, err
	}
	if f.Suspended || !f.DoomedAt.IsZero() && !f.DoomedAt.After(s.Store.Now()) {
		return nil, domain.ErrNotFound
	}
	return s.Blobs.Open(ctx, name)
}
