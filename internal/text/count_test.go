package text

import (
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, spoiler, body string
		want                int
	}{
		{"empty", "", "", 0},
		{"ascii", "", "hello", 5},
		{"newlines", "", "a\n\nb", 4},
		{"windows newline", "", "a\r\nb", 3},
		{"warning counts", "cw", "text", 6},
		{"short address", "", "https://a.example", 23},
		{"long address", "", "see https://a.example/" + strings.Repeat("x", 300) + " now", 4 + 23 + 4},
		{"two addresses", "", "http://a.example http://b.example", 23 + 1 + 23},
		{"no scheme", "", "a.example", 9},
		{"other scheme", "", "xmpp:u@a.example", 16},
		{"local mention", "", "@alice", 6},
		{"remote mention", "", "@alice@remote.example hi", 9},
		{"unknown remote mention", "", "@x@y.example", 2},
		{"mail address", "", "me@remote.example", 17},
		{"shortcode as typed", "", ":blobcat:", 9},
		{"flag", "", "🇩🇪", 1},
		{"family", "", "👩‍👩‍👧‍👦", 1},
		{"combining", "", "e\u0301", 1},
		{"umlaut", "", "äöü", 3},
		{"han", "", "漢字", 2},
		{"warning and family", "👩‍👩‍👧‍👦", "a", 2},
	}
	for _, tt := range tests {
		if got := Count(tt.spoiler, tt.body); got != tt.want {
			t.Errorf("%s: Count(%q, %q) = %d, want %d", tt.name, tt.spoiler, tt.body, got, tt.want)
		}
	}
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		n    int
		want string
	}{
		{"hello", 10, "hello"},
		{"hello", 3, "hel"},
		{"hello", 0, ""},
		{"👩‍👩‍👧‍👦👩‍👩‍👧‍👦x", 2, "👩‍👩‍👧‍👦👩‍👩‍👧‍👦"},
		{"e\u0301e\u0301", 1, "e\u0301"},
	}
	for _, tt := range tests {
		got := Truncate(tt.in, tt.n)
		if got != tt.want {
			t.Errorf("Truncate(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
		if n := CountGraphemes(got); n > tt.n {
			t.Errorf("Truncate(%q, %d) has %d characters", tt.in, tt.n, n)
		}
	}
}
