package apub

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const fixtures = "testdata/fixtures"

// readFixture reads one payload.
func readFixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(fixtures, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// expectations reads expect.txt: a line for the name, the facts below it.
func expectations(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("testdata/expect.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, block := range strings.Split(strings.TrimSpace(string(b)), "\n\n") {
		name, facts, _ := strings.Cut(block, "\n")
		if _, twice := out[name]; twice {
			t.Errorf("%s stands twice in expect.txt", name)
		}
		out[name] = facts
	}
	return out
}

// TestFixtures reads every payload of the index and compares what it says
// with the reviewed line in expect.txt. A payload without a line fails, and
// so does a line without a payload.
func TestFixtures(t *testing.T) {
	t.Parallel()
	var index []struct{ File, Expect string }
	if err := json.Unmarshal(readFixture(t, "index.json"), &index); err != nil {
		t.Fatal(err)
	}
	if len(index) != 247 {
		t.Errorf("%d payloads, want 247", len(index))
	}
	want := expectations(t)
	for _, e := range index {
		facts, ok := want[e.File]
		if !ok || facts == "" {
			t.Errorf("%s has no expectation (%s)", e.File, e.Expect)
			continue
		}
		delete(want, e.File)
		t.Run(e.File, func(t *testing.T) {
			t.Parallel()
			if got := describeFixture(e.File, readFixture(t, e.File)); got != facts {
				t.Errorf("should be: %s\n got %s\nwant %s", e.Expect, got, facts)
			}
		})
	}
	for name := range want {
		t.Errorf("expectation without a payload: %s", name)
	}
}
