//go:build soak

package inbox_test

import "testing"

// TestSoakWaveReplay is TestWaveReplay in full: 20,000 mentions from 500
// servers, and 1,000 strangers.
func TestSoakWaveReplay(t *testing.T) { replayWave(t, 500, 10_000, 1000) }
