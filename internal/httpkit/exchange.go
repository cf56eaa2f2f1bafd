package httpkit

import (
	"bufio"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// exchange is one request and its answer on the way: a ResponseWriter that
// counts, with room for the values of the headers set on every answer, so
// that they cost no allocation each.
type exchange struct {
	http.ResponseWriter
	req    Request
	start  time.Time
	id     string
	client netip.Addr
	status int
	bytes  int64
	hijack bool
	page   bool  // errors are told in HTML
	over   bool  // a limit refused the request
	tight  state // the tightest bucket so far
	values [7]string
}

// The shared values of constant headers. Nobody appends to them in place:
// their capacity is their length.
var (
	noSniff  = []string{"nosniff"}
	noStore  = []string{"private, no-store"}
	jsonType = []string{"application/json; charset=utf-8"}
	apiVary  = []string{"Authorization, Cookie, Origin, Sec-Fetch-Site"}
)

// set puts a header whose value lives in slot i; name must be canonical.
func (x *exchange) set(i int, name, value string) {
	x.values[i] = value
	x.Header()[name] = x.values[i : i+1 : i+1]
}

func (x *exchange) code() int {
	if x.status == 0 {
		return http.StatusOK
	}
	return x.status
}

// begun reports whether it is too late to answer something else.
func (x *exchange) begun() bool { return x.status != 0 || x.hijack }

func (x *exchange) WriteHeader(status int) {
	if x.status == 0 && status >= 200 {
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

func (x *exchange) Write(p []byte) (int, error) {
	if x.status == 0 {
		x.status = http.StatusOK
	}
	n, err := x.ResponseWriter.Write(p)
	x.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// Flush sends what was written so far.
func (x *exchange) Flush() { _ = http.NewResponseController(x.ResponseWriter).Flush() }

// Hijack hands over the connection, for WebSockets.
func (x *exchange) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(x.ResponseWriter).Hijack()
	if err == nil {
		x.hijack, x.status = true, http.StatusSwitchingProtocols
	}
	return c, rw, err
}
