// Package blob keeps named bytes, the files of media, on a disk or in a store
// that speaks S3. Level 1: media, archive and instance may import it.
//
// Names are made here, of 130 random bits, and nothing else is ever accepted
// as one: they can be neither guessed nor lead out of the directory (SEC-30,
// SEC-58). Files never change under their name. A Store is safe for concurrent
// use.
package blob

import (
	"context"
	"crypto/rand"
	"io"
	"regexp"
	"strings"
	"time"
)

// Store keeps files.
type Store interface {
	// Put keeps size bytes of r under the name, durably when it returns. What
	// is cut short is an error, and nothing is kept then.
	Put(ctx context.Context, name string, r io.Reader, size int64) error
	// Open opens a file for reading; one that is not there is ErrNotFound.
	// Nothing is read ahead of its reader but a bounded part.
	Open(ctx context.Context, name string) (File, error)
	// Size looks a file up; one that is not there is ErrNotFound.
	Size(ctx context.Context, name string) (int64, error)
	// Delete removes a file; one that is not there is no error.
	Delete(ctx context.Context, name string) error
	// Sweep removes what a crash before the time left half written.
	Sweep(ctx context.Context, before time.Time) error
	Close() error
}

// File is an open file, for one goroutine.
type File interface {
	io.ReadSeekCloser
	// Size in bytes.
	Size() int64
}

var (
	keyForm  = regexp.MustCompile(`^[a-z2-7]{26}$`)
	nameForm = regexp.MustCompile(`^[a-z2-7]{26}\.[a-z0-9]{2,4}$`)
)

// NewKey is 26 letters and digits that nobody can guess.
func NewKey() string { return strings.ToLower(rand.Text()) }

// NewName is a fresh name with a file extension such as "jpg".
func NewName(extension string) string { return NewKey() + "." + extension }

// ValidKey reports whether NewKey could have made it.
func ValidKey(key string) bool { return keyForm.MatchString(key) }

// ValidName reports whether NewName could have made it.
func ValidName(name string) bool { return nameForm.MatchString(name) }

// Extension is the part of a name after its dot.
func Extension(name string) string {
	_, ext, _ := strings.Cut(name, ".")
	return ext
}
