package fetch

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
)

var signedAt = time.Date(2026, 6, 2, 10, 0, 0, 0, time.UTC)

const (
	testKeyID = "https://mastodon.example/users/alice#main-key"
	likeBody  = `{"type":"Like","actor":"https://mastodon.example/users/alice"}`
)

func testRSA(tb testing.TB) *rsa.PrivateKey {
	tb.Helper()
	k, err := DecodePrivatePEM(composed(tb).PrivateKeyPem)
	if err != nil {
		tb.Fatal(err)
	}
	return k.(*rsa.PrivateKey)
}

func testEd25519() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("coterie test key, thirty-two by."))
}

func ours() Rules { return Rules{Hosts: []string{"coterie.example"}, Now: signedAt} }

// outgoing is an unsigned request to coterie.example.
func outgoing(tb testing.TB, method string) (*http.Request, []byte) {
	tb.Helper()
	var body []byte
	target := "https://coterie.example/users/bob/outbox?page=true"
	if method == http.MethodPost {
		target, body = "https://coterie.example/inbox", []byte(likeBody)
	}
	r, err := http.NewRequestWithContext(tb.Context(), method, target, nil)
	if err != nil {
		tb.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/activity+json")
		r.Header.Set("Collection-Synchronization", `collectionId="https://mastodon.example/users/alice/followers"`)
	} else {
		r.Header.Set("Accept", "application/activity+json, application/ld+json")
	}
	return r, body
}

// arrived is what a server sees of a request.
func arrived(r *http.Request) *http.Request {
	in := r.Clone(context.Background())
	in.RequestURI = r.URL.RequestURI()
	in.Host = r.URL.Host
	return in
}

func TestSignThenVerify(t *testing.T) {
	t.Parallel()
	for _, signer := range []crypto.Signer{testRSA(t), testEd25519()} {
		for _, scheme := range []Scheme{Cavage, RFC9421} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				r, body := outgoing(t, method)
				if err := Sign(r, body, Key{testKeyID, signer}, scheme, signedAt); err != nil {
					t.Fatal(err)
				}
				s, err := Verify(t.Context(), arrived(r), body, only(testKeyID, signer.Public()), ours())
				if err != nil {
					t.Errorf("%T %v %s: %v", signer, scheme, method, err)
					continue
				}
				if s.Scheme != scheme || s.KeyID != testKeyID || !s.Created.Equal(signedAt) {
					t.Errorf("%T %v %s: %+v", signer, scheme, method, s)
				}
			}
		}
	}
}

// TestSignedRequestsLookAsDocumented holds the headers sent to facts 29.
func TestSignedRequestsLookAsDocumented(t *testing.T) {
	t.Parallel()
	f := composed(t)
	for _, v := range []vector{f.Cavage[0], f.Cavage[4], f.RFC9421[2]} {
		want, body := v.Request.received(t)
		r := want.Clone(t.Context())
		r.RequestURI = ""
		scheme := Cavage
		if v.VerifyAt == "" {
			scheme = RFC9421
		}
		if err := Sign(r, body, Key{f.KeyID, testRSA(t)}, scheme, signedAt); err != nil {
			t.Fatal(err)
		}
		for name := range want.Header {
			if r.Header.Get(name) != want.Header.Get(name) {
				t.Errorf("%s: %s is\n%s, want\n%s", v.Name, name, r.Header.Get(name), want.Header.Get(name))
			}
		}
	}
}

// TestSEC09_SwappedHeaders swaps the values of two covered headers.
func TestSEC09_SwappedHeaders(t *testing.T) {
	t.Parallel()
	key := testEd25519()
	for _, scheme := range []Scheme{Cavage, RFC9421} {
		r, body := outgoing(t, http.MethodPost)
		if err := Sign(r, body, Key{testKeyID, key}, scheme, signedAt); err != nil {
			t.Fatal(err)
		}
		in := arrived(r)
		in.Header.Set("Content-Type", r.Header.Get(followersSync))
		in.Header.Set(followersSync, r.Header.Get("Content-Type"))
		if _, err := Verify(t.Context(), in, body, only(testKeyID, key.Public()), ours()); !errors.Is(err, ErrMismatch) {
			t.Errorf("%v: %v", scheme, err)
		}
	}
}

