package media_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// BenchmarkFFmpeg is what the system's ffmpeg takes to make a preview of a JPEG
// of 12 megapixels, beside BenchmarkPhoto of package picture.
func BenchmarkFFmpeg(b *testing.B) {
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		b.Skip("ffmpeg is not installed")
	}
	dir := b.TempDir()
	in := filepath.Join(dir, "in.jpg")
	if err := os.WriteFile(in, testkit.JPEG(b, testkit.Gradient(4000, 3000)), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if said, err := exec.Command(program, "-v", "error", "-y", "-i", in, "-vf", "scale=554:415", filepath.Join(dir, "out.jpg")).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, said)
		}
	}
}

// BenchmarkUploads has four people upload JPEGs of 12 megapixels without a
// pause, and tells how many a minute are taken and how long the home timeline
// takes then and before, in 99 of 100 cases.
func BenchmarkUploads(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	c := testkit.NewInstance(b, testkit.With(func(c *instance.Config) {
		c.Dev, c.NoRateLimits, c.MediaWorker = true, true, []string{self, "media-worker"}
	}))
	for range 40 {
		c.Post("alice", "prairie dogs at dusk")
	}
	home := func(n int) time.Duration {
		took := make([]time.Duration, n)
		for i := range took {
			start := time.Now()
			c.As("alice").GET("/api/v1/timelines/home").OK()
			took[i] = time.Since(start)
		}
		slices.Sort(took)
		return took[n*99/100]
	}
	home(200)
	idle := home(1000)
	photo := testkit.Upload(b, map[string][]byte{"file": testkit.JPEG(b, testkit.Gradient(4000, 3000))})
	var taken atomic.Int64
	var busy time.Duration
	b.ResetTimer()
	for b.Loop() {
		stop, done := make(chan struct{}), make(chan struct{})
		for _, name := range []string{"bob", "carol", "dave", "erin"} {
			go func() {
				defer func() { done <- struct{}{} }()
				for {
					select {
					case <-stop:
						return
					default:
						c.As(name).POST("/api/v2/media", photo)
						taken.Add(1)
					}
				}
			}()
		}
		busy = max(busy, home(2000))
		close(stop)
		for range 4 {
			<-done
		}
	}
	b.ReportMetric(float64(taken.Load())/b.Elapsed().Minutes(), "uploads/min")
	b.ReportMetric(float64(idle.Microseconds())/1000, "idle-p99-ms")
	b.ReportMetric(float64(busy.Microseconds())/1000, "busy-p99-ms")
}
