package testkit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"testing"
)

// Authenticator is a device with one passkey, as WebAuthn's level 2 describes
// it: what a browser answers to navigator.credentials.
type Authenticator struct {
	t      testing.TB
	origin string
	key    *ecdsa.PrivateKey
	id     []byte
	user   []byte
	// Count is how often it has signed; a copy would fall behind.
	Count uint32
	// Verifies tells that it knows its owner, by finger or PIN.
	Verifies bool
}

// NewAuthenticator is a device in a browser that shows pages of that origin.
func NewAuthenticator(t testing.TB, origin string) *Authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &Authenticator{t: t, origin: origin, key: key, id: []byte(rand.Text()), Verifies: true}
}

var b64 = base64.RawURLEncoding

type publicKey struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		RPID      string `json:"rpId"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
	} `json:"publicKey"`
}

func (a *Authenticator) read(options Object) (p publicKey) {
	a.t.Helper()
	text, err := json.Marshal(options)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		a.t.Fatal(err)
	}
	return p
}

// Create answers navigator.credentials.create, with no attestation.
func (a *Authenticator) Create(options Object) string {
	a.t.Helper()
	p := a.read(options)
	user, err := b64.DecodeString(p.PublicKey.User.ID)
	if err != nil {
		a.t.Fatal(err)
	}
	a.user = user
	data := a.data(0x40) // with the credential's data
	data = append(data, make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.id)))
	data = append(append(data, a.id...), a.cose()...)
	object := []byte{0xa3} // a CBOR map of three
	object = append(append(object, cborText("fmt")...), cborText("none")...)
	object = append(append(object, cborText("attStmt")...), 0xa0)
	object = append(append(object, cborText("authData")...), cborBytes(data)...)
	return a.answer(map[string]any{
		"clientDataJSON":    b64.EncodeToString(a.client("webauthn.create", p.PublicKey.Challenge)),
		"attestationObject": b64.EncodeToString(object),
	})
}

// Get answers navigator.credentials.get.
func (a *Authenticator) Get(options Object) string {
	a.t.Helper()
	a.Count++
	client := a.client("webauthn.get", a.read(options).PublicKey.Challenge)
	data := a.data(0)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.answer(map[string]any{
		"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data),
		"signature": b64.EncodeToString(signature), "userHandle": b64.EncodeToString(a.user),
	})
}

func (a *Authenticator) answer(response map[string]any) string {
	text, err := json.Marshal(map[string]any{
		"id": b64.EncodeToString(a.id), "rawId": b64.EncodeToString(a.id), "type": "public-key",
		"response": response, "clientExtensionResults": map[string]any{},
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return string(text)
}

func (a *Authenticator) client(kind, challenge string) []byte {
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	return text
}

// data is the authenticator data (WebAuthn section 6.1).
func (a *Authenticator) data(flags byte) []byte {
	u, err := url.Parse(a.origin)
	if err != nil {
		a.t.Fatal(err)
	}
	hash := sha256.Sum256([]byte(u.Hostname()))
	flags |= 1 // somebody is there
	if a.Verifies {
		flags |= 4
	}
	return binary.BigEndian.AppendUint32(append(hash[:], flags), a.Count)
}

// cose is the public key: EC2, ES256 on P-256 (RFC 9053).
func (a *Authenticator) cose() []byte {
	point, err := a.key.PublicKey.Bytes()
	if err != nil {
		a.t.Fatal(err)
	}
	key := []byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21}
	key = append(key, cborBytes(point[1:33])...)
	return append(append(key, 0x22), cborBytes(point[33:])...)
}

func cborText(s string) []byte { return append([]byte{0x60 | byte(len(s))}, s...) }

func cborBytes(b []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0x59}, uint16(len(b))), b...)
}