// TestSEC10_HostAndTime refuses requests for another host, old ones and ones
// from the future, and accepts the edges of the window.
func TestSEC10_HostAndTime(t *testing.T) {
	t.Parallel()
	key := testEd25519()
	for _, scheme := range []Scheme{Cavage, RFC9421} {
		r, body := outgoing(t, http.MethodPost)
		if err := Sign(r, body, Key{testKeyID, key}, scheme, signedAt); err != nil {
			t.Fatal(err)
		}
		check := func(rules Rules) error {
			_, err := Verify(t.Context(), arrived(r), body, only(testKeyID, key.Public()), rules)
			return err
		}
		for after, ok := range map[time.Duration]bool{
			-61 * time.Minute: false, -60 * time.Minute: true, 65 * time.Minute: true, 65*time.Minute + time.Second: false,
			1000 * time.Hour: false, -1000 * time.Hour: false,
		} {
			if err := check(Rules{Hosts: []string{"coterie.example"}, Now: signedAt.Add(after)}); (err == nil) != ok {
				t.Errorf("%v, checked after %v: %v", scheme, after, err)
			}
		}
		if err := check(Rules{Hosts: []string{"other.example"}, Now: signedAt}); !domain.Is(err, domain.Unauthenticated) {
			t.Errorf("%v, for another host: %v", scheme, err)
		}
	}
}

// TestSEC10_LongExpires never lets a signature live longer than twelve hours
// and an hour of skew, and lets an uncovered expires change nothing.
func TestSEC10_LongExpires(t *testing.T) {
	t.Parallel()
	key := testEd25519()
	sign := func(params, covered string) *http.Request {
		r, _ := outgoing(t, http.MethodGet)
		r = arrived(r)
		header := `keyId="` + testKeyID + `",algorithm="hs2019",` + params + `,headers="` + covered + `",signature="AAAA"`
		h, err := parseCavage(header)
		if err != nil {
			t.Fatal(err)
		}
		base, err := h.signingString(r, nil, requestTarget(r))
		if err != nil {
			t.Fatal(err)
		}
		sig, err := signBytes(key, base)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Signature", strings.Replace(header, "AAAA", base64.StdEncoding.EncodeToString(sig), 1))
		return r
	}
	const forever = `created=1780394400,expires=99999999999`
	for _, c := range []struct {
		params, covered string
		life            time.Duration
	}{
		{forever, "(request-target) host (created) (expires)", 13 * time.Hour},
		{forever, "(request-target) host (created)", 65 * time.Minute},
		{`created=1780394400,expires=1780394460`, "(request-target) host (created) (expires)", 61 * time.Minute},
	} {
		r := sign(c.params, c.covered)
		for _, late := range []time.Duration{0, time.Second} {
			rules := Rules{Hosts: []string{"coterie.example"}, Now: signedAt.Add(c.life + late)}
			if _, err := Verify(t.Context(), r, nil, only(testKeyID, key.Public()), rules); (err == nil) != (late == 0) {
				t.Errorf("%s covering %s after %v: %v", c.params, c.covered, c.life+late, err)
			}
		}
	}
}

