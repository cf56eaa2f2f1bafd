package archive

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// Make is the job that makes an archive. It is written to a file without a
// name as it is made, so that memory stays flat; a run that was cut short
// leaves nothing and begins anew.
func (s *Service) Make(ctx context.Context, j *job.Job) error {
	var owner domain.ID
	if err := j.Decode(&owner); err != nil {
		return err
	}
	a, err := s.Store.Reader().Account(ctx, owner)
	if domain.Is(err, domain.NotFound) || err == nil && a.Suspended() {
		return nil
	}
	if err != nil {
		return err
	}
	f, err := s.scratch()
	if err != nil {
		return err
	}
	defer f.Close()
	p := &pack{Service: s, owner: &a, zip: zip.NewWriter(f), progress: func(done int64) error {
		return j.Part(ctx, func(tx *store.Tx) error { return tx.ArchiveGrew(owner, done) })
	}}
	if err := p.fill(ctx); err != nil {
		return fmt.Errorf("make the archive: %w", err)
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("read what was made: %w", err)
	}
	name := blob.NewName("zip")
	if err := j.Part(ctx, func(tx *store.Tx) error {
		return tx.AddFile(domain.MediaFile{Name: name, Size: size, Account: owner})
	}); err != nil {
		return err
	}
	if err := s.Blobs.Put(ctx, name, f, size); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		set, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		if err := tx.FinishArchive(owner, name, size, p.done, domain.Days(set.KeepsArchives())); err != nil {
			return err
		}
		return tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailArchive, Account: owner}))
	})
}

// WriteTo writes the archive of a local account for somebody who runs the
// community. progress hears how many posts and files are in it.
func (s *Service) WriteTo(ctx context.Context, owner *domain.Account, w io.Writer, progress func(done int64) error) error {
	p := &pack{Service: s, owner: owner, zip: zip.NewWriter(w), progress: progress}
	return p.fill(ctx)
}

// scratch is a file without a name, which goes when it is closed.
func (s *Service) scratch() (*os.File, error) {
	f, err := os.CreateTemp(s.TempDir, "archive-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("make a temporary file: %w", err), f.Close())
	}
	return f, nil
}

// pack is an archive that is being made.
type pack struct {
	*Service
	owner    *domain.Account
	zip      *zip.Writer
	progress func(done int64) error
	done     int64
	media    []string // files of the posts written so far, not yet in
}

func (p *pack) fill(ctx context.Context) error {
	for _, step := range []func(context.Context) error{p.actor, p.outbox, p.marks, p.lists} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return p.zip.Close()
}

// file begins a file of the archive. Text is packed, media are packed already.
func (p *pack) file(name string, method uint16) (io.Writer, error) {
	return p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: p.Store.Now()})
}

// copy puts a file of media in. One that is not there any more is left out.
func (p *pack) copy(ctx context.Context, name, as string) error {
	f, err := p.Blobs.Open(ctx, name)
	if domain.Is(err, domain.NotFound) {
		p.Log.WarnContext(ctx, "a file is missing from an archive", "file", name)
		return nil
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer f.Close()
	w, err := p.file(as, zip.Store)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, f); err != nil {
		return fmt.Errorf("copy %s: %w", name, err)
	}
	return ctx.Err()
}

// grew tells how far the archive is.
func (p *pack) grew(n int) error {
	p.done += int64(n)
	return p.progress(p.done)
}

// lists puts the files in that can be brought to another server.
func (p *pack) lists(ctx context.Context) error {
	for _, kind := range Kinds() {
		file, err := p.Export(ctx, p.owner.ID, kind)
		if err != nil {
			return err
		}
		w, err := p.file(FileName(kind), zip.Deflate)
		if err != nil {
			return err
		}
		if _, err := w.Write(file); err != nil {
			return err
		}
	}
	return nil
}
