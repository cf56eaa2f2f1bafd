package apub

import (
	"strings"
	"testing"
)

// The cost of reading an ordinary Create, and of the same wrapped in lots of
// tags: what each inbox delivery pays.
func BenchmarkParse(b *testing.B) {
	body := readFixture(b, "mastodon/create-note-cw-emoji.json")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseTags(b *testing.B) {
	body := []byte(`{"type":"Note","tag":[` + strings.Repeat(`{"a":0,"b":[{}],"c":{"d":"e"}},`, 2000) + `0]}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	n := NewCreate(post+"/activity", fullNote())
	b.ReportAllocs()
	for b.Loop() {
		Encode(n)
	}
}

func BenchmarkVerifyLDSignature(b *testing.B) {
	v, key := loadLD(b, "ld-rsasignature2017-mastodon.json")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := VerifyLDSignature(v.Document, key); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyProof(b *testing.B) {
	v := loadProof(b)
	key, err := ParseMultikey(v.PublicKeyMultibase)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := VerifyProof(v.Signed, key); err != nil {
			b.Fatal(err)
		}
	}
}
