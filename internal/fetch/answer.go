package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"coterie/internal/domain"
)

// drainLimit is how much of an unwanted body is read so that its connection
// can be used again.
const drainLimit = 4 << 10 // bytes

// judge looks at the header of an answer: a stream for a good one, an address
// for a redirect, an error for all else.
func (k *call) judge(ctx context.Context, u *url.URL, res *http.Response) (*Stream, *url.URL, error) {
	if !k.o.Unfollowed {
		if next, err := k.redirect(u, res); next != nil || err != nil {
			return nil, next, err
		}
	}
	good := res.StatusCode >= 200 && res.StatusCode <= 299 || k.o.Unfollowed && res.StatusCode >= 300 && res.StatusCode <= 399
	if !good {
		return nil, nil, statusError(u.String(), res, k.client.now())
	}
	if err := k.checkHeader(res); err != nil {
		return nil, nil, err
	}
	limit := k.client.limits.Body
	if k.o.MaxBytes > 0 {
		limit = k.o.MaxBytes
	}
	return &Stream{
		URL: u, Status: res.StatusCode, Header: res.Header, Length: res.ContentLength,
		ctx: ctx, body: res.Body, left: limit,
	}, nil, nil
}

// redirect is where a redirect leads, nil for another answer or method.
func (k *call) redirect(u *url.URL, res *http.Response) (*url.URL, error) {
	switch res.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	location := res.Header.Values("Location")
	if len(location) == 0 || (k.method != http.MethodGet && k.method != http.MethodHead) {
		return nil, nil
	}
	if len(location) > 1 || len(location[0]) > urlLimit {
		return nil, invalid(ErrRedirect, "The other server redirects to nowhere")
	}
	raw := location[0]
	if lower := strings.ToLower(raw); !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
		rel, err := u.Parse(raw)
		if err != nil {
			return nil, invalid(ErrRedirect, "The other server redirects to nowhere")
		}
		raw = rel.String()
	}
	next, err := ParseURL(raw)
	if err != nil {
		return nil, fmt.Errorf("following a redirect from %s: %w: %w", u.Host, err, ErrRedirect)
	}
	if u.Scheme == schemeSecure && next.Scheme != schemeSecure && !k.client.guard.dev {
		return nil, invalid(ErrRedirect, "The other server redirects from https to http")
	}
	return next, nil
}

// checkHeader refuses answers of the wrong type, and ones compressed in a way
// that was not asked for.
func (k *call) checkHeader(res *http.Response) error {
	if enc := res.Header.Get("Content-Encoding"); enc != "" && enc != "identity" && k.method != http.MethodHead {
		return invalid(ErrContentType, "The other server answered in encoding %.40q", enc)
	}
	if k.o.Types == nil {
		return nil
	}
	types := res.Header.Values("Content-Type")
	if len(types) != 1 || !k.o.Types(types[0]) {
		return invalid(ErrContentType, "The other server answered with type %.80q", types)
	}
	return nil
}

// discard ends an exchange whose body nobody wants.
func discard(res *http.Response) {
	if res.ContentLength >= 0 && res.ContentLength <= drainLimit {
		_, _ = io.CopyN(io.Discard, res.Body, drainLimit) // the status has been read; this only saves a connection
	}
	_ = res.Body.Close()
}

func tooLarge(u *url.URL) error {
	return fmt.Errorf("%w: %w", domain.Errorf(domain.TooLarge, "The answer of %s is too large", u.Host), ErrTooLarge)
}

// announced closes and refuses a stream that says itself that it is too long.
func (s *Stream) announced(method string) error {
	if method == http.MethodHead || s.Length <= s.left {
		return nil
	}
	_ = s.Close()
	return tooLarge(s.URL)
}

// Read reads decompressed bytes.
func (s *Stream) Read(p []byte) (int, error) {
	if int64(len(p)) > s.left+1 {
		p = p[:s.left+1]
	}
	n, err := s.body.Read(p)
	if int64(n) > s.left {
		n, s.left = int(s.left), 0
		return n, tooLarge(s.URL)
	}
	s.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = failure(s.ctx, "reading "+s.URL.String(), err)
	}
	return n, err
}

// Close gives connection and slot back. It may be called more than once.
func (s *Stream) Close() error {
	if s.end == nil {
		return nil
	}
	_ = s.body.Close()
	s.end()
	s.end = nil
	return nil
}
