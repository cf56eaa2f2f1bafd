package fetch

import (
	"net/http"
	"strings"
	"testing"
)

// FuzzSignatureHeader reads draft-cavage headers: nothing panics, and what is
// accepted has a key id, a value and a bounded list.
func FuzzSignatureHeader(f *testing.F) {
	for _, v := range composed(f).Cavage {
		f.Add(v.Request.Headers["Signature"])
	}
	f.Add(`keyId="a",signature="",created="1",expires=2`)
	f.Fuzz(func(t *testing.T, value string) {
		h, err := parseCavage(value)
		if err != nil {
			return
		}
		if h.keyID == "" || len(h.headers) == 0 || len(h.headers) > memberLimit || len(value) > fieldLimit {
			t.Errorf("%q gave %+v", value, h)
		}
		r, body := outgoing(t, http.MethodPost)
		if base, err := h.signingString(r, body, "/inbox"); err == nil && strings.Count(string(base), "\n") != len(h.headers)-1 {
			t.Errorf("%q signs %q", value, base)
		}
	})
}

// FuzzMessageSignature reads RFC 9421 headers: nothing panics, and a
// signature base has one line per component.
func FuzzMessageSignature(f *testing.F) {
	for _, v := range composed(f).RFC9421 {
		f.Add(v.Request.Headers["Signature-Input"], v.Request.Headers["Signature"])
	}
	f.Add(`a=("@query-param";name="page" "@query" "@path" "content-length");created=1;keyid="x";nonce="\"\\"`, `a=:AAAA:`)
	f.Fuzz(func(t *testing.T, input, value string) {
		m, err := parseMessageSignature(input, value)
		if err != nil {
			return
		}
		r, body := outgoing(t, http.MethodGet)
		base, err := signatureBase(&m.input, requestComponents(r, body, "https"))
		if err == nil && strings.Count(string(base), "\n") != len(m.input.list) {
			t.Errorf("%q signs %q", input, base)
		}
	})
}

// FuzzDictionary writes what it has read and reads it again: the same text
// comes back.
func FuzzDictionary(f *testing.F) {
	for _, s := range []string{`a=(1 "b" c;d=?0 :AAAA:);e`, `a, b;c=1, d=-12`, `sha-256=:AAAA:`, "a=1 ,\tb=2", `a="\""`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first, err := parseDictionary(s)
		if err != nil {
			return
		}
		text := writeDictionary(first)
		second, err := parseDictionary(text)
		if err != nil || writeDictionary(second) != text {
			t.Errorf("%q became %q: %v", s, text, err)
		}
	})
}

func writeDictionary(dict []sfMember) string {
	var b strings.Builder
	for n := range dict {
		if n > 0 {
			b.WriteString(", ")
		}
		b.WriteString(dict[n].key + "=")
		if dict[n].isList {
			dict[n].writeList(&b)
		} else {
			dict[n].item.write(&b)
		}
	}
	return b.String()
}
