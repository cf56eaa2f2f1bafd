package blob_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coterie/internal/blob"
	"coterie/internal/domain"
)

func disk(t *testing.T) (*blob.Disk, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "media")
	d, err := blob.OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, dir
}

// holds is what a Store keeps to.
func holds(t *testing.T, s blob.Store) {
	t.Helper()
	ctx := t.Context()
	name := blob.NewName("png")
	if err := s.Put(ctx, name, strings.NewReader("hello world"), 11); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Size(ctx, name); err != nil || n != 11 {
		t.Errorf("the size is %d, %v", n, err)
	}
	f, err := s.Open(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(6, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(f); err != nil || string(b) != "world" || f.Size() != 11 {
		t.Errorf("read %q, %v", b, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := s.Delete(ctx, name); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Open(ctx, name); !domain.Is(err, domain.NotFound) {
		t.Errorf("a deleted file: %v", err)
	}
	if _, err := s.Size(ctx, name); !domain.Is(err, domain.NotFound) {
		t.Errorf("a deleted file: %v", err)
	}
	short := blob.NewName("png")
	if err := s.Put(ctx, short, strings.NewReader("hell"), 11); err == nil {
		t.Error("what was cut short is kept")
	}
	if _, err := s.Open(ctx, short); !domain.Is(err, domain.NotFound) {
		t.Errorf("what was cut short: %v", err)
	}
	if err := s.Sweep(ctx, time.Now().Add(time.Hour)); err != nil {
		t.Error(err)
	}
}

func TestDisk(t *testing.T) {
	t.Parallel()
	d, _ := disk(t)
	holds(t, d)
}

func TestNames_SEC58(t *testing.T) {
	t.Parallel()
	d, dir := disk(t)
	outside := filepath.Join(filepath.Dir(dir), "outside.png")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "../outside.png", "/etc/passwd", "a/b.png", "unfinished/x.png", "..", strings.Repeat("a", 26) + "/x", strings.Repeat("A", 26) + ".png", strings.Repeat("a", 26) + ".\x00"} {
		if _, err := d.Open(t.Context(), name); !domain.Is(err, domain.NotFound) {
			t.Errorf("%q opens: %v", name, err)
		}
		if err := d.Put(t.Context(), name, strings.NewReader("x"), 1); err == nil {
			t.Errorf("%q is kept", name)
		}
		if err := d.Delete(t.Context(), name); err == nil {
			t.Errorf("%q is deleted", name)
		}
	}
	// A link in the directory leads nowhere either.
	name := blob.NewName("png")
	if err := errors.Join(os.Mkdir(filepath.Join(dir, name[:2]), 0o700), os.Symlink(outside, filepath.Join(dir, name[:2], name))); err != nil {
		t.Fatal(err)
	}
	if f, err := d.Open(context.Background(), name); err == nil {
		f.Close()
		t.Error("a link out of the directory is followed")
	}
}

func TestHalfWrittenFilesAreSwept(t *testing.T) {
	t.Parallel()
	d, dir := disk(t)
	left := filepath.Join(dir, "unfinished", blob.NewName("jpg"))
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Sweep(t.Context(), time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); err != nil {
		t.Errorf("what is being written is swept: %v", err)
	}
	if err := d.Sweep(t.Context(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
}
