package httpkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
)

// BodyClass says how large a body a route takes.
type BodyClass uint8

const (
	BodySmall   BodyClass = iota // 1 MiB, for everything without pictures
	BodyProfile                  // 20 MiB: avatar and header of 8 MB each
	BodyMedia                    // 110 MiB: a file of 99 MB and its preview
	BodyRaw                      // not decoded: the handler reads and limits it
)

// maxText is how much a JSON or form body, or all texts of a multipart body
// together, may hold in any class.
const maxText = 1 << 20

var bodyCaps = [...]int64{BodySmall: maxText, BodyProfile: 20 << 20, BodyMedia: 110 << 20, BodyRaw: 0}

// The errors of a body; the status is that of their kind.
var (
	errTooLarge = domain.Errorf(domain.TooLarge, "The request body is too large")
	errTooMany  = domain.Errorf(domain.BadRequest, "The request has too many parameters")
	errTooDeep  = domain.Errorf(domain.BadRequest, "A parameter is nested too deeply")
	errJSON     = domain.Errorf(domain.BadRequest, "The request body is not valid JSON")
	errBody     = domain.Errorf(domain.BadRequest, "The request body could not be read")
	errEncoding = domain.Errorf(domain.BadRequest, "Compressed request bodies are not accepted")
)

func (p *Params) readQuery(r *http.Request) error {
	if r.Pattern != "" && strings.IndexByte(r.Pattern, '{') >= 0 {
		p.path = r
	}
	if r.URL.RawQuery == "" {
		return nil
	}
	tree, err := decodeForm(r.URL.RawQuery)
	p.query = tree
	return err
}

// readBody decodes the body by its type, on every verb (behaviours 1.1). A
// body without a known type is JSON if it starts like an object, else a form.
func (p *Params) readBody(w http.ResponseWriter, r *http.Request, class BodyClass, tempDir string) error {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil
	}
	most := bodyCaps[class]
	if r.ContentLength > most {
		return errTooLarge
	}
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return errEncoding
	}
	kind, args, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		return p.readMultipart(http.MaxBytesReader(w, r.Body, most), args["boundary"], tempDir)
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxText))
	if err != nil {
		return bodyError(err)
	}
	start := bytes.TrimLeft(text, " \t\r\n")
	isJSON := kind == "application/json" || strings.HasSuffix(kind, "+json") ||
		kind != "application/x-www-form-urlencoded" && len(start) > 0 && start[0] == '{'
	switch {
	case len(start) == 0:
	case isJSON:
		p.body, err = decodeJSON(text)
	default:
		p.body, err = decodeForm(string(text))
	}
	return err
}

// bodyError tells a body over its cap from one that broke off.
func bodyError(err error) error {
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return errTooLarge
	}
	return &domain.Error{Kind: domain.BadRequest, Msg: errBody.Msg, Err: err}
}

// clean refuses text that is not UTF-8 and removes U+0000, which no store takes.
func clean(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", errText
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s, nil
}

// decodeForm reads a query or a urlencoded body. Broken escapes stand for
// themselves.
func decodeForm(text string) (*node, error) {
	root := &node{kind: nodeHash}
	count := 0
	for text != "" {
		var pair string
		pair, text, _ = strings.Cut(text, "&")
		if pair == "" {
			continue
		}
		if count++; count > maxParams {
			return nil, errTooMany
		}
		key, value, _ := strings.Cut(pair, "=")
		if err := root.add(unescape(key), unescape(value)); err != nil {
			return nil, err
		}
	}
	if len(root.keys) == 0 {
		return nil, nil // no parameters is an empty Params
	}
	return root, nil
}

// add cleans one pair and puts it where its key says.
func (n *node) add(key, value string) error {
	key, err := clean(key)
	if err != nil {
		return err
	}
	if value, err = clean(value); err != nil {
		return err
	}
	name, parts, err := splitKey(key)
	if err != nil {
		return err
	}
	n.insert(name, parts, &node{kind: nodeText, text: value})
	return nil
}

func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// decodeJSON reads a JSON object into the tree. Keys that repeat, more than
// one value, and more depth or values than the limits are refused (SEC-59).
func decodeJSON(text []byte) (*node, error) {
	if !utf8.Valid(text) {
		return nil, errText
	}
	d := jsonReader{dec: json.NewDecoder(bytes.NewReader(text))}
	d.dec.UseNumber()
	root, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := d.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errJSON
	}
	switch root.kind {
	case nodeHash:
		return root, nil
	case nodeNull:
		return nil, nil // null is no parameters
	}
	return nil, domain.Errorf(domain.BadRequest, "The request body must be a JSON object")
}

type jsonReader struct {
	dec   *json.Decoder
	count int
}

func (d *jsonReader) value(depth int) (*node, error) {
	if d.count++; d.count > maxParams {
		return nil, errTooMany
	}
	if depth > maxDepth {
		return nil, errTooDeep
	}
	token, err := d.dec.Token()
	if err != nil {
		return nil, errJSON
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return d.hash(depth)
		}
		if t == '[' {
			return d.list(depth)
		}
		return nil, errJSON
	case string:
		return &node{kind: nodeText, text: strings.ReplaceAll(t, "\x00", "")}, nil
	case json.Number:
		return &node{kind: nodeNumber, text: t.String()}, nil
	case bool:
		if t {
			return &node{kind: nodeBool, text: "true"}, nil
		}
		return &node{kind: nodeBool, text: "false"}, nil
	}
	return &node{kind: nodeNull}, nil
}

func (d *jsonReader) list(depth int) (*node, error) {
	n := &node{kind: nodeList}
	for d.dec.More() {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n.list = append(n.list, v)
	}
	_, err := d.dec.Token()
	if err != nil {
		return nil, errJSON
	}
	return n, nil
}

func (d *jsonReader) hash(depth int) (*node, error) {
	n := &node{kind: nodeHash}
	for d.dec.More() {
		token, err := d.dec.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return nil, errJSON
		}
		key = strings.ReplaceAll(key, "\x00", "")
		if n.find(key) >= 0 {
			return nil, domain.Errorf(domain.BadRequest, "The request body names a key twice")
		}
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n.put(key, v)
	}
	_, err := d.dec.Token()
	if err != nil {
		return nil, errJSON
	}
	return n, nil
}