// TestSEC12_Keys refuses keys of the wrong type, and short, huge and odd RSA keys.
func TestSEC12_Keys(t *testing.T) {
	t.Parallel()
	good := testRSA(t)
	r, body := outgoing(t, http.MethodPost)
	if err := Sign(r, body, Key{testKeyID, good}, Cavage, signedAt); err != nil {
		t.Fatal(err)
	}
	even := new(big.Int).Sub(good.N, big.NewInt(1))
	other, err := GenerateRSA()
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.PublicKey{
		"nil": nil, "empty": (*rsa.PublicKey)(nil), "no modulus": &rsa.PublicKey{E: 3}, "ed25519": testEd25519().Public(),
		"short": &rsa.PublicKey{N: new(big.Int).Rsh(good.N, 1024), E: 65537}, "huge": &rsa.PublicKey{N: new(big.Int).Lsh(good.N, 8192), E: 65537},
		"even modulus": &rsa.PublicKey{N: even, E: 65537}, "exponent 1": &rsa.PublicKey{N: good.N, E: 1}, "even exponent": &rsa.PublicKey{N: good.N, E: 4},
		"a string": "key", "another": other.Public(),
	} {
		_, err := Verify(t.Context(), arrived(r), body, only(testKeyID, key), ours())
		if !domain.Is(err, domain.Unauthenticated) || errors.Is(err, ErrMismatch) != (name == "another") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLookupComesLast asks for a key only when everything else is good.
func TestLookupComesLast(t *testing.T) {
	t.Parallel()
	asked := 0
	down := errors.New("host is down")
	lookup := func(context.Context, string) (crypto.PublicKey, error) {
		asked++
		return nil, &domain.Error{Kind: domain.Unavailable, Msg: "later", Err: down}
	}
	r := httptest.NewRequest(http.MethodPost, "https://coterie.example/inbox", strings.NewReader(likeBody))
	if _, err := Verify(t.Context(), r, []byte(likeBody), lookup, ours()); !errors.Is(err, ErrUnsigned) || asked != 0 {
		t.Errorf("unsigned: %v, asked %d times", err, asked)
	}
	out, body := outgoing(t, http.MethodPost)
	if err := Sign(out, body, Key{testKeyID, testEd25519()}, Cavage, signedAt); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(t.Context(), arrived(out), append(body, ' '), lookup, ours()); err == nil || asked != 0 {
		t.Errorf("wrong body: %v, asked %d times", err, asked)
	}
	if _, err := Verify(t.Context(), arrived(out), body, lookup, ours()); !domain.Is(err, domain.Unavailable) || !errors.Is(err, down) || asked != 1 {
		t.Errorf("good: %v, asked %d times", err, asked)
	}
}

func TestKeyIDForms(t *testing.T) {
	t.Parallel()
	for id, ok := range map[string]bool{
		"https://a.example/users/x#main-key": true, "https://a.example/users/x/main-key": true, "https://a.example/users/x/#main-key": true,
		"https://a.example/users/x": true, "acct:x@a.example": true, "http://127.0.0.1:8080/x#k": true,
		"": false, "x": false, "https://": false, "ftp://a.example/x": false, "https://u:p@a.example/x": false,
		"https://a.example/\nx": false, "https://a.example/é": false, "https://a.example/" + strings.Repeat("x", 2048): false,
	} {
		if err := checkKeyID(id); (err == nil) != ok {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestKeysSurviveEncoding(t *testing.T) {
	t.Parallel()
	for _, k := range []crypto.Signer{testRSA(t), testEd25519()} {
		private, err := EncodePrivatePEM(k)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodePrivatePEM(private)
		if err != nil {
			t.Fatal(err)
		}
		public, err := EncodePublicPEM(back.Public())
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{
			public, strings.ReplaceAll(public, "\n", "\r\n"), strings.ReplaceAll(public, "\n", " "), strings.TrimSpace(public), "\n" + public,
		} {
			got, err := DecodePublicPEM(text)
			if err != nil || !k.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(got) {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
	for _, bad := range []string{"", "x", "-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", strings.Repeat("A", 20<<10)} {
		if _, err := DecodePublicPEM(bad); !domain.Is(err, domain.Invalid) {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
}

// TestMultikey uses the key of the FEP-8b32 vector.
func TestMultikey(t *testing.T) {
	t.Parallel()
	const text = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
	key, err := DecodeMultikey(text)
	if err != nil || EncodeMultikey(key) != text {
		t.Errorf("%x %v", key, err)
	}
	for _, bad := range []string{"", "z", text[1:], "z" + text, text[:20], "z0OIl", "z" + strings.Repeat("1", 400), "m" + text[1:]} {
		if _, err := DecodeMultikey(bad); !domain.Is(err, domain.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for range 100 {
		b := make([]byte, 40)
		if _, err := rand.Read(b[3:]); err != nil {
			t.Fatal(err)
		}
		back, err := DecodeBase58(EncodeBase58(b))
		if err != nil || string(back) != string(b) {
			t.Fatalf("%x became %x: %v", b, back, err)
		}
	}
}
