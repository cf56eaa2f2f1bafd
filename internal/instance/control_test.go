package instance_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

func shared() instance.Shared {
	return instance.Shared{Now: time.Now, Log: slog.New(slog.DiscardHandler)}
}

// TestCommandsGoThroughTheRunningServer runs in a directory whose path is
// longer than that of a socket may be.
func TestCommandsGoThroughTheRunningServer(t *testing.T) {
	t.Parallel()
	cfg := instance.Config{Domain: "a.example", DataDir: filepath.Join(t.TempDir(), strings.Repeat("deep", 30))}
	ready := make(heard, 1)
	in, err := instance.New(t.Context(), cfg, instance.Shared{Now: time.Now, Log: slog.New(slog.NewTextHandler(ready, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- in.Run(ctx, "127.0.0.1:4711") }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	}

	var lines []string
	raw, err := instance.Do(t.Context(), cfg, shared(), "backup",
		instance.Backup{File: filepath.Join(t.TempDir(), "copy.db")}, func(s string) { lines = append(lines, s) })
	if err != nil {
		t.Fatal(err)
	}
	var done instance.BackupDone
	if err := json.Unmarshal(raw, &done); err != nil || done.Bytes == 0 || done.Media != filepath.Join(cfg.DataDir, "media") {
		t.Errorf("backup: %s, %v", raw, err)
	}
	if len(lines) == 0 {
		t.Error("the backup showed no progress")
	}
	_, err = instance.Do(t.Context(), cfg, shared(), "account token", instance.AccountToken{Name: "nobody", Scopes: "read"}, nil)
	if !domain.Is(err, domain.NotFound) || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("token of nobody: got %v", err)
	}
	_, err = instance.New(t.Context(), cfg, shared())
	if !domain.Is(err, domain.Conflict) || !strings.Contains(err.Error(), "127.0.0.1:4711") {
		t.Errorf("a second process: got %v, want a refusal that names the first", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("run: %v", err)
	}
	if left, err := os.ReadDir(cfg.DataDir); err != nil || slices.ContainsFunc(left, func(e os.DirEntry) bool { return e.Type()&os.ModeSocket != 0 }) {
		t.Errorf("after the end: %v, %v, want no socket", left, err)
	}
}

func TestCommandsWorkWithoutAServer(t *testing.T) {
	t.Parallel()
	cfg := instance.Config{Domain: "a.example", DataDir: t.TempDir()}
	raw, err := instance.Do(t.Context(), cfg, shared(), "account create", instance.AccountCreate{
		Name: "ann", Email: "ann@a.example", Password: testkit.Password, Role: "owner", Confirmed: true, TokenScopes: "read",
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var made instance.AccountMade
	if err := json.Unmarshal(raw, &made); err != nil || made.Token == "" {
		t.Errorf("got %s, %v", raw, err)
	}
}

// TestTheDomainStays lets the domain change as long as nobody has an address.
func TestTheDomainStays(t *testing.T) {
	t.Parallel()
	cfg := instance.Config{Domain: "a.example", DataDir: t.TempDir()}
	open := func(host string) error {
		cfg.Domain = host
		in, err := instance.New(t.Context(), cfg, shared())
		if err != nil {
			return err
		}
		return in.Close()
	}
	for _, host := range []string{"a.example", "b.example"} {
		if err := open(host); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := instance.Do(t.Context(), cfg, shared(), "account create", instance.AccountCreate{Name: "ann", Email: "ann@b.example", Password: testkit.Password}, nil); err != nil {
		t.Fatal(err)
	}
	if err := open("a.example"); !domain.Is(err, domain.Invalid) || !strings.Contains(err.Error(), "COTERIE_DOMAIN=b.example") {
		t.Errorf("another domain: %v", err)
	}
	if err := open("b.example"); err != nil {
		t.Error(err)
	}
}

// TestSEC66DataIsNotReadableByOthers looks at a default installation.
func TestSEC66DataIsNotReadableByOthers(t *testing.T) {
	t.Parallel()
	cfg := instance.Config{Domain: "a.example", DataDir: filepath.Join(t.TempDir(), "data")}
	in, err := instance.New(t.Context(), cfg, shared())
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	fi, err := os.Stat(cfg.DataDir)
	if err != nil || fi.Mode().Perm()&0o077 != 0 {
		t.Errorf("data directory: mode %v, %v", fi.Mode(), err)
	}
	s, err := in.Status(t.Context())
	if err != nil || s.Accounts != 0 {
		t.Errorf("a new community has %d accounts, %v", s.Accounts, err)
	}
}

// heard tells when the log says where the community listens.
type heard chan struct{}

func (h heard) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "127.0.0.1:4711") {
		h <- struct{}{}
	}
	return len(line), nil
}
