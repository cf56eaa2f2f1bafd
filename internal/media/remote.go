package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/picture"
	"coterie/internal/store"
)

// How long one fetch may take with all that belongs to it, how exactly it is
// known when something was last seen, and how long a failure is remembered: it
// doubles each time.
const (
	fetchTime  = 45 * time.Second
	seenWithin = time.Hour
	firstPause = 5 * time.Minute
	maxPause   = 24 * time.Hour
)

// Remote opens a variant of what is elsewhere, which is fetched where no copy
// is kept (behaviours 10.6). The other server sees us, never who looks
// (SEC-27). What cannot be had is domain.ErrNotFound.
func (s *Service) Remote(ctx context.Context, key, variant string) (name string, f blob.File, err error) {
	if !blob.ValidKey(key) {
		return "", nil, domain.ErrNotFound
	}
	for range 2 {
		m, err := s.Store.Reader().RemoteMedia(ctx, key)
		if err != nil {
			return "", nil, err
		}
		if s.unwanted(&m) {
			return "", nil, domain.ErrNotFound
		}
		if name = copyOf(&m, variant); name != "" {
			if f, err = s.Blobs.Open(ctx, name); !domain.Is(err, domain.NotFound) {
				return name, f, errors.Join(err, s.seen(ctx, &m))
			}
		}
		if m.NextTry.After(s.Store.Now()) {
			return "", nil, domain.ErrNotFound
		}
		// All who wait for it share one fetch, which outlives each of them.
		v, err, _ := s.fetches.Do(key, func() (any, error) {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTime)
			defer cancel()
			return s.fetch(ctx, &m)
		})
		if err != nil {
			return "", nil, err
		}
		if p, ok := v.(*passing); ok && p != nil {
			return p.open(variant)
		}
	}
	return "", nil, domain.ErrNotFound
}

// copyOf is the name of the copy for a variant, "" while there is none.
func copyOf(m *domain.RemoteMedia, variant string) string {
	switch variant {
	case domain.VariantOriginal:
		return m.File
	case domain.VariantSmall, domain.VariantStatic:
		if m.Small != "" {
			return m.Small
		}
		if picture.ByExtension(blob.Extension(m.File)).Image() {
			return m.File
		}
	}
	return ""
}

// unwanted reports whether the staff wants no media from there.
func (s *Service) unwanted(m *domain.RemoteMedia) bool {
	u, err := url.Parse(m.URL)
	if err != nil {
		return true
	}
	p := s.Policy(u.Host)
	return p.RejectMedia || p.Severity == domain.SeveritySuspend
}

func (s *Service) seen(ctx context.Context, m *domain.RemoteMedia) error {
	if s.Store.Now().Sub(m.SeenAt) < seenWithin {
		return nil
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error { return tx.SeenRemote(m.Key) })
}

// passing are copies for which the budget has no room: they are shown to those
// who wait for them, and go once nobody reads them.
type passing struct{ out, small made }

func (p *passing) open(variant string) (name string, f blob.File, err error) {
	m := p.small
	if name = copyOf(&domain.RemoteMedia{File: p.out.name, Small: p.small.name}, variant); name == p.out.name {
		m = p.out
	}
	if name == "" {
		return "", nil, domain.ErrNotFound
	}
	return name, passingFile{io.NewSectionReader(m.file, 0, m.size)}, nil
}

// passingFile reads a file without a name by itself; the file is closed when
// nobody has it any more.
type passingFile struct{ *io.SectionReader }

func (passingFile) Close() error { return nil }

// fetch gets something from elsewhere and keeps copies of it, or returns them
// where there is no room. What cannot be had is remembered as such and is
// domain.ErrNotFound.
func (s *Service) fetch(ctx context.Context, m *domain.RemoteMedia) (*passing, error) {
	out, small, err := s.fetchCopies(ctx, m)
	if err == nil {
		if err = s.keepCopies(ctx, m, out, small); errors.Is(err, errFull) {
			return &passing{out, small}, nil
		}
		err = errors.Join(err, out.close(), small.close())
	}
	if err == nil {
		return nil, nil
	}
	s.Log.InfoContext(ctx, "media could not be fetched", "url", m.URL, "err", err)
	m.File, m.Small, m.SeenAt = "", "", s.Store.Now()
	pause := min(firstPause<<min(m.Failures, 10), maxPause)
	m.Failures, m.NextTry = m.Failures+1, s.Store.Now().Add(pause)
	if err := s.Store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return ignoreGone(tx.KeepRemote(m)) }); err != nil {
		return nil, err
	}
	return nil, domain.ErrNotFound
}

