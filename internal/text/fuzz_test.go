package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, s := range repeated {
		f.Add(s + s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		s := scanner{src: src}
		last := 0
		for _, tok := range s.scan() {
			if tok.Start < last || tok.End <= tok.Start || tok.End > len(src) {
				t.Fatalf("token %+v after %d in %q", tok, last, src)
			}
			if utf8.ValidString(src) && !utf8.ValidString(src[tok.Start:tok.End]) {
				t.Fatalf("token %q cuts a character in %q", src[tok.Start:tok.End], src)
			}
			last = tok.End
		}
		if s.steps > 12*len(src)+100 {
			t.Errorf("%d steps for %d bytes of %q", s.steps, len(src), src)
		}
		Count("", src)
		Emojis(src)
		Words(src)
		for _, h := range Hashtags(src) {
			if again := NormalizeHashtag(h.Name); again != h.Name {
				t.Errorf("tag %q normalises to %q, then to %q", h.Display, h.Name, again)
			}
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add("a\n\nb @alice #Cats https://example.com/<b>")
	f.Add("<script>alert(1)</script>")
	f.Add("\u202Ehttps://a.example/\"x")
	f.Fuzz(func(t *testing.T, src string) {
		for _, got := range []string{HTML(src, cast()), FieldHTML(src, cast())} {
			if !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\n\r") {
				t.Errorf("HTML of %q has bytes it should not: %q", src, got)
			}
			for _, n := range parseFragment(t, got) {
				checkNodeLocal(t, src, n)
			}
		}
	})
}

func FuzzSanitize(f *testing.F) {
	for _, s := range sanitiserCorpus {
		if len(s) < 1000 {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		checkSanitized(t, src, Sanitize(src))
		PlainText(src)
	})
}
