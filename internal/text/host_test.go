package text

import (
	"strings"
	"testing"

	"coterie/internal/domain"
)

// TestSEC06_HostsThatPeopleName have one form, or none.
func TestSEC06_HostsThatPeopleName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.example": "a.example", " A.Example. ": "a.example", "https://a.example/about": "a.example", "@bob@a.example": "a.example", "zip": "zip",
		"münchen.example": "xn--mnchen-3ya.example", "MÜNCHEN.example": "xn--mnchen-3ya.example", "xn--mnchen-3ya.example": "xn--mnchen-3ya.example",
		"ａ.example": "a.example", "a.example:3000": "a.example:3000", "http://a.example:03000/x": "a.example:3000",
		"": "", "not a host": "", "a.example:": "", "a.example:x": "", "a.example:0": "", "a.example:65536": "", "a.example:1:2": "", "[::1]": "",
		"a_b.example": "", "a.example?x": "", "xn--a-.example": "", "a\u200b.example\x00": "", strings.Repeat("a.", 127) + "example": "",
	} {
		got, err := HostName(name)
		if got != want || (err != nil) != (want == "") || err != nil && !domain.Is(err, domain.Invalid) {
			t.Errorf("%q is %q, %v; want %q", name, got, err, want)
		}
	}
}
