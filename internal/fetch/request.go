package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"coterie/internal/domain"
)

// Options say how one request is made. The zero value asks for anything,
// unsigned, over https, within the limits of the Client.
type Options struct {
	Accept   string
	MaxBytes int64 // of the decompressed answer, 0 for Limits.Body
	// Types accepts the Content-Type of a 2xx answer, nil for any: IsActivity,
	// MediaTypes. Two such headers are refused.
	Types     func(contentType string) bool
	Signer    *Signer     // nil for unsigned
	Header    http.Header // more headers, not sent on to another origin
	PlainHTTP bool        // allow http, for pages that are only looked at
	Operator  bool        // the address is one of Config.AllowHosts
	Timeout   time.Duration
	Redirects int // 0 for Limits.Redirects, negative for none
	// Unfollowed gives an answer that redirects as it is.
	Unfollowed bool
}

// Signer signs every request, each redirect afresh (SEC-05).
type Signer struct {
	Key    Key
	Scheme Scheme
}

// Response is an answer read to its end.
type Response struct {
	URL    *url.URL // after redirects: the authority over what came (SEC-01)
	Status int
	Header http.Header
	Body   []byte
}

// Stream is an answer whose body is still to be read. Read fails with
// ErrTooLarge beyond MaxBytes and with ErrTimeout at the deadline.
type Stream struct {
	URL    *url.URL
	Status int
	Header http.Header
	Length int64 // as announced, -1 where unknown
	ctx    context.Context
	body   io.ReadCloser
	left   int64
	end    func()
}

// Get fetches an address and reads the answer. An error for every status but
// 2xx: see StatusError, ErrRefused, ErrTimeout, ErrTooLarge, ErrContentType.
func (c *Client) Get(ctx context.Context, address string, o Options) (*Response, error) {
	return c.whole(ctx, http.MethodGet, address, "", nil, o)
}

// Head is Get without a body.
func (c *Client) Head(ctx context.Context, address string, o Options) (*Response, error) {
	return c.whole(ctx, http.MethodHead, address, "", nil, o)
}

// Post sends body and reads the answer. Redirects are not followed: they are
// a StatusError.
func (c *Client) Post(ctx context.Context, address, contentType string, body []byte, o Options) (*Response, error) {
	return c.whole(ctx, http.MethodPost, address, contentType, body, o)
}

// Deliver is Post without interest in the answer's body: nothing of it is
// kept, and none can make the delivery fail.
func (c *Client) Deliver(ctx context.Context, address, contentType string, body []byte, o Options) error {
	s, err := c.open(ctx, http.MethodPost, address, contentType, body, o)
	if err != nil {
		return err
	}
	if s.Length >= 0 && s.Length <= drainLimit {
		_, _ = io.CopyN(io.Discard, s, drainLimit) // it is delivered; this only saves a connection
	}
	return s.Close()
}

// CheckAddress says why an address that a stranger supplied may never be
// called, as far as its text tells. What its name leads to is looked at with
// each request.
func (c *Client) CheckAddress(address string) error {
	u, err := ParseURL(address)
	if err != nil {
		return err
	}
	return c.guard.checkURL(u, false)
}

// Open is Get for large answers. The Stream must be closed.
func (c *Client) Open(ctx context.Context, address string, o Options) (*Stream, error) {
	s, err := c.open(ctx, http.MethodGet, address, "", nil, o)
	if err != nil {
		return nil, err
	}
	return s, s.announced(http.MethodGet)
}

func (c *Client) whole(ctx context.Context, method, address, contentType string, body []byte, o Options) (*Response, error) {
	s, err := c.open(ctx, method, address, contentType, body, o)
	if err != nil {
		return nil, err
	}
	if err := s.announced(method); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(s)
	if closed := s.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	return &Response{URL: s.URL, Status: s.Status, Header: s.Header, Body: b}, nil
}

