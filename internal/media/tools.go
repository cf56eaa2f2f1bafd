package media

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"coterie/internal/domain"
	"coterie/internal/sandbox"
)

// Tools are the programs of the system that read video, sound and pictures of
// newer kinds; "" is for one that is not there.
type Tools struct{ FFmpeg, FFprobe string }

// abilities are what the tools were built with: decoders and encoders, by
// ffmpeg's names.
type abilities struct{ codecs map[string]bool }

// film reports whether video and sound can be made playable everywhere.
func (a abilities) film() bool {
	return a.codecs["libx264"] && a.codecs["aac"] && a.codecs["libmp3lame"] && a.codecs["png"]
}

// avif reports whether pictures of that kind can be read.
func (a abilities) avif() bool {
	return a.film() && (a.codecs["libdav1d"] || a.codecs["libaom-av1"] || a.codecs["libgav1"])
}

// heic reports whether pictures of that kind can be read.
func (a abilities) heic() bool { return a.film() && a.codecs["hevc"] }

// codecsOf reads the lines of "ffmpeg -codecs":
// " DEV.L. av1  Alliance (decoders: libdav1d av1 ) (encoders: libsvtav1 )".
// Where neither list is there, the only one has the codec's own name.
func codecsOf(said []byte) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(string(said)) {
		f := strings.Fields(line)
		if len(f) < 2 || len(f[0]) != 6 || f[0][0] != 'D' && f[0][1] != 'E' || f[1] == "=" { // which is the legend
			continue
		}
		out[f[1]] = true
		for _, list := range []string{"(decoders: ", "(encoders: "} {
			_, names, _ := strings.Cut(line, list)
			names, _, _ = strings.Cut(names, ")")
			for _, name := range strings.Fields(names) {
				out[name] = true
			}
		}
	}
	return out
}

// askTools finds out what the tools were built with. Without them, or where
// they fail, nothing is there.
func (s *Service) askTools() abilities {
	a := abilities{codecs: map[string]bool{}}
	if s.Tools.FFmpeg == "" || s.Tools.FFprobe == "" {
		return a
	}
	ctx, cancel := context.WithTimeout(context.Background(), workTime)
	defer cancel()
	shop, err := s.openShop()
	if err != nil {
		s.Log.Warn("ffmpeg cannot be asked what it can do", "err", err)
		return a
	}
	defer shop.close()
	out, err := shop.run(ctx, s.Tools.FFmpeg, "-hide_banner", "-codecs")
	if err != nil {
		s.Log.Warn("ffmpeg does not start here; video is taken without it", "program", s.Tools.FFmpeg, "err", err)
		return a
	}
	a.codecs = codecsOf(out)
	if !a.film() {
		s.Log.Warn("ffmpeg lacks libx264, aac, libmp3lame or png; video is taken without it", "program", s.Tools.FFmpeg)
		return abilities{}
	}
	return a
}

// Converts reports whether video and sound are made playable everywhere here.
func (s *Service) Converts() bool { return s.able().film() }

// shop is a directory in which programs work on one file: they can open
// nothing else but themselves and the libraries of the system.
type shop struct {
	s   *Service
	dir string
}

// shopPattern is how directories of shops are called.
const shopPattern = "shop-*"

func (s *Service) openShop() (*shop, error) {
	dir, err := os.MkdirTemp(s.TempDir, shopPattern)
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("make a directory to work in: %w", err)
	}
	return &shop{s, dir}, nil
}

// CleanUp removes what a crash left of shops; none may be open.
func CleanUp(tempDir string) error {
	left, err := filepath.Glob(filepath.Join(tempDir, shopPattern))
	for _, dir := range left {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

func (w *shop) close() {
	if err := os.RemoveAll(w.dir); err != nil {
		w.s.Log.Warn("a directory of temporary files stays behind", "err", err)
	}
}

func (w *shop) path(name string) string { return filepath.Join(w.dir, name) }

// open opens a file of the shop that a program wrote. The program was confined,
// yet only what is a plain file counts.
func (w *shop) open(name string) (f *os.File, size int64, err error) {
	f, err = os.OpenFile(w.path(name), os.O_RDONLY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return nil, 0, fmt.Errorf("open what a program wrote: %w", err)
	}
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = errors.New("what a program wrote is no plain file")
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, fi.Size(), nil
}

// Bounds of one program. The file is larger than any that is kept, for the
// pictures that are only a step.
const (
	programTime   = 8 * time.Minute
	programCPU    = 15 * 60 // seconds, of all its threads
	programMemory = 3 << 29
	programFile   = 2 * domain.MaxVideoBytes
	programOutput = 1 << 20
)

// errProgram says that a program did not like its file.
var errProgram = errors.New("the program failed")

// run runs a program in the shop and returns what it printed. One that fails or
// takes too much is errProgram.
func (w *shop) run(ctx context.Context, program string, args ...string) ([]byte, error) {
	command := append([]string{program}, args...)
	if len(w.s.Worker) > 0 {
		told, err := json.Marshal(task{Purpose: forProgram, Program: command, Dir: w.dir})
		if err != nil {
			return nil, fmt.Errorf("tell a worker its task: %w", err)
		}
		command = append(slices.Clone(w.s.Worker), string(told))
	}
	ctx, cancel := context.WithTimeout(ctx, programTime)
	defer cancel()
	out, said := &bounded{most: programOutput}, &bounded{most: 2000}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = w.dir, programEnv, time.Second
	cmd.Stdout, cmd.Stderr = out, said
	err := cmd.Run()
	var died *exec.ExitError
	switch {
	case errors.As(err, &died) || err != nil && ctx.Err() != nil:
		return nil, fmt.Errorf("%w: %w: %s", errProgram, err, bytes.TrimSpace(said.Bytes()))
	case err != nil:
		return nil, fmt.Errorf("run %s: %w", program, err)
	}
	return out.Bytes(), nil
}

// bounded keeps the first bytes of what a program prints.
type bounded struct {
	bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	b.Buffer.Write(p[:min(len(p), max(0, b.most-b.Len()))])
	return len(p), nil
}

// programEnv is all that programs know of the server's environment.
var programEnv = []string{"LC_ALL=C"}

// become turns this process into the program of the task, confined.
func become(t task) error {
	sandbox.Enter(sandbox.Limits{Memory: programMemory, CPU: programCPU, File: programFile, Program: t.Program[0], Dir: t.Dir})
	return fmt.Errorf("start %s: %w", t.Program[0], syscall.Exec(t.Program[0], t.Program, programEnv))
}
