package apub

import (
	"strings"
	"testing"
)

// FuzzFinger reads what WebFinger answers: nothing panics, and what is
// accepted names an account and an address of the web.
func FuzzFinger(f *testing.F) {
	for _, s := range []string{
		`{"subject":"acct:ann@far.test","links":[{"rel":"self","type":"application/activity+json","href":"https://far.test/users/ann"}]}`,
		`{"subject":"acct:@ann@far.test:8443","aliases":["x",1],"links":[{"rel":"self","type":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"javascript:x"}]}`,
		`{"subject":"https://far.test/users/ann","links":{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://far.test/?{uri}"}}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseFinger([]byte(s))
		if err != nil {
			return
		}
		if got.Subject == "" || !web(got.Self) || got.Profile != "" && !web(got.Profile) || len(got.Aliases) > MaxLinks {
			t.Errorf("%q gave %+v", s, got)
		}
		if got.Subscribe != "" && (!web(got.Subscribe) || !strings.Contains(got.Subscribe, "{uri}")) {
			t.Errorf("%q gave the template %q", s, got.Subscribe)
		}
	})
}

// FuzzHostMeta reads where WebFinger is answered.
func FuzzHostMeta(f *testing.F) {
	f.Add(`<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="https://far.test/finger?r={uri}"/></XRD>`)
	f.Add(`<!DOCTYPE a [<!ENTITY b "c">]><XRD><Link rel="lrdd" template="javascript:{uri}"/><Link rel='lrdd' template='&b;{uri}'/></XRD>`)
	f.Add(strings.Repeat("<a>", 1000))
	f.Fuzz(func(t *testing.T, s string) {
		template, err := ParseHostMeta([]byte(s))
		if err == nil && (!web(template) || !strings.Contains(template, "{uri}")) {
			t.Errorf("%q gave %q", s, template)
		}
	})
}

// FuzzNodeLinks reads where NodeInfo is.
func FuzzNodeLinks(f *testing.F) {
	f.Add(`{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://far.test/nodeinfo/2.0"}]}`)
	f.Add(`{"links":[{"rel":"https://www.w3.org/ns/activitystreams#Application","href":"data:,"}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseNodeLinks([]byte(s))
		if err == nil && (got.NodeInfo != "" && !web(got.NodeInfo) || got.Application != "" && !web(got.Application)) {
			t.Errorf("%q gave %+v", s, got)
		}
	})
}

func web(address string) bool {
	return strings.HasPrefix(strings.ToLower(address), "https://") || strings.HasPrefix(strings.ToLower(address), "http://")
}
