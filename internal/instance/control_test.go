package instance_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"os"
	"path/filepath"
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

func TestCommandsGoThroughTheRunningServerAndASecondIsRefused(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx, "127.0.0.1:4711") }()
	awaitSocket(t, filepath.Join(c.Config.DataDir, "control.sock"))

	var lines []string
	raw, err := instance.Do(t.Context(), c.Config, shared(), "backup",
		instance.Backup{File: filepath.Join(t.TempDir(), "copy.db")}, func(s string) { lines = append(lines, s) })
	if err != nil {
		t.Fatal(err)
	}
	var done instance.BackupDone
	if err := json.Unmarshal(raw, &done); err != nil || done.Bytes == 0 {
		t.Errorf("backup: %s, %v", raw, err)
	}
	if len(lines) == 0 {
		t.Error("the backup showed no progress")
	}
	_, err = instance.Do(t.Context(), c.Config, shared(), "account token", instance.AccountToken{Name: "nobody", Scopes: "read"}, nil)
	if !domain.Is(err, domain.NotFound) || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("token of nobody: got %v", err)
	}
	_, err = instance.New(t.Context(), c.Config, shared())
	if !domain.Is(err, domain.Conflict) || !strings.Contains(err.Error(), "127.0.0.1:4711") {
		t.Errorf("a second process: got %v, want a refusal that names the first", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("run: %v", err)
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

// awaitSocket waits until something answers there, at most a minute.
func awaitSocket(t *testing.T, path string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		conn, err := net.Dial("unix", path)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}
