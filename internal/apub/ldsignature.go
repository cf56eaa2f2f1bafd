package apub

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/piprate/json-gold/ld"
)

//go:embed contexts/*.json
var contextFiles embed.FS

// bundled are the contexts that Linked Data signatures may use. Nothing else
// exists: a document that names another one counts as unsigned (SEC-15).
var bundled = map[string]string{
	nsAS: "activitystreams", "http://www.w3.org/ns/activitystreams": "activitystreams",
	nsSec: "security-v1", "https://w3id.org/identity/v1": "identity-v1",
	"https://w3id.org/security/data-integrity/v1": "data-integrity-v1", nsIntegrity: "data-integrity-v2",
	"https://w3id.org/security/multikey/v1":        "multikey-v1",
	"https://gotosocial.org/ns":                    "gotosocial-ns",
	"https://w3id.org/fep/7aa9":                    "fep-7aa9",
	"https://purl.archive.org/socialweb/webfinger": "webfinger",
}

// loader serves the bundled contexts.
type loader struct{}

func (loader) LoadDocument(addr string) (*ld.RemoteDocument, error) {
	name, ok := bundled[addr]
	if !ok {
		return nil, ld.NewJsonLdError(ld.LoadingDocumentFailed, "context is not bundled")
	}
	b, err := contextFiles.ReadFile("contexts/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("reading a bundled context: %w", err)
	}
	var doc any
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("reading a bundled context: %w", err)
	}
	return &ld.RemoteDocument{DocumentURL: addr, Document: doc}, nil
}

// LDSignature is an RsaSignature2017 (facts 5.1). It carries no authority,
// valid or not: what a forwarded or relayed document says is confirmed by
// fetching it (SEC-14). A valid one only tells that fetching is worth while.
type LDSignature struct {
	Creator string
	Created time.Time
}

// ReadLDSignature finds the signature, unverified. Without one it gives
// ErrUnsigned.
func ReadLDSignature(body []byte) (*LDSignature, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	return t.root.ldSignature()
}

func (n *node) ldSignature() (*LDSignature, error) {
	s := n.get("signature")
	out := &LDSignature{Creator: s.get("creator").id(), Created: s.get("created").moment()}
	if s.kind != kindObject || s.get("type").str() != "RsaSignature2017" || out.Creator == "" {
		return nil, ErrUnsigned
	}
	return out, nil
}

// VerifyLDSignature checks the signature with its creator's key. Documents
// that could mean something else to a JSON-LD reader (graph, included and
// reverse keywords, redefined names, contexts we do not bundle, blank node
// ids, repeated keys), and those that would take long to bring into canonical
// form, count as unsigned.
func VerifyLDSignature(body []byte, key *rsa.PublicKey) (*LDSignature, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	var a audit
	auditTree(&t.root, &a)
	blank := blanks{}
	if a.redefined || a.restructured || t.repeated || t.repaired || !blank.few(&t.root, 0) {
		return nil, ErrUnsigned
	}
	out, err := t.root.ldSignature()
	if err != nil {
		return nil, err
	}
	value, err := base64.StdEncoding.DecodeString(t.root.get("signature").get("signatureValue").str())
	if err != nil || key == nil {
		return nil, fmt.Errorf("%w: unreadable value", ErrSignature)
	}
	digest, err := ldDigest(t.body)
	if err != nil {
		return nil, err
	}
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], value); err != nil {
		return nil, ErrSignature
	}
	return out, nil
}

// AddLDSignature signs a public document of ours. Make the integrity proof
// first.
func AddLDSignature(body []byte, creator string, key *rsa.PrivateKey, created time.Time) ([]byte, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	if _, t, err = withContext(t, nsSec); err != nil {
		return nil, err
	}
	w := &writer{}
	w.open('{')
	w.str("type", "RsaSignature2017")
	w.str("creator", creator)
	w.when("created", created.Truncate(time.Second))
	options := append([]byte(nil), w.b...)
	unsigned, err := withMember(t, "signature", append(options, '}'))
	if err != nil {
		return nil, err
	}
	digest, err := ldDigest(unsigned)
	if err != nil {
		return nil, err
	}
	value, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		return nil, fmt.Errorf("signing a document: %w", err)
	}
	w.str("signatureValue", base64.StdEncoding.EncodeToString(value))
	w.close('}')
	return withMember(t, "signature", w.b)
}

// ldDigest is the hash that is signed: of the hex hashes of the options and
// of the document without its signature.
func ldDigest(body []byte) ([sha256.Size]byte, error) {
	options, document, err := ldHashes(body)
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	return sha256.Sum256([]byte(options + document)), nil
}

func ldHashes(body []byte) (options, document string, err error) {
	var doc map[string]any
	if err := json.Unmarshal(body, &doc); err != nil {
		return "", "", errors.Join(ErrSyntax, err)
	}
	sig, ok := doc["signature"].(map[string]any)
	if !ok {
		return "", "", ErrUnsigned
	}
	delete(doc, "signature")
	for _, k := range [...]string{"type", "id", "signatureValue"} {
		delete(sig, k)
	}
	sig["@context"] = "https://w3id.org/identity/v1"
	if options, err = normalHash(sig); err != nil {
		return "", "", err
	}
	document, err = normalHash(doc)
	return options, document, err
}

// normalHash is the hex SHA-256 of the document's URDNA2015 N-Quads. The
// library is told nothing but our contexts; should it stumble over a
// stranger's document, the document counts as unsigned.
func normalHash(doc any) (sum string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrUnsigned, r)
		}
	}()
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = loader{}
	options.Format = "application/n-quads"
	options.Algorithm = ld.AlgorithmURDNA2015
	quads, err := ld.NewJsonLdProcessor().Normalize(doc, options)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnsigned, err)
	}
	text, ok := quads.(string)
	if !ok {
		return "", ErrUnsigned
	}
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:]), nil
}

// Bounds on objects without an id: bringing many that look alike into
// canonical order takes factorial time.
const (
	maxBlanks     = 512
	maxBlankDepth = 6  // below each other
	maxBlankTwins = 4  // below one
	maxBlankCrowd = 16 // below those that hold more than one
)

type blanks struct{ total, crowd int }

// few walks the document. depth is how many objects without id are above.
func (b *blanks) few(n *node, depth int) bool {
	for i := range n.items {
		if !b.few(&n.items[i], depth) {
			return false
		}
	}
	if n.kind != kindObject {
		return true
	}
	if strings.HasPrefix(n.get("id").str(), "http") {
		depth = 0
	} else {
		b.total++
		depth++
	}
	if b.total > maxBlanks || depth > maxBlankDepth {
		return false
	}
	below := 0
	for i := range n.members {
		m := &n.members[i]
		if m.key == "@context" {
			continue
		}
		for _, c := range m.value.list(maxBlankTwins + 1) {
			if c.kind == kindObject || c.kind == kindArray {
				below++
			}
		}
		if !b.few(&m.value, depth) {
			return false
		}
	}
	if depth > 0 && below > 1 {
		b.crowd += below
	}
	return depth == 0 || below <= maxBlankTwins && b.crowd <= maxBlankCrowd
}
