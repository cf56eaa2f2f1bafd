package apub

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	nsIntegrity = "https://w3id.org/security/data-integrity/v2"
	cryptosuite = "eddsa-jcs-2022"
)

// Errors of signed documents.
var (
	ErrUnsigned  = errors.New("the document counts as unsigned")
	ErrSignature = errors.New("the document's signature is wrong")
)

// Proof is an integrity proof of a document (FEP-8b32). VerificationMethod
// names the key; its owner must be the document's actor or author, see
// Actor.Ed25519. Expires is zero when not given; compare it with the clock.
type Proof struct {
	VerificationMethod string
	Created, Expires   time.Time
}

// findProof picks the proof of the suite we know.
func findProof(root *node) *node {
	for _, p := range root.get("proof").list(8) {
		if p.get("type").str() == "DataIntegrityProof" && p.get("cryptosuite").str() == cryptosuite &&
			p.get("proofPurpose").str() == "assertionMethod" {
			return p
		}
	}
	return nil
}

func (n *node) proof() *Proof {
	return &Proof{
		VerificationMethod: n.get("verificationMethod").id(),
		Created:            n.get("created").moment(), Expires: n.get("expires").moment(),
	}
}

// ReadProof finds the proof of a document, unverified: for looking up its
// key. Without one it gives ErrUnsigned.
func ReadProof(body []byte) (*Proof, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	if p := findProof(&t.root); p != nil && p.proof().VerificationMethod != "" {
		return p.proof(), nil
	}
	return nil, ErrUnsigned
}

// VerifyProof checks the integrity proof of a document with the key its
// verificationMethod names. The proof covers every byte that Parse reads, so
// a valid one gives the document the authority of the key's owner.
func VerifyProof(body []byte, key ed25519.PublicKey) (*Proof, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	var a audit
	if auditTree(&t.root, &a); a.redefined || t.repeated || t.repaired {
		return nil, ErrUnsigned
	}
	p := findProof(&t.root)
	if p == nil || len(key) != ed25519.PublicKeySize {
		return nil, ErrUnsigned
	}
	if !contextPrefix(p.get("@context"), t.root.get("@context")) {
		return nil, fmt.Errorf("%w: its @context is another than the document's", ErrSignature)
	}
	value, err := decodeMultibase(p.get("proofValue").str())
	if err != nil || len(value) != ed25519.SignatureSize {
		return nil, fmt.Errorf("%w: unreadable value", ErrSignature)
	}
	hash, err := proofHash(p, provenUnder(&t.root, p.get("@context")))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	if !ed25519.Verify(key, hash, value) {
		return nil, ErrSignature
	}
	return p.proof(), nil
}

// contextPrefix reports whether the proof's context is absent, equal to the
// document's, or its beginning.
func contextPrefix(proof, document *node) bool {
	if proof.kind == kindNull {
		return true
	}
	p, d := proof.list(64), document.list(64)
	if len(p) > len(d) {
		return false
	}
	for i := range p {
		x, errX := appendCanonical(nil, p[i])
		y, errY := appendCanonical(nil, d[i])
		if errX != nil || errY != nil || !bytes.Equal(x, y) {
			return false
		}
	}
	return true
}

// provenUnder is the document with the context it had when it was proven: a
// Linked Data signature made later may have added one of its own.
func provenUnder(document, context *node) *node {
	if context.kind == kindNull {
		return document
	}
	d := *document
	d.members = slices.Clone(d.members)
	for i := range d.members {
		if d.members[i].key == "@context" {
			d.members[i].value = *context
		}
	}
	return &d
}

// proofHash is what is signed: the hash of the proof without its value, then
// that of the document without proof and Linked Data signature.
func proofHash(proof, document *node) ([]byte, error) {
	config, err := appendCanonical(nil, proof, "proofValue")
	if err != nil {
		return nil, err
	}
	doc, err := appendCanonical(nil, document, "proof", "signature")
	if err != nil {
		return nil, err
	}
	a, b := sha256.Sum256(config), sha256.Sum256(doc)
	return append(a[:], b[:]...), nil
}

// Sign adds an integrity proof to a public document of ours, then a Linked Data
// signature. The contexts of both come first, for those readers of proofs who
// compare the document as it stands.
func Sign(body []byte, proof ProofKey, signature SignatureKey, created time.Time) ([]byte, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	for _, context := range []string{nsSec, nsIntegrity} {
		if body, t, err = withContext(t, context); err != nil {
			return nil, err
		}
	}
	if body, err = AddProof(body, proof.ID, proof.Private, created); err != nil {
		return nil, fmt.Errorf("adding a proof: %w", err)
	}
	return AddLDSignature(body, signature.ID, signature.Private, created)
}

// ProofKey and SignatureKey are private keys with their published ids.
type (
	ProofKey struct {
		ID      string
		Private ed25519.PrivateKey
	}
	SignatureKey struct {
		ID      string
		Private *rsa.PrivateKey
	}
)

// AddProof adds an integrity proof to a document of ours, and the context
// that defines it. Make it before a Linked Data signature.
func AddProof(body []byte, verificationMethod string, key ed25519.PrivateKey, created time.Time) ([]byte, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	if body, t, err = withContext(t, nsIntegrity); err != nil {
		return nil, err
	}
	w := &writer{}
	w.open('{')
	if c := t.root.get("@context"); c.kind != kindNull {
		w.key("@context")
		w.raw(string(body[c.start:c.end]))
	}
	w.str("type", "DataIntegrityProof")
	w.str("cryptosuite", cryptosuite)
	w.str("verificationMethod", verificationMethod)
	w.str("proofPurpose", "assertionMethod")
	w.when("created", created.Truncate(time.Second))
	config, err := parseJSON(append(bytes.Clone(w.b), '}'))
	if err != nil {
		return nil, err
	}
	hash, err := proofHash(&config.root, &t.root)
	if err != nil {
		return nil, err
	}
	w.str("proofValue", encodeMultibase(ed25519.Sign(key, hash)))
	w.close('}')
	return withMember(t, "proof", w.b)
}

// withContext adds an address to the end of the document's @context.
func withContext(t *tree, iri string) ([]byte, *tree, error) {
	if t.root.kind != kindObject || len(t.root.members) == 0 {
		return nil, nil, ErrShape
	}
	c := t.root.get("@context")
	if c.kind != kindString && c.kind != kindArray {
		return nil, nil, ErrShape
	}
	for _, e := range c.list(64) {
		if e.text == iri {
			return t.body, t, nil
		}
	}
	list := t.body[c.start:c.end]
	var out []byte
	out = append(out, t.body[:c.start]...)
	if c.kind == kindString {
		out = append(append(out, '['), list...)
	} else {
		out = append(out, bytes.TrimRight(list[:len(list)-1], " \t\r\n")...)
	}
	out = append(appendString(append(out, ','), iri), ']')
	out = append(out, t.body[c.end:]...)
	t, err := parseJSON(out)
	return out, t, err
}

// withMember adds a member to the end of the document.
func withMember(t *tree, name string, value []byte) ([]byte, error) {
	if t.root.kind != kindObject || len(t.root.members) == 0 {
		return nil, ErrShape
	}
	out := bytes.TrimRight(t.body[:t.root.end-1], " \t\r\n")
	out = append(bytes.Clone(out), ',')
	out = append(appendString(out, name), ':')
	return append(append(out, value...), '}'), nil
}
