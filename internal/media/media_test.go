package media_test

import (
	"os"
	"testing"

	"coterie/internal/media"
)

// The test binary starts again as the worker.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "media-worker" {
		if err := media.Work(os.Args[2], os.Stdout); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}
