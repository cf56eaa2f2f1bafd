//go:build soak

package main

import (
	"os"
	"testing"
	"time"
)

// TestSoakCrash is TestCrash for as long as COTERIE_SOAK says (30m).
func TestSoakCrash(t *testing.T) {
	t.Parallel()
	d := 30 * time.Minute
	if s := os.Getenv("COTERIE_SOAK"); s != "" {
		var err error
		if d, err = time.ParseDuration(s); err != nil {
			t.Fatal(err)
		}
	}
	end := time.Now().Add(d)
	crash(t, func(int) bool { return time.Now().Before(end) })
}
