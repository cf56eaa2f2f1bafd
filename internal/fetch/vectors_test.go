package fetch

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// vectorRequest is a request as the vector files write it.
type vectorRequest struct {
	Method, Target, Scheme, Authority string
	Headers                           map[string]string
	Body                              string
}

type vector struct {
	Name           string
	Request        vectorRequest
	SigningString  string `json:"signing_string"`
	SignatureBase  string `json:"signature_base"`
	VerifyAt       string `json:"verify_at"`
	VerifyAtEpoch  int64  `json:"verify_at_epoch"`
	Expect         string
	HeadersParam   *string `json:"headers_param"`
	Created        int64
	Expires        int64
	Signature      string
	SignatureInput string `json:"signature_input"`
	Label, Message string
	Alg            string
}

type composedFile struct {
	KeyID         string
	PublicKeyPem  string
	PrivateKeyPem string
	Cavage        []vector
	RFC9421       []vector `json:"rfc9421"`
}

func readVectors(tb testing.TB, name string, into any) {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "signatures", name))
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		tb.Fatal(err)
	}
}

func composed(tb testing.TB) composedFile {
	tb.Helper()
	var f composedFile
	readVectors(tb, "composed-cavage-and-rfc9421.json", &f)
	return f
}

// received is the request as a server hands it over.
func (v vectorRequest) received(tb testing.TB) (*http.Request, []byte) {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), v.Method, "https://"+v.Headers["Host"]+v.Target, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r.RequestURI = v.Target
	for name, value := range v.Headers {
		if name != "Host" {
			r.Header.Set(name, value)
		}
	}
	return r, []byte(v.Body)
}

func publicKey(tb testing.TB, text string) crypto.PublicKey {
	tb.Helper()
	key, err := DecodePublicPEM(text)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

// only is a lookup that knows one key.
func only(id string, key crypto.PublicKey) KeyLookup {
	return func(_ context.Context, asked string) (crypto.PublicKey, error) {
		if asked != id {
			return nil, refused("asked for key %q", asked)
		}
		return key, nil
	}
}

func TestComposedVectors(t *testing.T) {
	t.Parallel()
	f := composed(t)
	if len(f.Cavage) != 18 || len(f.RFC9421) != 9 {
		t.Fatalf("%d and %d vectors", len(f.Cavage), len(f.RFC9421))
	}
	for _, v := range append(f.Cavage, f.RFC9421...) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			now, scheme := time.Unix(v.VerifyAtEpoch, 0), RFC9421
			if v.VerifyAt != "" {
				now, _ = http.ParseTime(v.VerifyAt)
				scheme = Cavage
			}
			r, body := v.Request.received(t)
			rules := Rules{Hosts: []string{"coterie.example"}, Now: now}
			s, err := Verify(t.Context(), r, body, only(f.KeyID, publicKey(t, f.PublicKeyPem)), rules)
			if strings.HasPrefix(v.Expect, "reject") {
				if err == nil {
					t.Fatalf("accepted; should: %s", v.Expect)
				}
				t.Log(err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if s.Scheme != scheme || s.KeyID != f.KeyID {
				t.Errorf("scheme %v, key %q", s.Scheme, s.KeyID)
			}
			if got := string(s.bases[len(s.bases)-1]); v.Name == "get-query-signed-without-query" && got != v.SigningString {
				t.Errorf("signed %q", got)
			} else if got := string(s.bases[0]); v.Name != "get-query-signed-without-query" && got != v.SigningString+v.SignatureBase {
				t.Errorf("signed %q", got)
			}
		})
	}
}

