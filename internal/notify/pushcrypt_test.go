package notify

import (
	"crypto/ecdh"
	"encoding/base64"
	"strings"
	"testing"
)

// vector is a message with everything that is drawn at random given.
type vector struct {
	own, app, auth, salt string
	plain                string
	want                 string
}

func (v vector) sealing(t *testing.T) *sealing {
	t.Helper()
	decode := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	own, err := ecdh.P256().NewPrivateKey(decode(v.own))
	if err != nil {
		t.Fatal(err)
	}
	app, err := ecdh.P256().NewPublicKey(decode(v.app))
	if err != nil {
		t.Fatal(err)
	}
	return &sealing{app: app, auth: decode(v.auth), own: own, salt: decode(v.salt)}
}

// The example of RFC 8291, section 5 and appendix A.
func TestStandardEncodingOfRFC8291(t *testing.T) {
	t.Parallel()
	v := vector{
		own:   "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
		app:   "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
		auth:  "BTBZMqHH6r4Tts7J_aSIgg",
		salt:  "DGv6ra1nlYgDCS1FRnbzlw",
		plain: "When I grow up, I want to be a watermelon",
		want: "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz" +
			"AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
	}
	got, err := v.sealing(t).standard([]byte(v.plain))
	if err != nil || raw64(got) != v.want {
		t.Errorf("%v\ngot  %s\nwant %s", err, raw64(got), v.want)
	}
}

// The example of draft-ietf-webpush-encryption-04, section 5.
func TestLegacyEncodingOfTheDraft(t *testing.T) {
	t.Parallel()
	v := vector{
		own:   "nCScek-QpEjmOOlT-rQ38nZzvdPlqa00Zy0i6m2OJvY",
		app:   "BCEkBjzL8Z3C-oi2Q7oE5t2Np-p7osjGLg93qUP0wvqRT21EEWyf0cQDQcakQMqz4hQKYOQ3il2nNZct4HgAUQU",
		auth:  "R29vIGdvbyBnJyBqb29iIQ",
		salt:  "lngarbyKfMoi9Z75xYXmkg",
		plain: "I am the walrus",
		want:  "6nqAQUME8hNqw5J3kl8cpVVJylXKYqZOeseZG8UueKpA",
	}
	got, err := v.sealing(t).legacy([]byte(v.plain))
	if err != nil || raw64(got) != v.want {
		t.Errorf("%v\ngot  %s\nwant %s", err, raw64(got), v.want)
	}
}

func TestMessagesFitIntoOneRecord(t *testing.T) {
	t.Parallel()
	own, err := ecdh.P256().NewPrivateKey([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSealing(own.PublicKey().Bytes(), []byte(strings.Repeat("a", 16)))
	if err != nil {
		t.Fatal(err)
	}
	crowd := strings.Repeat("a"+strings.Repeat("\u0301", 500), 400) // characters of a thousand bytes
	m := message{AccessToken: strings.Repeat("t", 512), Title: oneLine(crowd, maxName), Body: oneLine(strings.Repeat("\u2028\x01<&", 90)+crowd, 140)}
	plain, err := m.json()
	if err != nil {
		t.Fatal(err)
	}
	if body, err := s.standard(plain); err != nil || len(body) > recordSize {
		t.Errorf("%d bytes: %v", len(body), err)
	}
	if _, err := s.legacy(plain); err != nil {
		t.Error(err)
	}
	if _, err := s.standard(make([]byte, recordSize)); err == nil {
		t.Error("a message of a whole record is taken")
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":               "",
		" two\n\nlines ": "two lines",
		"bell\a":         "bell",
		"12345678901":    "123456789…",
		"1234567890":     "1234567890",
		"👨‍👩‍👧‍👦👨‍👩‍👧‍👦 families": "👨‍👩‍👧‍👦👨‍👩‍👧‍👦 famili…",
	} {
		if got := oneLine(in, 10); got != want {
			t.Errorf("%q becomes %q, not %q", in, got, want)
		}
	}
}

func TestTicketsEndOneSubscriptionOnly(t *testing.T) {
	t.Parallel()
	k, err := readPushKey([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	other, err := readPushKey([]byte(strings.Repeat("o", 32)))
	if err != nil {
		t.Fatal(err)
	}
	good := k.ticket(12)
	if id, ok := k.ticketed(good); !ok || id != 12 {
		t.Errorf("%s: %v %v", good, id, ok)
	}
	_, mac, _ := strings.Cut(good, ".")
	for _, bad := range []string{"", "12", "12.", "13." + mac, "012." + mac, other.ticket(12), good + "x"} {
		if _, ok := k.ticketed(bad); ok {
			t.Errorf("%q is taken", bad)
		}
	}
}
