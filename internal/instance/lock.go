package instance

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"coterie/internal/domain"
)

// dirLock is the exclusive right to a data directory. The kernel gives it
// back when the process ends, however it ends.
type dirLock struct{ f *os.File }

// takeLock locks the data directory. If another process has it, the error
// names that process.
func takeLock(path string) (*dirLock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock file: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		who, _ := os.ReadFile(path)
		f.Close()
		return nil, domain.Errorf(domain.Conflict, "The data directory is in use by %s; stop that one first, or set COTERIE_DATA_DIR to another directory.", strings.TrimSpace(string(who)))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	return &dirLock{f}, nil
}

// name writes who holds the lock, for the one that comes second.
func (l *dirLock) name(who string) error {
	if err := l.f.Truncate(0); err != nil {
		return fmt.Errorf("name the holder of the lock: %w", err)
	}
	if _, err := l.f.WriteAt([]byte(who+"\n"), 0); err != nil {
		return fmt.Errorf("name the holder of the lock: %w", err)
	}
	return nil
}

func (l *dirLock) release() error { return l.f.Close() }
