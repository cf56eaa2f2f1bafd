package apub

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// Key is an RSA key an actor publishes. PEM may be "" when only an id was
// given.
type Key struct{ ID, Owner, PEM string }

// Multikey is an Ed25519 key for integrity proofs (FEP-521a).
type Multikey struct{ ID, Controller, Multibase string }

// readKeys reads publicKey: an object, an id, or a list.
func readKeys(n *node) []Key {
	var out []Key
	for _, e := range n.list(MaxKeys) {
		if k := readKey(e); k.ID != "" {
			out = append(out, *k)
		}
	}
	return out
}

func readKey(n *node) *Key {
	k := &Key{ID: n.id()}
	if n.kind == kindObject {
		k.Owner = n.get("owner").id()
		if k.Owner == "" {
			k.Owner = n.get("controller").id()
		}
		if s := n.get("publicKeyPem").str(); len(s) <= 1<<14 {
			k.PEM = s
		}
	}
	return k
}

func readMultikeys(n *node) []Multikey {
	var out []Multikey
	for _, e := range n.list(MaxKeys) {
		k := Multikey{ID: e.id(), Controller: e.get("controller").id()}
		if s := e.get("publicKeyMultibase").str(); len(s) <= 200 {
			k.Multibase = s
		}
		if k.ID != "" && e.kind == kindObject && e.is("Multikey") {
			out = append(out, k)
		}
	}
	return out
}

// ErrKey is what every unusable key gives.
var ErrKey = errors.New("unusable key")

// RSA decodes the key: SPKI or PKCS#1, with any white space in place of line
// breaks (facts 4.3), 1024 to 8192 bits.
func (k *Key) RSA() (*rsa.PublicKey, error) {
	_, rest, ok := strings.Cut(k.PEM, "-----BEGIN ")
	label, rest, ok2 := strings.Cut(rest, "-----")
	data, _, ok3 := strings.Cut(rest, "-----END ")
	if !ok || !ok2 || !ok3 {
		return nil, fmt.Errorf("%w: no PEM block", ErrKey)
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(data), ""))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	var key *rsa.PublicKey
	switch label {
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(der)
	case "PUBLIC KEY":
		var any any
		if any, err = x509.ParsePKIXPublicKey(der); err == nil {
			if key, ok = any.(*rsa.PublicKey); !ok {
				err = errors.New("not RSA")
			}
		}
	default:
		err = errors.New("not a public key")
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	if b := key.N.BitLen(); b < 1024 || b > 8192 {
		return nil, fmt.Errorf("%w: %d bits", ErrKey, b)
	}
	return key, nil
}

// KeyFor finds the key a signature names, if the actor owns it: the owner
// must be the actor itself. An address with a slash before the fragment
// (BookWyrm) is compared as it stands.
func (a *Actor) KeyFor(id string) (*Key, error) {
	for i := range a.Keys {
		k := &a.Keys[i]
		if k.ID != id {
			continue
		}
		if k.Owner != a.ID {
			return nil, fmt.Errorf("%w: owned by another actor", ErrKey)
		}
		if !SameOrigin(k.ID, a.ID) {
			return nil, fmt.Errorf("%w: on another host than its actor", ErrKey)
		}
		return k, nil
	}
	return nil, fmt.Errorf("%w: the actor does not name it", ErrKey)
}

// Ed25519 finds the key a proof names, if the actor controls it.
func (a *Actor) Ed25519(verificationMethod string) (ed25519.PublicKey, error) {
	for _, k := range a.Multikeys {
		if k.ID != verificationMethod {
			continue
		}
		if k.Controller != a.ID || !SameOrigin(k.ID, a.ID) {
			return nil, fmt.Errorf("%w: controlled by another actor", ErrKey)
		}
		return ParseMultikey(k.Multibase)
	}
	return nil, fmt.Errorf("%w: the actor does not name it", ErrKey)
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// decodeMultibase decodes base58btc ("z…") of at most 200 characters.
func decodeMultibase(s string) ([]byte, error) {
	if len(s) < 2 || len(s) > 200 || s[0] != 'z' {
		return nil, errors.New("not base58btc")
	}
	v, zeros := new(big.Int), 0
	for i, c := range s[1:] {
		d := strings.IndexRune(base58, c)
		if d < 0 {
			return nil, errors.New("not base58btc")
		}
		if d == 0 && zeros == i {
			zeros++
		}
		v.Add(v.Mul(v, big.NewInt(58)), big.NewInt(int64(d)))
	}
	return append(make([]byte, zeros), v.Bytes()...), nil
}

func encodeMultibase(b []byte) string {
	var out []byte
	v, rest, base := new(big.Int).SetBytes(b), new(big.Int), big.NewInt(58)
	for v.Sign() > 0 {
		v.DivMod(v, base, rest)
		out = append(out, base58[rest.Int64()])
	}
	for _, c := range b {
		if c != 0 {
			break
		}
		out = append(out, base58[0])
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return "z" + string(out)
}

// ParseMultikey reads an Ed25519 public key, "z6Mk…".
func ParseMultikey(s string) (ed25519.PublicKey, error) {
	b, err := decodeMultibase(s)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	if len(b) != 2+ed25519.PublicKeySize || b[0] != 0xed || b[1] != 0x01 {
		return nil, fmt.Errorf("%w: not an Ed25519 multikey", ErrKey)
	}
	return ed25519.PublicKey(b[2:]), nil
}

// FormatMultikey writes an Ed25519 public key the way ParseMultikey reads it.
func FormatMultikey(k ed25519.PublicKey) string {
	return encodeMultibase(append([]byte{0xed, 0x01}, k...))
}
