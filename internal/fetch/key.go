package fetch

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"

	"coterie/internal/domain"
)

// Names of RFC 9421 section 6.2 for what the fediverse uses.
const (
	algRSA     = "rsa-v1_5-sha256"
	algEd25519 = "ed25519"
)

const (
	rsaBits    = 2048
	rsaMaxBits = 8192
	pemLimit   = 16 << 10 // bytes
)

// Key is a private key that signs requests: *rsa.PrivateKey or
// ed25519.PrivateKey, and the id under which peers find its public half.
type Key struct {
	ID      string
	Private crypto.Signer
}

// GenerateRSA makes the key of an actor: RSA of 2048 bits, which every peer reads.
func GenerateRSA() (*rsa.PrivateKey, error) {
	k, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		return nil, fmt.Errorf("making an RSA key: %w", err)
	}
	return k, nil
}

// GenerateEd25519 makes a key for integrity proofs (FEP-8b32).
func GenerateEd25519() (ed25519.PrivateKey, error) {
	_, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making an Ed25519 key: %w", err)
	}
	return k, nil
}

// EncodePublicPEM writes a public key as SPKI ("BEGIN PUBLIC KEY"), the form
// of publicKeyPem.
func EncodePublicPEM(key crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("encoding a public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// EncodePrivatePEM writes a private key as PKCS #8 ("BEGIN PRIVATE KEY").
func EncodePrivatePEM(key crypto.Signer) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("encoding a private key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// DecodePrivatePEM reads what EncodePrivatePEM wrote, and PKCS #1.
func DecodePrivatePEM(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, domain.Errorf(domain.Invalid, "The private key is not PEM")
	}
	if block.Type == "RSA PRIVATE KEY" {
		k, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("reading a private key: %w", err)
		}
		return k, nil
	}
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading a private key: %w", err)
	}
	signer, ok := k.(crypto.Signer)
	if !ok {
		return nil, domain.Errorf(domain.Invalid, "A key of type %T cannot sign", k)
	}
	return signer, nil
}

// DecodePublicPEM reads the publicKeyPem of a stranger: SPKI or PKCS #1, with
// CRLF or spaces for newlines (facts 4.3). Keys that Check would refuse are
// Invalid here already.
func DecodePublicPEM(text string) (crypto.PublicKey, error) {
	if len(text) > pemLimit {
		return nil, domain.Errorf(domain.Invalid, "The public key is too long")
	}
	block, _ := pem.Decode([]byte(normalPEM(text)))
	if block == nil {
		return nil, domain.Errorf(domain.Invalid, "The public key is not PEM")
	}
	var key crypto.PublicKey
	var err error
	switch block.Type {
	case "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		return nil, domain.Errorf(domain.Invalid, "The public key is a %q", block.Type)
	}
	if err != nil {
		return nil, &domain.Error{Kind: domain.Invalid, Op: "fetch.DecodePublicPEM", Msg: "The public key cannot be read", Err: err}
	}
	if err := checkPublicKey(key, ""); err != nil {
		return nil, &domain.Error{Kind: domain.Invalid, Op: "fetch.DecodePublicPEM", Msg: "The public key is not of a kind we accept", Err: err}
	}
	return key, nil
}

// normalPEM puts every line of the body on its own line, whatever white space
// stood between them.
func normalPEM(text string) string {
	begin, rest, ok := strings.Cut(strings.TrimSpace(text), "-----BEGIN ")
	label, rest, ok2 := strings.Cut(rest, "-----")
	body, _, ok3 := strings.Cut(rest, "-----END ")
	if begin != "" || !ok || !ok2 || !ok3 {
		return text
	}
	return "-----BEGIN " + label + "-----\n" + strings.Join(strings.Fields(body), "\n") + "\n-----END " + label + "-----\n"
}

// checkPublicKey refuses keys of a type other than alg asks for ("" is
// either), and RSA keys that are short, huge or odd (SEC-12).
func checkPublicKey(key crypto.PublicKey, alg string) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if alg == algEd25519 {
			return refused("the key is not Ed25519")
		}
		if k == nil || k.N == nil || k.N.Sign() <= 0 {
			return refused("the RSA key is empty")
		}
		if n := k.N.BitLen(); n < rsaBits || n > rsaMaxBits {
			return refused("an RSA key must have %d to %d bits, this one has %d", rsaBits, rsaMaxBits, n)
		}
		if k.N.Bit(0) == 0 || k.E < 3 || k.E%2 == 0 || k.E > 1<<31-1 {
			return refused("the RSA key is odd")
		}
		return nil
	case ed25519.PublicKey:
		if alg == algRSA {
			return refused("the key is not RSA")
		}
		if len(k) != ed25519.PublicKeySize {
			return refused("the Ed25519 key has the wrong length")
		}
		return nil
	}
	return refused("a key of type %T is not supported", key)
}

// verifyBytes checks a signature over message with a key that checkPublicKey
// has passed.
func verifyBytes(key crypto.PublicKey, message, signature []byte) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		sum := sha256.Sum256(message)
		return rsa.VerifyPKCS1v15(k, crypto.SHA256, sum[:], signature) == nil
	case ed25519.PublicKey:
		return ed25519.Verify(k, message, signature)
	}
	return false
}

// signBytes signs message the way of the key's type.
func signBytes(key crypto.Signer, message []byte) (signature []byte, err error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		sum := sha256.Sum256(message)
		return rsa.SignPKCS1v15(nil, k, crypto.SHA256, sum[:])
	case ed25519.PrivateKey:
		return ed25519.Sign(k, message), nil
	}
	return nil, fmt.Errorf("a key of type %T cannot sign requests", key)
}
