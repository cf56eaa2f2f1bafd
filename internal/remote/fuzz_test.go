package remote

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"coterie/internal/apub"
)

// FuzzDiscovered reads pages and Link headers of strangers for the document
// behind them: nothing panics, and what is found is an address of the web.
func FuzzDiscovered(f *testing.F) {
	base := &url.URL{Scheme: "https", Host: "far.test", Path: "/@ann/1"}
	f.Add(`<https://far.test/1>; rel="alternate"; type="application/activity+json", </2>; rel=next`, "")
	f.Add(`<a>; x="\"," , <`, `<base href="//third.test/"><link rel="x alternate" type='application/activity+json' href="1">`)
	f.Add("", `<html><head><link rel=alternate type="application/activity+json" href="javascript:x"><body><link>`)
	f.Fuzz(func(t *testing.T, header, body string) {
		got := discovered(base, http.Header{"Link": {header}}, []byte(body))
		if got != "" && (apub.Host(got) == "" || !strings.HasPrefix(got, "http")) {
			t.Errorf("%q, %q gave %q", header, body, got)
		}
	})
}
