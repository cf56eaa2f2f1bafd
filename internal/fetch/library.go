package fetch

import (
	"io"
	"net/http"
)

// Library is a net/http client for libraries that want one. It reaches the
// hosts that the operator typed, whatever their address, and those of
// strangers under the usual guard; it follows no redirects, keeps no cookies,
// and its bodies and times are bounded like ours. No option weakens TLS.
func (c *Client) Library() *http.Client {
	return &http.Client{
		Transport: library{c}, Timeout: c.limits.Total,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type library struct{ c *Client }

func (l library) RoundTrip(r *http.Request) (*http.Response, error) {
	transport := l.c.strangers
	if l.c.guard.isOperator(HostPort(r.URL)) {
		transport = l.c.operator
	} else if err := l.c.guard.checkURL(r.URL, false); err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", l.c.userAgent)
	res, err := transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = bounded{io.LimitReader(res.Body, l.c.limits.Body), res.Body}
	return res, nil
}

// bounded reads so much of a body and no more.
type bounded struct {
	io.Reader
	io.Closer
}
