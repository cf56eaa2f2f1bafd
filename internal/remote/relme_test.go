package remote

import (
	"slices"
	"strings"
	"testing"

	"coterie/internal/text"
)

// FuzzRelMe reads the page behind a link and the field of a profile, both of
// which strangers write: what is taken from them was there, and is an address.
func FuzzRelMe(f *testing.F) {
	for _, page := range []string{
		`<a rel="nofollow me" href="https://here.example/@alice">me</a>`,
		`<link rel=ME href=https://here.example/@alice/><p rel=me href=x>`,
		`<a href="https://far.example/"><span class="invisible">https://</span><span>far.example/</span></a>`,
		`<a href="https://far.example/">https://far.example/</a> and more`,
		`<a rel=me><a href`, `<!--`, "\x00",
	} {
		f.Add(page)
	}
	f.Fuzz(func(t *testing.T, page string) {
		for _, address := range relMe([]byte(page)) {
			if address == "" || address != strings.TrimSpace(address) {
				t.Errorf("%q is named as the owner's", address)
			}
		}
		for _, local := range []bool{true, false} {
			link := claim(page, local)
			if _, ok := text.WebURL(link); link != "" && !ok {
				t.Errorf("%q is no address", link)
			}
		}
	})
}

func TestWhatAPageNamesAsItsOwners(t *testing.T) {
	t.Parallel()
	got := relMe([]byte(`<a href="https://a.example/">no</a><a rel="nofollow me" href=" https://b.example/ ">yes</a><link rel="ME" href="/c"><div rel="me" href="/d"></div><a rel="me">none</a>`))
	if want := []string{"https://b.example/", "/c"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	const link = "https://far.example/"
	for value, want := range map[string]string{
		`<a href="` + link + `">` + link + `</a>`:                                   link,
		`<a href="` + link + `"><span>https://</span><span>far.example/</span></a>`: link,
		`<a href="` + link + `">my bank</a>`:                                        "",
		`see <a href="` + link + `">` + link + `</a>`:                               "",
		`<a href="` + link + `">` + link + `</a> too`:                               "",
		`<a href="javascript:x">javascript:x</a>`:                                   "",
		link: "",
	} {
		if got := claim(value, false); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}
