package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"coterie/internal/domain"
)

// Client makes requests as somebody, straight into the community's handler.
type Client struct {
	c      *Community
	t      testing.TB
	token  string
	header http.Header
	ctx    context.Context
}

// As is the client of somebody of the cast, with a token for everything.
func (c *Community) As(name string) *Client { return c.WithToken(c.Person(name).Token) }

// Anonymous is a client without a token.
func (c *Community) Anonymous() *Client { return c.WithToken("") }

// WithToken is a client with any token.
func (c *Community) WithToken(token string) *Client {
	return &Client{c: c, t: c.T, token: token, header: http.Header{}, ctx: context.Background()}
}

// With is the client with one more header on each request.
func (cl *Client) With(name, value string) *Client {
	next := *cl
	next.header = cl.header.Clone()
	next.header.Set(name, value)
	return &next
}

// WithContext makes the requests under ctx.
func (cl *Client) WithContext(ctx context.Context) *Client {
	next := *cl
	next.ctx = ctx
	return &next
}

// In reports failures to another test, such as a subtest.
func (cl *Client) In(t testing.TB) *Client {
	next := *cl
	next.t = t
	return &next
}

// Form is a body as browsers and most clients send it.
type Form = url.Values

// F makes a Form of pairs: key, value, key, value …
func F(pairs ...string) Form {
	f := Form{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return f
}

// Raw is a body with its own Content-Type.
type Raw struct {
	Type string
	Body []byte
}

// GET asks for a path with its query.
func (cl *Client) GET(path string) *Answer { return cl.Do(http.MethodGet, path, nil) }

// POST sends a body: nil, Form, Raw, or anything else as JSON.
func (cl *Client) POST(path string, body any) *Answer { return cl.Do(http.MethodPost, path, body) }

// PUT is POST with another verb.
func (cl *Client) PUT(path string, body any) *Answer { return cl.Do(http.MethodPut, path, body) }

// PATCH is POST with another verb.
func (cl *Client) PATCH(path string, body any) *Answer { return cl.Do(http.MethodPatch, path, body) }

// DELETE is POST with another verb.
func (cl *Client) DELETE(path string, body any) *Answer { return cl.Do(http.MethodDelete, path, body) }

// Do makes one request.
func (cl *Client) Do(method, path string, body any) *Answer {
	cl.t.Helper()
	contentType, content := encode(cl.t, body)
	r := httptest.NewRequestWithContext(cl.ctx, method, cl.c.Config.BaseURL()+path, content)
	r.RemoteAddr = "127.0.0.1:40000"
	for k, v := range cl.header {
		r.Header[k] = v
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if cl.token != "" {
		r.Header.Set("Authorization", "Bearer "+cl.token)
	}
	w := httptest.NewRecorder()
	cl.c.Handler().ServeHTTP(w, r)
	res := w.Result()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		cl.t.Fatal(err)
	}
	a := &Answer{t: cl.t, Method: method, Path: path, Status: res.StatusCode, Header: res.Header, Body: b}
	a.check()
	if a.Status < http.StatusBadRequest {
		show(cl.t, method, path)
	}
	return a
}

func encode(t testing.TB, body any) (contentType string, content io.Reader) {
	t.Helper()
	switch b := body.(type) {
	case nil:
		return "", nil
	case Form:
		return "application/x-www-form-urlencoded", strings.NewReader(b.Encode())
	case Raw:
		return b.Type, bytes.NewReader(b.Body)
	}
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return "application/json", bytes.NewReader(b)
}

// Answer is what came back.
type Answer struct {
	t      testing.TB
	Method string
	Path   string
	Status int
	Header http.Header
	Body   []byte
}

// Want fails the test unless the status is the one expected.
func (a *Answer) Want(status int) *Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("%s %s: got %d, want %d: %s", a.Method, a.Path, a.Status, status, a.Body)
	}
	return a
}

// OK is Want(200).
func (a *Answer) OK() *Answer {
	a.t.Helper()
	return a.Want(http.StatusOK)
}

// Into decodes the body.
func (a *Answer) Into(v any) *Answer {
	a.t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		a.t.Fatalf("%s %s: %v: %s", a.Method, a.Path, err, a.Body)
	}
	return a
}

// Object is the body as a JSON object, after OK.
func (a *Answer) Object() Object {
	a.t.Helper()
	var o Object
	a.OK().Into(&o)
	return o
}

// List is the body as a JSON array of objects, after OK.
func (a *Answer) List() []Object {
	a.t.Helper()
	var l []Object
	a.OK().Into(&l)
	return l
}

// Error is the text of a JSON error, with the status expected.
func (a *Answer) Error(status int) string {
	a.t.Helper()
	var e struct{ Error string }
	a.Want(status).Into(&e)
	return e.Error
}

var linkPattern = regexp.MustCompile(`<([^>]*)>; rel="([a-z]+)"`)

// Link is the path and query of the Link header's entry, "" if there is none.
func (a *Answer) Link(rel string) string {
	a.t.Helper()
	for _, m := range linkPattern.FindAllStringSubmatch(a.Header.Get("Link"), -1) {
		if m[2] != rel {
			continue
		}
		u, err := url.Parse(m[1])
		if err != nil {
			a.t.Fatalf("%s %s: link %q: %v", a.Method, a.Path, m[1], err)
		}
		return u.RequestURI()
	}
	return ""
}

// Object is a JSON object.
type Object map[string]any

// Str is a text, "" if absent.
func (o Object) Str(key string) string {
	s, _ := o[key].(string)
	return s
}

// ID is the object's own id.
func (o Object) ID() domain.ID {
	id, _ := domain.ParseID(o.Str("id"))
	return id
}

// Obj is an object inside, nil if absent.
func (o Object) Obj(key string) Object {
	m, _ := o[key].(map[string]any)
	return m
}

// Num is a number, 0 if absent.
func (o Object) Num(key string) float64 {
	n, _ := o[key].(float64)
	return n
}

// Bool is a truth, false if absent.
func (o Object) Bool(key string) bool {
	b, _ := o[key].(bool)
	return b
}

// Post has somebody publish a status and returns it.
func (c *Community) Post(name, text string, pairs ...string) Object {
	c.T.Helper()
	return c.As(name).POST("/api/v1/statuses", F(append([]string{"status", text}, pairs...)...)).Object()
}

// Follow has one follow another, and works off what follows from it.
func (c *Community) Follow(follower, target string) {
	c.T.Helper()
	c.As(follower).POST("/api/v1/accounts/"+c.Person(target).ID.String()+"/follow", nil).OK()
	c.Settle()
}
