package testkit

import (
	"bufio"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// S3 starts a store that speaks S3, with one bucket, and returns its address
// for COTERIE_MEDIA_URL and the directory where its objects lie. The program is
// versitygw, which COTERIE_TEST_VERSITYGW names; without it the test is skipped
// (make test installs it, or says that it is missing).
func S3(t testing.TB) (address, dir string) {
	t.Helper()
	program := os.Getenv("COTERIE_TEST_VERSITYGW")
	if program == "" {
		t.Skip("COTERIE_TEST_VERSITYGW names no versitygw")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close()
	root := t.TempDir()
	dir = filepath.Join(root, "burrow")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "--access", "prairie", "--secret", "dogs", "--port", at, "posix", "--nometa", root)
	cmd.Dir = root
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	t.Cleanup(func() {
		stop()
		_ = cmd.Wait() // it was killed
	})
	go func() {
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if strings.Contains(lines.Text(), "level=ERROR") {
				t.Log(lines.Text())
			}
		}
	}()
	for end := time.Now().Add(20 * time.Second); ; {
		c, err := net.Dial("tcp", at)
		if err == nil {
			c.Close()
			return "s3://prairie:dogs@" + at + "/burrow/media?tls=off&region=us-east-1", dir
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not listen: %v", program, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