// open makes the request and follows redirects. What it returns holds the
// deadline and the host's slot until it is closed.
func (c *Client) open(ctx context.Context, method, address, contentType string, body []byte, o Options) (*Stream, error) {
	total := c.limits.Total
	if o.Timeout > 0 {
		total = o.Timeout
	}
	ctx, cancel := context.WithTimeout(ctx, total)
	call := &call{client: c, method: method, contentType: contentType, body: body, o: o, seen: map[string]bool{}}
	s, err := call.follow(ctx, address)
	if err != nil {
		cancel()
		c.log.DebugContext(ctx, "outbound request failed", "method", method, "url", address, "error", err)
		return nil, err
	}
	release := s.end
	s.end = func() {
		release()
		cancel()
	}
	return s, nil
}

// call is one request with its redirects.
type call struct {
	client      *Client
	method      string
	contentType string
	body        []byte
	o           Options
	seen        map[string]bool
}

func (k *call) follow(ctx context.Context, address string) (*Stream, error) {
	u, err := ParseURL(address)
	if err != nil {
		return nil, err
	}
	first, hops := u, k.client.limits.Redirects
	if k.o.Redirects != 0 {
		hops = max(k.o.Redirects, 0)
	}
	for {
		if k.seen[u.String()] {
			return nil, invalid(ErrRedirect, "The other server redirects in a circle")
		}
		k.seen[u.String()] = true
		s, next, err := k.hop(ctx, u, sameOrigin(first, u))
		if err != nil || next == nil {
			return s, err
		}
		if hops--; hops < 0 {
			return nil, invalid(ErrRedirect, "The other server redirects too often")
		}
		u = next
	}
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }

// hop makes one exchange. It gives a stream, or the address to go to next.
func (k *call) hop(ctx context.Context, u *url.URL, home bool) (*Stream, *url.URL, error) {
	c := k.client
	if err := k.permit(u); err != nil {
		c.log.InfoContext(ctx, "outbound request refused", "url", u.String(), "error", err)
		return nil, nil, err
	}
	doing := k.method + " " + u.String()
	r, err := k.request(ctx, u, home)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", doing, err)
	}
	release, err := c.slots.acquire(ctx, u.Hostname())
	if err != nil {
		return nil, nil, failure(ctx, doing, err)
	}
	transport := c.strangers
	if k.o.Operator {
		transport = c.operator
	}
	res, err := transport.RoundTrip(r)
	if err != nil {
		release()
		return nil, nil, failure(ctx, doing, err)
	}
	s, next, err := k.judge(ctx, u, res)
	if s == nil {
		discard(res)
		release()
		return nil, next, err
	}
	s.end = release
	return s, nil, nil
}

// permit asks the guard about an address, before anything is sent.
func (k *call) permit(u *url.URL) error {
	if !k.o.Operator {
		return k.client.guard.checkURL(u, k.o.PlainHTTP)
	}
	if !k.client.guard.isOperator(HostPort(u)) {
		return notAllowed(u.Host, "what the operator did not type")
	}
	return nil
}

// request makes the request for one hop, signed afresh. Headers of the caller
// go to the first origin only (SEC-05).
func (k *call) request(ctx context.Context, u *url.URL, home bool) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, k.method, u.String(), nil)
	if err != nil {
		return nil, &domain.Error{Kind: domain.Invalid, Op: "fetch", Msg: "The address cannot be used", Err: err}
	}
	if k.body != nil {
		r.Body = io.NopCloser(bytes.NewReader(k.body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(k.body)), nil }
		r.ContentLength = int64(len(k.body))
	}
	if home {
		for name, values := range k.o.Header {
			r.Header[http.CanonicalHeaderKey(name)] = append([]string(nil), values...)
		}
	}
	r.Header.Set("User-Agent", k.client.userAgent)
	now := k.client.now()
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	if k.o.Accept != "" {
		r.Header.Set("Accept", k.o.Accept)
	}
	if k.contentType != "" {
		r.Header.Set("Content-Type", k.contentType)
	}
	if k.o.Signer == nil {
		return r, nil
	}
	return r, Sign(r, k.body, k.o.Signer.Key, k.o.Signer.Scheme, now)
}
