package fetch

import (
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// followersSync is covered where it is sent (facts 4.1, FEP-8fcf).
const followersSync = "Collection-Synchronization"

// Sign signs a request that is about to be sent, with the header sets of
// facts 4.1 and 4.4, replacing Date, digests and signatures that it carries:
// call it anew for every attempt and every redirect. body is what will be sent.
func Sign(r *http.Request, body []byte, key Key, scheme Scheme, now time.Time) error {
	if key.Private == nil || key.ID == "" {
		return fmt.Errorf("signing for %s: the key is empty", requestHost(r))
	}
	for _, name := range []string{"Digest", "Content-Digest", "Signature", "Signature-Input"} {
		r.Header.Del(name)
	}
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	var err error
	if scheme == RFC9421 {
		err = signRFC9421(r, body, key, now)
	} else {
		err = signDraft(r, body, key)
	}
	if err != nil {
		return fmt.Errorf("signing for %s: %w", requestHost(r), err)
	}
	return nil
}

func signDraft(r *http.Request, body []byte, key Key) error {
	h := &cavageHeader{algorithm: "hs2019", headers: []string{"(request-target)", "host", "date"}}
	if _, ok := key.Private.(*rsa.PrivateKey); ok {
		h.algorithm = "rsa-sha256"
	}
	optional := []string{"Accept", followersSync}
	if needsDigest(r, body) {
		r.Header.Set("Digest", digestHeader(body))
		optional = []string{"Digest", "Content-Type", followersSync}
	}
	for _, name := range optional {
		if r.Header.Get(name) != "" {
			h.headers = append(h.headers, strings.ToLower(name))
		}
	}
	base, err := h.signingString(r, body, requestTarget(r))
	if err != nil {
		return err
	}
	sig, err := signBytes(key.Private, base)
	if err != nil {
		return err
	}
	r.Header.Set("Signature", fmt.Sprintf(`keyId="%s",algorithm="%s",headers="%s",signature="%s"`,
		key.ID, h.algorithm, strings.Join(h.headers, " "), base64.StdEncoding.EncodeToString(sig)))
	return nil
}

func signRFC9421(r *http.Request, body []byte, key Key, now time.Time) error {
	input := sfMember{key: "sig1", isList: true}
	cover := func(name string) {
		input.list = append(input.list, sfItem{kind: sfString, text: name})
	}
	cover("@method")
	cover("@target-uri")
	if needsDigest(r, body) {
		r.Header.Set("Content-Digest", contentDigestHeader(body))
		cover("content-digest")
	}
	for _, name := range []string{"Content-Type", followersSync} {
		if r.Header.Get(name) != "" {
			cover(strings.ToLower(name))
		}
	}
	input.item.params = []sfParam{
		{"created", sfItem{kind: sfInteger, num: now.Unix()}},
		{"keyid", sfItem{kind: sfString, text: key.ID}},
	}
	base, err := signatureBase(&input, requestComponents(r, body, r.URL.Scheme))
	if err != nil {
		return err
	}
	sig, err := signBytes(key.Private, base)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("sig1=")
	input.writeList(&b)
	r.Header.Set("Signature-Input", b.String())
	r.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(sig)+":")
	return nil
}