func TestRealHs2019Vector(t *testing.T) {
	t.Parallel()
	var v struct {
		vector
		PublicKeyPem string
	}
	readVectors(t, "real-hs2019-created-expires.json", &v)
	r, body := v.Request.received(t)
	now, _ := http.ParseTime(v.VerifyAt)
	id := "https://oeee.cafe/ap/users/3609fd4e-d51d-4db8-9f04-4189815864dd#main-key"
	s, err := Verify(t.Context(), r, body, only(id, publicKey(t, v.PublicKeyPem)), Rules{Hosts: []string{r.Host}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if string(s.bases[0]) != v.SigningString {
		t.Errorf("signed %q", s.bases[0])
	}
}

// TestAppendixC checks signing strings and arithmetic with the draft's own
// values, and that its short key and thin coverage are refused by the rules.
func TestAppendixC(t *testing.T) {
	t.Parallel()
	var f struct {
		PublicKeyPem string
		Request      vectorRequest
		Vectors      []vector
	}
	readVectors(t, "cavage-appendix-c.json", &f)
	if _, err := DecodePublicPEM(f.PublicKeyPem); err == nil {
		t.Error("a key of 1024 bits was read")
	}
	block, _ := pem.Decode([]byte(f.PublicKeyPem))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range f.Vectors {
		r, body := f.Request.received(t)
		header := `keyId="Test",algorithm="rsa-sha256",signature="` + v.Signature + `"`
		if v.HeadersParam != nil {
			header += `,headers="` + *v.HeadersParam + `"`
		}
		if v.Created != 0 {
			header += ",created=" + strconv.FormatInt(v.Created, 10) + ",expires=" + strconv.FormatInt(v.Expires, 10)
		}
		h, err := parseCavage(header)
		if err != nil {
			t.Fatal(v.Name, err)
		}
		got, err := h.signingString(r, body, requestTarget(r))
		if v.Name == "all-headers" {
			if err == nil {
				t.Errorf("%s: (created) passed with rsa-sha256", v.Name)
			}
			got = []byte(v.SigningString)
		} else if err != nil || string(got) != v.SigningString {
			t.Errorf("%s: %q %v", v.Name, got, err)
		}
		if !verifyBytes(key, got, h.signature) {
			t.Errorf("%s: signature does not verify", v.Name)
		}
		r.Header.Set("Signature", header)
		at, _ := http.ParseTime(f.Request.Headers["Date"])
		if _, err := ParseSignature(r, body, Rules{Hosts: []string{"example.com"}, Now: at}); err == nil {
			t.Errorf("%s: too little is covered, and it passed", v.Name)
		}
	}
}

// TestAppendixB2 rebuilds the signature bases of RFC 9421 and checks the
// arithmetic of every algorithm there, most of which Verify refuses.
func TestAppendixB2(t *testing.T) {
	t.Parallel()
	var f struct {
		Keys     map[string]struct{ PublicKeyPem, Base64 string }
		Request  vectorRequest
		Response struct {
			Status  int
			Headers map[string]string
		}
		Vectors []vector
	}
	readVectors(t, "rfc9421-appendix-b2.json", &f)
	for _, v := range f.Vectors {
		dict, err := parseDictionary(v.Label + "=" + v.SignatureInput)
		if err != nil {
			t.Fatal(v.Name, err)
		}
		r, body := f.Request.received(t)
		value := requestComponents(r, body, "https")
		if v.Message == "response" {
			value = func(c *sfItem) (string, error) {
				if c.text == "@status" {
					return strconv.Itoa(f.Response.Status), nil
				}
				return f.Response.Headers[http.CanonicalHeaderKey(c.text)], nil
			}
		}
		base, err := signatureBase(&dict[0], value)
		if err != nil || string(base) != v.SignatureBase {
			t.Errorf("%s: %v\n%s", v.Name, err, base)
		}
		sig, err := base64.StdEncoding.DecodeString(v.Signature)
		if err != nil {
			t.Fatal(err)
		}
		held := f.Keys[dict[0].item.param("keyid").text]
		if !arithmetic(t, v.Alg, held.PublicKeyPem, held.Base64, base, sig) {
			t.Errorf("%s: signature does not verify", v.Name)
		}
		if v.Message != "request" {
			continue
		}
		r.Header.Set("Signature-Input", v.Label+"="+v.SignatureInput)
		r.Header.Set("Signature", v.Label+"=:"+v.Signature+":")
		if _, err := ParseSignature(r, body, Rules{Hosts: []string{"example.com"}, Now: time.Unix(1618884473, 0)}); err == nil {
			t.Errorf("%s: too little is covered, and it passed", v.Name)
		}
	}
}

func arithmetic(t *testing.T, alg, pemText, secret string, base, sig []byte) bool {
	t.Helper()
	if alg == "hmac-sha256" {
		key, _ := base64.StdEncoding.DecodeString(secret)
		mac := hmac.New(sha256.New, key)
		mac.Write(base)
		return hmac.Equal(mac.Sum(nil), sig)
	}
	block, _ := pem.Decode([]byte(pemText))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	switch k := key.(type) {
	case *rsa.PublicKey:
		sum := sha512.Sum512(base)
		return rsa.VerifyPSS(k, crypto.SHA512, sum[:], sig, nil) == nil
	case *ecdsa.PublicKey:
		sum := sha256.Sum256(base)
		return ecdsa.Verify(k, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
	}
	return verifyBytes(key, base, sig)
}
