package main

import (
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("here", 2*60*60)
	for text, want := range map[string]string{
		"": "0001-01-01T00:00:00Z", "2026-12-24": "2026-12-23T22:00:00Z", "2026-12-24 18:00": "2026-12-24T16:00:00Z",
		"2026-12-24T18:00": "2026-12-24T16:00:00Z", "2026-12-24T18:00:00Z": "2026-12-24T18:00:00Z", "2026-12-24T18:00:00-05:00": "2026-12-24T23:00:00Z",
	} {
		got, err := parseTime(text, zone)
		if err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%q: %v %v, want %s", text, got.UTC(), err, want)
		}
	}
	for _, text := range []string{"tomorrow", "24.12.2026", "2026-13-01"} {
		if _, err := parseTime(text, zone); err == nil {
			t.Errorf("%q is a time", text)
		}
	}
}
