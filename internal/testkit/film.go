package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"coterie/internal/instance"
)

// WithFFmpeg gives a community the programs of the system for video and sound;
// a test that needs them is skipped where there are none (make test installs
// them, or says that they are missing).
func WithFFmpeg(t testing.TB) Option {
	t.Helper()
	tools := instance.FindMediaTools()
	if tools.FFmpeg == "" || tools.FFprobe == "" {
		t.Skip("ffmpeg is not installed")
	}
	return With(func(c *instance.Config) { c.MediaTools = tools })
}

// Secret is what Film writes into the metadata of files, with a place.
const Secret = "burrow under the old oak"

// Film is a file that ffmpeg makes of test pictures and tones, with private
// metadata, in the form that the extension of name says. The arguments follow
// those of two inputs: a picture of 320 by 180 at 25 a second, and a tone.
func Film(t testing.TB, name, args string) []byte {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not installed")
	}
	out := filepath.Join(t.TempDir(), name)
	all := []string{"-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=1", "-f", "lavfi", "-i", "sine=440:duration=1"}
	all = append(all, strings.Fields(args)...)
	all = append(all, "-metadata", "title="+Secret, "-metadata", "location=+40.7-074.0/", "-metadata", "creation_time=2020-02-02T02:02:02Z", out)
	if said, err := exec.Command("ffmpeg", all...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg %s: %v\n%s", args, err, said)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Plays fails the test unless ffmpeg decodes the file without a complaint.
func Plays(t testing.TB, name string, file []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "played-"+name)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "null", "-").CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("%s does not play: %v %s", name, err, said)
	}
}
