package fetch

import (
	"net/http"
	"strings"
	"testing"

	"coterie/internal/domain"
)

// mutation is one thing done to a request on its way.
type mutation struct {
	name string
	do   func(*http.Request, *[]byte)
}

func setHeader(name, value string) func(*http.Request, *[]byte) {
	return func(r *http.Request, _ *[]byte) { r.Header.Set(name, value) }
}

func replaceIn(name, from, to string) func(*http.Request, *[]byte) {
	return func(r *http.Request, _ *[]byte) {
		r.Header.Set(name, strings.Replace(r.Header.Get(name), from, to, 1))
	}
}

// headerMutations drop, alter, empty and repeat each header that is there.
func headerMutations(r *http.Request) []mutation {
	var all []mutation
	for name := range r.Header {
		old := r.Header.Get(name)
		all = append(
			all,
			mutation{name + " dropped", func(r *http.Request, _ *[]byte) { r.Header.Del(name) }},
			mutation{name + " emptied", setHeader(name, "")},
			mutation{name + " altered", setHeader(name, old+"x")},
			mutation{name + " repeated", func(r *http.Request, _ *[]byte) { r.Header.Add(name, old) }},
			mutation{name + " prefixed", setHeader(name, "x"+old)},
		)
	}
	return all
}

func commonMutations() []mutation {
	return []mutation{
		{"method", func(r *http.Request, _ *[]byte) { r.Method = http.MethodPut }},
		{"path", func(r *http.Request, _ *[]byte) { r.RequestURI = "/other" }},
		{"query added", func(r *http.Request, _ *[]byte) { r.RequestURI += "&more=1" }},
		{"host", func(r *http.Request, _ *[]byte) { r.Host = "evil.example" }},
		{"host ours by another name", func(r *http.Request, _ *[]byte) { r.Host = "www.coterie.example" }},
		{"body altered", func(_ *http.Request, b *[]byte) { *b = append([]byte("x"), *b...) }},
		{"body dropped", func(r *http.Request, b *[]byte) { *b = nil; r.Method = http.MethodDelete }},
		{"second digest wrong", setHeader("Digest", "SHA-256=hgbs3KRYKpoiKFpZIBcJCM4OSCCwgbX1rfaIybZk1Pg=")},
		{"second content digest wrong", setHeader("Content-Digest", "sha-256=:hgbs3KRYKpoiKFpZIBcJCM4OSCCwgbX1rfaIybZk1Pg=:")},
	}
}

func cavageMutations() []mutation {
	return []mutation{
		{"covered reordered", replaceIn("Signature", "host date", "date host")},
		{"covered repeated", replaceIn("Signature", "host date", "host host date")},
		{"covered renamed", replaceIn("Signature", "host date", "host date2")},
		{"covered unknown", replaceIn("Signature", "host date", "(other) host date")},
		{"target not covered", replaceIn("Signature", "(request-target) ", "")},
		{"host not covered", replaceIn("Signature", "host ", "")},
		{"date not covered", replaceIn("Signature", " date", "")},
		{"nothing covered", func(r *http.Request, _ *[]byte) {
			sig := r.Header.Get("Signature")
			_, rest, _ := strings.Cut(sig, `headers="`)
			list, _, _ := strings.Cut(rest, `"`)
			r.Header.Set("Signature", strings.Replace(sig, list, "", 1))
		}},
		{"headers parameter dropped", replaceIn("Signature", `headers="`, `x="`)},
		{"parameter repeated", replaceIn("Signature", `algorithm="`, `keyId="x",algorithm="`)},
		{"parameter unknown", replaceIn("Signature", `algorithm="`, `realm="x",algorithm="`)},
		{"parameter unquoted", replaceIn("Signature", `headers="(request-target)`, `headers=(request-target)`)},
		{"algorithm symmetric", replaceIn("Signature", `rsa-sha256`, `hmac-sha256`)},
		{"algorithm of another key", replaceIn("Signature", `rsa-sha256`, `ed25519`)},
		{"algorithm weak", replaceIn("Signature", `rsa-sha256`, `rsa-sha1`)},
		{"key id of another scheme", replaceIn("Signature", `keyId="https:`, `keyId="file:`)},
		{"key id with a space", replaceIn("Signature", `#main-key`, ` #main-key`)},
		{"key id of another", replaceIn("Signature", `users/alice`, `users/eve`)},
		{"created with rsa-sha256", replaceIn("Signature", `host date`, `(created) host date`)},
	}
}

