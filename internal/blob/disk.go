package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"coterie/internal/domain"
)

// Disk keeps files in a directory of its own.
type Disk struct{ root *os.Root }

// unfinished is the directory of files that are still being written.
const unfinished = "unfinished"

// OpenDisk opens the directory, which is made if it is not there, readable by
// its owner only. Close gives it back.
func OpenDisk(dir string) (*Disk, error) {
	if err := os.MkdirAll(filepath.Join(dir, unfinished), 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of media: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the directory of media: %w", err)
	}
	return &Disk{root}, nil
}

// Close gives the directory back.
func (d *Disk) Close() error { return d.root.Close() }

// place spreads the files over directories by the start of their names.
func place(name string) (dir, path string) {
	dir = name[:2]
	return dir, dir + "/" + name
}

// Put writes beside, syncs, and then renames.
func (d *Disk) Put(_ context.Context, name string, r io.Reader, size int64) error {
	if !ValidName(name) {
		return fmt.Errorf("keep a file: %q is no name", name)
	}
	temporary := unfinished + "/" + name
	if err := d.write(temporary, r, size); err != nil {
		_ = d.root.Remove(temporary) // Sweep finds what is left
		return fmt.Errorf("keep the file %s: %w", name, err)
	}
	dir, path := place(name)
	if err := d.root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keep the file %s: %w", name, err)
	}
	if err := d.root.Rename(temporary, path); err != nil {
		return fmt.Errorf("keep the file %s: %w", name, err)
	}
	return d.sync(dir)
}

func (d *Disk) write(path string, r io.Reader, size int64) error {
	f, err := d.root.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, io.LimitReader(r, size+1))
	if err == nil && n != size {
		err = fmt.Errorf("%d bytes came, not %d", n, size)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// sync makes a rename last.
func (d *Disk) sync(dir string) error {
	f, err := d.root.Open(dir)
	if err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return errors.Join(f.Sync(), f.Close())
}

type diskFile struct {
	*os.File
	size int64
}

func (f *diskFile) Size() int64 { return f.size }

// Open opens a file.
func (d *Disk) Open(_ context.Context, name string) (File, error) {
	if !ValidName(name) {
		return nil, domain.ErrNotFound
	}
	_, path := place(name)
	f, err := d.root.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, domain.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open the file %s: %w", name, err)
	}
	fi, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the file %s: %w", name, err), f.Close())
	}
	return &diskFile{f, fi.Size()}, nil
}

// Size looks a file up.
func (d *Disk) Size(_ context.Context, name string) (int64, error) {
	if !ValidName(name) {
		return 0, domain.ErrNotFound
	}
	_, path := place(name)
	fi, err := d.root.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, domain.ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("look at the file %s: %w", name, err)
	}
	return fi.Size(), nil
}

// Delete removes a file.
func (d *Disk) Delete(_ context.Context, name string) error {
	if !ValidName(name) {
		return fmt.Errorf("delete a file: %q is no name", name)
	}
	_, path := place(name)
	if err := d.root.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete the file %s: %w", name, err)
	}
	return nil
}

// Sweep removes what a crash left half written.
func (d *Disk) Sweep(_ context.Context, before time.Time) error {
	entries, err := fs.ReadDir(d.root.FS(), unfinished)
	if err != nil {
		return fmt.Errorf("sweep the unfinished files: %w", err)
	}
	for _, e := range entries {
		fi, err := e.Info()
		if err != nil || !fi.ModTime().Before(before) {
			continue
		}
		if err := d.root.Remove(unfinished + "/" + e.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sweep the unfinished files: %w", err)
		}
	}
	return nil
}
