package httpkit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"coterie/internal/domain"
)

// Raw is JSON that is written as it is.
type Raw []byte

// Append is JSON that is appended where the answer is put together, in memory
// that answers share.
type Append func(b []byte) []byte

// Written says that the handler has answered itself through Request.Writer.
type Written struct{}

// Answer is a value with a status and headers of its own.
type Answer struct {
	status int
	value  any
	header http.Header
}

// Status answers v with another status than 200.
func Status(status int, v any) *Answer { return &Answer{status: status, value: v} }

// With adds a header.
func (a *Answer) With(name, value string) *Answer {
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Add(name, value)
	return a
}

// Redirect sends the client elsewhere. URL may be of another host or scheme,
// so check what a client supplied with SafeRedirect first.
type Redirect struct {
	URL    string
	Status int // 0: 302 Found
}

// Content is an answer that is not JSON: a page, a feed, a picture.
type Content struct {
	Type string // Content-Type
	Body []byte
}

// HTML is a page.
func HTML(body []byte) Content { return Content{Type: "text/html; charset=utf-8", Body: body} }

// answer writes what a handler returned.
func (k *Kit) answer(r *Request, e *endpoint, v any) {
	x := r.x
	if _, done := v.(Written); done || x.begun() {
		return
	}
	status := http.StatusOK
	h := x.Header()
	if a, ok := v.(*Answer); ok {
		status, v = a.status, a.value
		for name, values := range a.header {
			h[name] = values
		}
	}
	r.cacheControl(e, status)
	switch v := v.(type) {
	case Redirect:
		h["Location"] = []string{v.URL}
		if v.Status == 0 {
			v.Status = http.StatusFound
		}
		x.WriteHeader(v.Status)
	case Content:
		h["Content-Type"] = []string{v.Type}
		k.writeBytes(x, status, v.Body)
	case Page:
		r.linkPage(v)
		k.writeValue(x, status, v.Items)
	case OffsetPage:
		r.linkOffset(v)
		k.writeValue(x, status, v.Items)
	default:
		k.writeValue(x, status, v)
	}
}

// cacheControl sets who may keep the answer (behaviours 2.10), unless the
// handler did.
func (r *Request) cacheControl(e *endpoint, status int) {
	h := r.x.Header()
	if e.Cache == CacheOwn || len(h["Cache-Control"]) > 0 {
		return
	}
	h["Cache-Control"] = noStore
	if status >= 400 || (r.HTTP.Method != http.MethodGet && r.HTTP.Method != http.MethodHead) {
		return
	}
	switch {
	case e.Cache == CacheForever:
		h["Cache-Control"] = cacheForever
	case r.credentials:
	case e.Cache == CacheAnonymous:
		h["Cache-Control"] = cacheShort
	case e.Cache == CacheInstance:
		h["Cache-Control"] = cacheInstance
	}
}

var (
	cacheShort    = []string{"public, max-age=15"}
	cacheInstance = []string{"public, max-age=300"}
	cacheForever  = []string{"public, max-age=31536000, immutable"}
	emptyObject   = []byte("{}")
)

func (k *Kit) writeValue(x *exchange, status int, v any) {
	switch v := v.(type) {
	case nil:
		k.writeRaw(x, status, emptyObject)
	case Raw:
		k.writeRaw(x, status, v)
	case json.RawMessage:
		k.writeRaw(x, status, v)
	case Append:
		buf := k.buffer()
		defer k.release(buf)
		buf.Write(v(buf.AvailableBuffer()))
		k.writeRaw(x, status, buf.Bytes())
	default:
		k.writeJSON(x, status, v)
	}
}

// buffer is an empty one of those that answers share.
func (k *Kit) buffer() *bytes.Buffer {
	buf, _ := k.buffers.Get().(*bytes.Buffer)
	return buf
}

// release gives a buffer back, unless it is so large that it is better freed.
func (k *Kit) release(buf *bytes.Buffer) {
	if buf.Cap() <= 1<<20 {
		buf.Reset()
		k.buffers.Put(buf)
	}
}

// writeJSON encodes before it writes, so that a value that cannot be encoded
// is a 500 and not half an answer.
func (k *Kit) writeJSON(x *exchange, status int, v any) {
	buf := k.buffer()
	defer k.release(buf)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		k.cfg.Log.Error("encode answer", "id", x.id, "type", fmt.Sprintf("%T", v), "error", err)
		x.Header()["Cache-Control"] = noStore
		status = http.StatusInternalServerError
		buf.Reset()
		buf.WriteString(`{"error":"` + statuses[domain.Internal].sentence + `"}`)
	}
	k.writeRaw(x, status, bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
}

func (k *Kit) writeRaw(x *exchange, status int, body []byte) {
	h := x.Header()
	h["Content-Type"] = jsonType
	// What caches may keep can be asked for again at no cost (RFC 9110, 13.1.2).
	if kept := h["Cache-Control"]; status == http.StatusOK && len(kept) > 0 && strings.HasPrefix(kept[0], "public") && x.req.HTTP != nil {
		sum := sha256.Sum256(body)
		tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
		x.set(6, "Etag", tag)
		if known := x.req.HTTP.Header["If-None-Match"]; len(known) == 1 && names(known[0], tag) {
			x.WriteHeader(http.StatusNotModified)
			return
		}
	}
	k.writeBytes(x, status, body)
}

// names reports whether an If-None-Match has the tag; strong and weak ones
// count as the same.
func names(list, tag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || "W/"+strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

func (k *Kit) writeBytes(x *exchange, status int, body []byte) {
	x.set(1, "Content-Length", strconv.Itoa(len(body)))
	x.WriteHeader(status)
	// A failed write means that the client has left: nobody is there to be told.
	_, _ = x.Write(body)
}