func messageMutations() []mutation {
	return []mutation{
		{"covered reordered", replaceIn("Signature-Input", `"@method" "@target-uri"`, `"@target-uri" "@method"`)},
		{"covered repeated", replaceIn("Signature-Input", `"@method"`, `"@method" "@method"`)},
		{"covered renamed", replaceIn("Signature-Input", `"@method"`, `"@path"`)},
		{"method not covered", replaceIn("Signature-Input", `"@method" `, ``)},
		{"target not covered", replaceIn("Signature-Input", ` "@target-uri"`, ``)},
		{"covered with a parameter", replaceIn("Signature-Input", `"@method"`, `"@method";req`)},
		{"covered in upper case", replaceIn("Signature-Input", `"content-type"`, `"Content-Type"`)},
		{"nothing covered", func(r *http.Request, _ *[]byte) {
			_, params, _ := strings.Cut(r.Header.Get("Signature-Input"), ")")
			r.Header.Set("Signature-Input", "sig1=()"+params)
		}},
		{"created dropped", replaceIn("Signature-Input", `created=`, `tag="x";nonce="`)},
		{"created later", replaceIn("Signature-Input", `created=1780394400`, `created=1780394401`)},
		{"created negative", replaceIn("Signature-Input", `created=1`, `created=-1`)},
		{"created a string", replaceIn("Signature-Input", `created=1780394400`, `created="1780394400"`)},
		{"created repeated", replaceIn("Signature-Input", `created=`, `created=1780394400;created=`)},
		{"expires added", replaceIn("Signature-Input", `;keyid`, `;expires=1780398000;keyid`)},
		{"algorithm added", replaceIn("Signature-Input", `;keyid`, `;alg="rsa-v1_5-sha256";keyid`)},
		{"algorithm symmetric", replaceIn("Signature-Input", `;keyid`, `;alg="hmac-sha256";keyid`)},
		{"algorithm of another key", replaceIn("Signature-Input", `;keyid`, `;alg="ed25519";keyid`)},
		{"parameter unknown", replaceIn("Signature-Input", `;keyid`, `;evil=1;keyid`)},
		{"key id dropped", replaceIn("Signature-Input", `;keyid=`, `;tag=`)},
		{"key id of another", replaceIn("Signature-Input", `users/alice`, `users/eve`)},
		{"second signature", func(r *http.Request, _ *[]byte) {
			r.Header.Set("Signature-Input", r.Header.Get("Signature-Input")+", sig2=();created=1")
		}},
		{"another label", replaceIn("Signature-Input", `sig1`, `sig2`)},
		{"judged as draft-cavage", func(r *http.Request, _ *[]byte) { r.Header.Del("Signature-Input") }},
	}
}

// harmless are changes that what is covered does not include.
var harmless = map[string]bool{
	"Accept dropped RFC 9421 GET": true, "Accept emptied RFC 9421 GET": true, "Accept altered RFC 9421 GET": true,
	"Accept repeated RFC 9421 GET": true, "Accept prefixed RFC 9421 GET": true,
	"Date dropped RFC 9421 GET": true, "Date emptied RFC 9421 GET": true, "Date altered RFC 9421 GET": true, "Date prefixed RFC 9421 GET": true,
	"Date dropped RFC 9421 POST": true, "Date emptied RFC 9421 POST": true, "Date altered RFC 9421 POST": true, "Date prefixed RFC 9421 POST": true,
}

// TestSEC09_EveryCoveredPart changes a good request in one way each and
// expects a refusal (SEC-09, SEC-12).
func TestSEC09_EveryCoveredPart(t *testing.T) {
	t.Parallel()
	key := testRSA(t)
	for _, scheme := range []Scheme{Cavage, RFC9421} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			signed, body := outgoing(t, method)
			if err := Sign(signed, body, Key{testKeyID, key}, scheme, signedAt); err != nil {
				t.Fatal(err)
			}
			all := append(headerMutations(signed), commonMutations()...)
			if scheme == Cavage {
				all = append(all, cavageMutations()...)
			} else {
				all = append(all, messageMutations()...)
			}
			for _, m := range all {
				r, b := arrived(signed), append([]byte(nil), body...)
				m.do(r, &b)
				_, err := Verify(t.Context(), r, b, only(testKeyID, key.Public()), ours())
				if name := m.name + " " + scheme.String() + " " + method; (err == nil) != harmless[name] && changed(signed, r, body, b) {
					t.Errorf("%s: %v", name, err)
				}
				if err != nil && domain.KindOf(err) != domain.Unauthenticated && domain.KindOf(err) != domain.BadRequest {
					t.Errorf("%s: kind %v: %v", m.name, domain.KindOf(err), err)
				}
			}
		}
	}
}

// changed reports whether a mutation found something to change.
func changed(a, b *http.Request, bodyA, bodyB []byte) bool {
	if a.Method != b.Method || b.RequestURI != a.URL.RequestURI() || b.Host != a.URL.Host || string(bodyA) != string(bodyB) {
		return true
	}
	for name := range a.Header {
		if strings.Join(a.Header[name], "\n") != strings.Join(b.Header[name], "\n") {
			return true
		}
	}
	return len(a.Header) != len(b.Header)
}