// fetchCopies gets something from elsewhere and makes the copies of it, whose
// files the caller closes.
func (s *Service) fetchCopies(ctx context.Context, m *domain.RemoteMedia) (out, small made, err error) {
	in, size, err := s.download(ctx, m.URL, sizeLimit(m.Kind))
	if err != nil {
		return out, small, err
	}
	kind, err := sniff(in)
	if err != nil {
		return out, small, errors.Join(err, in.Close())
	}
	if kind.Still() {
		return s.turn(ctx, purposeOf(m.Kind), in)
	}
	if m.Kind != domain.RemoteAttachment || kind.Extension() == "" || kind.Image() {
		return out, small, errors.Join(errType, in.Close())
	}
	return made{blob.NewName(kind.Extension()), in, size}, s.still(ctx, m), nil
}

// turn waits for a worker and has it make the files of a picture, which the
// caller closes; it closes in.
func (s *Service) turn(ctx context.Context, why purpose, in *os.File) (out, small made, err error) {
	b, err := s.newBench(in)
	if err != nil {
		return out, small, errors.Join(err, in.Close())
	}
	defer b.close()
	leave, ok := s.enter(ctx, workTime)
	if !ok {
		return out, small, errCrowd
	}
	defer leave()
	r, err := s.work(ctx, task{Purpose: why}, b)
	if err != nil {
		return out, small, err
	}
	if out, small, err = b.made(r); err != nil {
		return made{}, made{}, err
	}
	b.leave(out, small)
	return out, small, nil
}

func purposeOf(kind domain.RemoteKind) purpose {
	switch kind {
	case domain.RemoteAvatar:
		return forAvatar
	case domain.RemoteHeader:
		return forHeader
	case domain.RemoteEmoji:
		return forEmoji
	}
	return forAttachment
}

func sizeLimit(kind domain.RemoteKind) int64 {
	if kind == domain.RemoteAttachment {
		return domain.MaxVideoBytes
	}
	return domain.MaxPictureBytes
}

// download fetches an address into a file without a name.
func (s *Service) download(ctx context.Context, address string, most int64) (*os.File, int64, error) {
	stream, err := s.Client.Open(ctx, address, fetch.Options{Accept: "image/*, video/*, audio/*", MaxBytes: most, Timeout: fetchTime})
	if err != nil {
		return nil, 0, err
	}
	f, err := s.scratch()
	if err != nil {
		return nil, 0, errors.Join(err, stream.Close())
	}
	n, err := io.Copy(f, stream)
	if err = errors.Join(err, stream.Close()); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("fetch %s: %w", address, err), f.Close())
	}
	return f, n, nil
}

// still is a picture of sound or video where its server names one that can be
// had; the caller closes its file.
func (s *Service) still(ctx context.Context, m *domain.RemoteMedia) (small made) {
	if m.PosterURL == "" {
		return made{}
	}
	poster, _, err := s.download(ctx, m.PosterURL, domain.MaxPictureBytes)
	if err == nil {
		_, small, err = s.turn(ctx, forThumbnail, poster)
	}
	if err != nil {
		s.Log.InfoContext(ctx, "the still of media could not be fetched", "url", m.PosterURL, "err", err)
	}
	return small
}

// keepCopies keeps copies within the budget.
func (s *Service) keepCopies(ctx context.Context, m *domain.RemoteMedia, out, small made) error {
	s.admission.Lock()
	defer s.admission.Unlock()
	if err := s.makeRoom(ctx, out.size+small.size); err != nil {
		return err
	}
	if err := s.keep(ctx, 0, true, out, small); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		now, err := tx.RemoteMedia(ctx, m.Key)
		if domain.Is(err, domain.NotFound) {
			return tx.DoomFiles(out.name, small.name) // it was deleted meanwhile
		}
		if err != nil {
			return err
		}
		if err := tx.DoomFiles(now.File, now.Small); err != nil {
			return err
		}
		now.File, now.Small, now.SeenAt, now.Failures, now.NextTry = out.name, small.name, tx.Now(), 0, time.Time{}
		if err := tx.KeepRemote(&now); err != nil {
			return err
		}
		return tx.KeepFiles(out.name, small.name)
	})
}

// FetchAhead is the job that fetches the pictures of a post that has arrived, so
// that its readers do not wait. Video and sound are fetched on sight. What fails
// may be asked for again by readers. It may run twice.
func (s *Service) FetchAhead(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	list, err := s.Store.Reader().Attachments(ctx, []domain.ID{id})
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.Kind != domain.AttachmentImage || a.Key == "" {
			continue
		}
		_, f, err := s.Remote(ctx, a.Key, domain.VariantSmall)
		if err == nil {
			err = f.Close()
		}
		if err != nil && !domain.Is(err, domain.NotFound) {
			return err
		}
	}
	return nil
}
