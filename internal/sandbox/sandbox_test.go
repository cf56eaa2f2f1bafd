//go:build linux && (amd64 || arm64) && !cgo

// What confines a process needs a program without C, as the server is built.
package sandbox_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"coterie/internal/sandbox"
)

// The test binary starts again as the process that is confined.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "confined" {
		confined(os.Args[2])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// confined tries what must not work, and says what worked.
func confined(what string) {
	kept := os.NewFile(3, "kept")
	limits := sandbox.Limits{Memory: 512 << 20, CPU: 10, File: 1 << 20}
	if dir, ok := strings.CutPrefix(what, "program "); ok {
		limits.Program, limits.Dir = os.Args[0], dir
		fmt.Println("missing:", strings.Join(sandbox.Enter(limits), ", "))
		fmt.Println(unix.Exec(os.Args[0], []string{os.Args[0], "confined", "as a program " + dir}, nil))
		return
	}
	if dir, ok := strings.CutPrefix(what, "as a program "); ok {
		if b, err := os.ReadFile(dir + "/in"); err != nil || os.WriteFile(dir+"/out", b, 0o600) != nil {
			fmt.Println("its own directory fails:", err)
		}
		attempt(kept)
		return
	}
	if what == "priority" {
		limits.Program, limits.Dir = os.Args[0], os.TempDir() // which may ask for it
		tell := priorities()
		fmt.Println("missing:", strings.Join(sandbox.Enter(limits), ", "))
		tell()
		return
	}
	missing := sandbox.Enter(limits)
	fmt.Println("missing:", strings.Join(missing, ", "))
	if what == "memory" {
		var hold [][]byte
		for range 64 {
			b := make([]byte, 64<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			hold = append(hold, b)
		}
		fmt.Println("took", len(hold))
		return
	}
	attempt(kept)
}

// priorities starts threads; each says its priority once told to.
func priorities() (tell func()) {
	var ready, done sync.WaitGroup
	told := make(chan struct{})
	for range 4 {
		ready.Add(1)
		done.Go(func() {
			runtime.LockOSThread()
			ready.Done()
			<-told
			fmt.Println(unix.Getpriority(unix.PRIO_PROCESS, 0))
		})
	}
	ready.Wait()
	return func() {
		close(told)
		done.Wait()
	}
}

// attempt tries what must not work.
func attempt(kept *os.File) {
	done := make(chan struct{})
	go func() { // on another thread, perhaps
		defer close(done)
		if _, err := os.Open("/etc/hostname"); err == nil {
			fmt.Println("opened a file")
		}
		if err := os.WriteFile("/tmp/coterie-sandbox-test", nil, 0o600); err == nil {
			fmt.Println("wrote a file")
		}
		if fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); err == nil {
			fmt.Println("made a socket", fd)
		}
		if err := exec.Command("/bin/true").Run(); err == nil {
			fmt.Println("ran a program")
		}
		if err := unix.Kill(os.Getppid(), 0); err == nil {
			fmt.Println("signalled the parent")
		}
	}()
	<-done
	if _, err := kept.WriteString("still works"); err != nil {
		fmt.Println("what was open fails:", err)
	}
	fmt.Println("end")
}

// TestAProgramOpensNothingElse is of a process that becomes a program.
func TestAProgramOpensNothingElse_SEC57(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/in", []byte("a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said, _, err := run(t, "program "+dir)
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if missing := strings.TrimSpace(strings.TrimPrefix(lines[0], "missing:")); missing != "" {
		t.Skipf("this system lacks some of it: %s", lines[0])
	}
	if len(lines) != 2 || lines[1] != "end" {
		t.Errorf("it could do this: %v\n%s", err, said)
	}
	if out, err := os.ReadFile(dir + "/out"); err != nil || string(out) != "a file\n" {
		t.Errorf("in its directory it wrote %q, %v", out, err)
	}
}

// The server goes first on every thread, those that were there before included.
func TestTheServerGoesFirst_SEC57(t *testing.T) {
	t.Parallel()
	said, _, err := run(t, "priority")
	first, rest, _ := strings.Cut(said, "\n")
	if strings.TrimSpace(first) != "missing:" {
		t.Skipf("this system lacks some of it: %s", first)
	}
	if want := strings.Repeat("10 <nil>\n", 4); rest != want { // the system counts down from 20
		t.Errorf("got %v, %q", err, rest)
	}
}

// run is what a confined process printed, and what it wrote to an open file.
func run(t *testing.T, what string) (said, wrote string, err error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cmd := exec.Command(self, "confined", what)
	cmd.ExtraFiles = []*os.File{f}
	out, err := cmd.Output()
	b, rerr := os.ReadFile(f.Name())
	if rerr != nil {
		t.Fatal(rerr)
	}
	return string(out), string(b), err
}

func TestNothingButOpenFiles_SEC57(t *testing.T) {
	t.Parallel()
	said, wrote, err := run(t, "files")
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if err != nil || wrote != "still works" || !slices.Contains(lines, "end") {
		t.Fatalf("%v, wrote %q:\n%s", err, wrote, said)
	}
	if missing := lines[0]; missing != "missing: " {
		t.Skipf("this system lacks some of it: %s", missing)
	}
	if len(lines) != 2 {
		t.Errorf("it could do this:\n%s", said)
	}
}

func TestMemoryIsBounded_SEC57(t *testing.T) {
	t.Parallel()
	said, _, err := run(t, "memory")
	if err == nil || strings.Contains(said, "took") {
		t.Errorf("it took 4 GB: %v %s", err, said)
	}
}
