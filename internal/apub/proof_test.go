package apub

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

type proofVector struct {
	SecretKeyMultibase string
	PublicKeyMultibase string
	Actor              json.RawMessage
	Unsigned           json.RawMessage
	Signed             json.RawMessage
	Document           string `json:"jcs_document"`
	DocumentHash       string `json:"sha256_document_hex"`
}

func loadProof(t testing.TB) (v proofVector) {
	t.Helper()
	if err := json.Unmarshal(readFixture(t, "signatures/fep-8b32-eddsa-jcs-2022.json"), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestProofVector(t *testing.T) {
	t.Parallel()
	v := loadProof(t)
	got, err := Canonical(v.Unsigned)
	if err != nil || string(got) != v.Document {
		t.Fatalf("canonical form %s, %v", got, err)
	}
	if sum := sha256.Sum256(got); hex.EncodeToString(sum[:]) != v.DocumentHash {
		t.Error("wrong hash")
	}
	actor := parse(t, string(v.Actor)).Actor
	read, err := ReadProof(v.Signed)
	if err != nil {
		t.Fatal(err)
	}
	key, err := actor.Ed25519(read.VerificationMethod)
	if err != nil {
		t.Fatal(err)
	}
	if FormatMultikey(key) != v.PublicKeyMultibase {
		t.Error("multikey is not written as it was read")
	}
	proof, err := VerifyProof(v.Signed, key)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := decodeMultibase(v.SecretKeyMultibase)
	if err != nil {
		t.Fatal(err)
	}
	again, err := AddProof(v.Unsigned, proof.VerificationMethod, ed25519.NewKeyFromSeed(seed[2:]), proof.Created)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := Canonical(again)
	b, _ := Canonical(v.Signed)
	if !bytes.Equal(a, b) {
		t.Errorf("made again:\n%s\nwant\n%s", a, b)
	}
}

func TestProofRefusesChanges(t *testing.T) {
	t.Parallel()
	v := loadProof(t)
	key, err := ParseMultikey(v.PublicKeyMultibase)
	if err != nil {
		t.Fatal(err)
	}
	signed := string(v.Signed)
	for name, body := range map[string]string{
		"content":  strings.Replace(signed, "Hello world", "Hello, world", 1),
		"created":  strings.Replace(signed, "2023-02-24T23:36:38Z", "2023-02-24T23:36:39Z", 1),
		"added":    strings.Replace(signed, `"type": "Create"`, `"type": "Create", "to": "as:Public"`, 1),
		"repeated": strings.Replace(signed, `"type": "Create"`, `"type": "Delete", "type": "Create"`, 1),
		"suite":    strings.Replace(signed, "eddsa-jcs-2022", "eddsa-rdfc-2022", 1),
		"purpose":  strings.Replace(signed, `"assertionMethod"`, `"authentication"`, 1),
		"no value": strings.Replace(signed, `"z42ff`, `"y42ff`, 1),
		"unsigned": string(v.Unsigned),
		"not JSON": "x",
	} {
		if body == signed {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := VerifyProof([]byte(body), key); err == nil {
			t.Errorf("%s: still valid", name)
		}
	}
	other, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyProof(v.Signed, other); !errors.Is(err, ErrSignature) {
		t.Errorf("another key: %v", err)
	}
}

func TestKeysBelongToTheirActor(t *testing.T) {
	t.Parallel()
	const multikey = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
	a := parse(t, `{"type":"Person","id":"https://a.example/u","publicKey":[{"id":"https://a.example/u#k","owner":"https://b.example/u","publicKeyPem":"x"},
		{"id":"https://b.example/k","owner":"https://a.example/u"},"https://a.example/u#bare"],
		"assertionMethod":[{"id":"https://a.example/u#e","type":"Multikey","controller":"https://b.example/u","publicKeyMultibase":"`+multikey+`"}]}`).Actor
	for _, id := range []string{"https://a.example/u#k", "https://b.example/k", "https://a.example/u#bare", "https://a.example/u#none", ""} {
		if k, err := a.KeyFor(id); !errors.Is(err, ErrKey) {
			t.Errorf("%s gave %+v", id, k)
		}
	}
	if _, err := a.Ed25519("https://a.example/u#e"); !errors.Is(err, ErrKey) {
		t.Errorf("foreign multikey: %v", err)
	}
}

// The number and order examples of RFC 8785.
func TestCanonical(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0,1e21,123456789012345680000]}`: `{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1e+21,123456789012345680000]}`,
		`{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`:                     `{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`:                                 "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}",
		` [ ] `: `[]`, `{"as:a":{"b":1,"a":[{}]}}`: `{"as:a":{"a":[{}],"b":1}}`,
	} {
		if got, err := Canonical([]byte(in)); err != nil || string(got) != want {
			t.Errorf("%s\n got %s, %v\nwant %s", in, got, err, want)
		}
	}
	for _, bad := range []string{`{"a":1,"a":2}`, `"\ud800"`, `"\u0000"`, "\"\xff\"", `1e999`} {
		if got, err := Canonical([]byte(bad)); err == nil {
			t.Errorf("%s gave %s", bad, got)
		}
	}
}

type ldVector struct {
	PublicKeyPem string
	Document     json.RawMessage
	Options      string `json:"options_sha256_hex"`
	Hash         string `json:"document_sha256_hex"`
}

func loadLD(t testing.TB, name string) (v ldVector, key *rsa.PublicKey) {
	t.Helper()
	if err := json.Unmarshal(readFixture(t, "signatures/"+name), &v); err != nil {
		t.Fatal(err)
	}
	key, err := (&Key{PEM: v.PublicKeyPem}).RSA()
	if err != nil {
		t.Fatal(err)
	}
	return v, key
}

func TestLDSignatureVectors(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ld-rsasignature2017-mastodon.json", "ld-rsasignature2017-misskey-nonce.json"} {
		v, key := loadLD(t, name)
		options, document, err := ldHashes(v.Document)
		if err != nil || options != v.Options || document != v.Hash {
			t.Errorf("%s: hashes %s %s, %v", name, options, document, err)
		}
		s, err := VerifyLDSignature(v.Document, key)
		if err != nil || !strings.HasSuffix(s.Creator, "#main-key") || s.Created.IsZero() {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}

// SEC-14: keywords that move parts of a document about, nested, aliased or in
// lists, make it count as unsigned; so does any change.
func TestSEC14_LDSignatures(t *testing.T) {
	t.Parallel()
	v, key := loadLD(t, "ld-rsasignature2017-mastodon.json")
	doc := string(v.Document)
	change := func(old, with string) string {
		out := strings.Replace(doc, old, with, 1)
		if out == doc {
			t.Fatalf("%q is not in the document", old)
		}
		return out
	}
	const at = `"type": "Create"`
	for name, body := range map[string]string{
		"graph":           change(at, at+`,"@graph":[]`),
		"included":        change(at, at+`,"@included":{"id":"https://a.example/1"}`),
		"reverse":         change(at, at+`,"@reverse":{"object":"https://a.example/1"}`),
		"nested":          change(`"summary": null`, `"summary": null,"x":[{"@graph":[]}]`),
		"aliased":         change(`"ostatus": "http://ostatus.org#"`, `"ostatus": "http://ostatus.org#","g":"@graph"`),
		"term reverse":    change(`"ostatus": "http://ostatus.org#"`, `"ostatus": "http://ostatus.org#","r":{"@reverse":"as:object"}`),
		"container graph": change(`"ostatus": "http://ostatus.org#"`, `"ostatus": "http://ostatus.org#","r":{"@id":"as:x","@container":"@graph"}`),
		"scoped context":  change(`"ostatus": "http://ostatus.org#"`, `"ostatus": "http://ostatus.org#","r":{"@id":"as:x","@context":{"actor":"as:object"}}`),
		"import":          change(`"ostatus": "http://ostatus.org#"`, `"ostatus": "http://ostatus.org#","@import":"https://evil.example"`),
		"redefined":       change(`"ostatus": "http://ostatus.org#"`, `"ostatus": "http://ostatus.org#","actor":"as:object"`),
		"blank id":        change(at, at+`,"x":{"id":"_:b0"}`),
		"foreign context": change(`"https://www.w3.org/ns/activitystreams"`, `"https://evil.example/context"`),
		"content":         change("<p>Test</p>", "<p>Text</p>"),
		"repeated":        change(at, `"type":"Delete",`+at),
		"signature type":  change("RsaSignature2017", "RsaSignature2018"),
	} {
		if s, err := VerifyLDSignature([]byte(body), key); err == nil {
			t.Errorf("%s: valid, %+v", name, s)
		}
	}
}

func TestSEC61_LDSignatureBounds(t *testing.T) {
	t.Parallel()
	_, key := loadLD(t, "ld-rsasignature2017-mastodon.json")
	nest := func(depth, width int) string {
		s := `{"type":"as:Object"}`
		for range depth {
			s = `{"tag":[` + strings.Repeat(s+",", width-1) + s + `]}`
		}
		return s
	}
	for name, tags := range map[string]string{
		"wide": nest(1, 40), "bush": nest(3, 4), "long": nest(6, 1), "chains": "[" + strings.Repeat(nest(5, 1)+",", 80) + "{}]",
		"pairs": nest(5, 2), "deep": nest(60, 1), "flat": "[" + strings.Repeat("{},", 5000) + "{}]",
	} {
		body := `{"@context":"https://www.w3.org/ns/activitystreams","id":"https://a.example/1","type":"Note","tag":` + tags +
			`,"signature":{"type":"RsaSignature2017","creator":"https://a.example/u#k","created":"2026-01-01T00:00:00Z","signatureValue":"AAAA"}}`
		start := time.Now()
		if _, err := VerifyLDSignature([]byte(body), key); err == nil {
			t.Errorf("%s: valid", name)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s took %v", name, took)
		} else {
			t.Logf("%s took %v", name, took)
		}
	}
}

// TestProofOutlivesALaterSignature: a Linked Data signature adds a context of
// its own behind those that the proof covers.
func TestProofOutlivesALaterSignature(t *testing.T) {
	t.Parallel()
	public, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	plain := Encode(NewCreate(post+"/activity", plainNote()))
	later, err := AddProof(plain, bob+"#ed25519-key", edKey, noon)
	if err == nil {
		later, err = AddLDSignature(later, bob+"#main-key", rsaKey, noon)
	}
	if err != nil {
		t.Fatal(err)
	}
	both, err := Sign(plain, ProofKey{bob + "#ed25519-key", edKey}, SignatureKey{bob + "#main-key", rsaKey}, noon)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"one after the other": later, "together": both} {
		if _, err := VerifyProof(body, public); err != nil {
			t.Errorf("%s: the proof: %v", name, err)
		}
		if _, err := VerifyLDSignature(body, &rsaKey.PublicKey); err != nil {
			t.Errorf("%s: the signature: %v", name, err)
		}
	}
	aliased := bytes.Replace(later, []byte(`"`+nsSec+`"]`), []byte(`"`+nsSec+`",{"content":"as:summary"}]`), 1)
	if _, err := VerifyProof(aliased, public); err == nil || bytes.Equal(aliased, later) {
		t.Error("a context that gives words another meaning passes behind the proof's")
	}
}
