package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"coterie/internal/domain"
)

// Every error of a Client is a *domain.Error, or wraps one, and these say
// more. The kinds speak of the peer, not of our visitor: a surface that
// answers for a failed request must choose its own.
var (
	ErrRefused     = errors.New("refused by the guard")            // Forbidden: the address may not be called
	ErrTimeout     = errors.New("the peer took too long")          // Unavailable
	ErrTooLarge    = errors.New("the answer is too large")         // TooLarge
	ErrContentType = errors.New("the answer has the wrong type")   // Invalid
	ErrRedirect    = errors.New("the redirect cannot be followed") // Invalid
)

// StatusError is an answer other than 2xx. Kinds: 401 Unauthenticated, 403
// Forbidden, 404 NotFound, 410 Gone, 413 TooLarge, 429 RateLimited, 408, 425
// and 5xx except 501 Unavailable, all others Invalid.
type StatusError struct {
	URL    string
	Status int
	// RetryAfter is how long the peer asks to wait, at most a week, 0 where
	// it does not say.
	RetryAfter time.Duration
}

func (e *StatusError) Error() string { return fmt.Sprintf("%s answered %d", e.URL, e.Status) }

// StatusOf is the status of the StatusError in err's chain, else 0.
func StatusOf(err error) int {
	var s *StatusError
	if errors.As(err, &s) {
		return s.Status
	}
	return 0
}

// RetryAfter is how long the peer asked to wait, 0 where it did not.
func RetryAfter(err error) time.Duration {
	var s *StatusError
	if errors.As(err, &s) {
		return s.RetryAfter
	}
	return 0
}

func statusError(url string, res *http.Response, now time.Time) error {
	cause := &StatusError{URL: url, Status: res.StatusCode, RetryAfter: parseRetryAfter(res.Header.Get("Retry-After"), now)}
	return &domain.Error{Kind: statusKind(res.StatusCode), Op: "fetch", Msg: fmt.Sprintf("The other server answered %d", res.StatusCode), Err: cause}
}

func statusKind(status int) domain.Kind {
	switch status {
	case http.StatusUnauthorized:
		return domain.Unauthenticated
	case http.StatusForbidden:
		return domain.Forbidden
	case http.StatusNotFound:
		return domain.NotFound
	case http.StatusGone:
		return domain.Gone
	case http.StatusRequestEntityTooLarge:
		return domain.TooLarge
	case http.StatusTooManyRequests:
		return domain.RateLimited
	case http.StatusRequestTimeout, http.StatusTooEarly:
		return domain.Unavailable
	}
	if status >= 500 && status != http.StatusNotImplemented {
		return domain.Unavailable
	}
	return domain.Invalid
}

// retryLimit is the longest Retry-After that is believed.
const retryLimit = 7 * 24 * time.Hour

// parseRetryAfter reads seconds or a date (RFC 9110 section 10.2.3).
func parseRetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	if n, err := strconv.ParseUint(value, 10, 63); err == nil {
		if n > uint64(retryLimit/time.Second) {
			return retryLimit
		}
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), retryLimit)
}

// failure gives a failed exchange its kind. What was refused keeps its own;
// a request that its caller gave up is the context's error.
func failure(ctx context.Context, doing string, err error) error {
	var known *domain.Error
	if errors.As(err, &known) {
		return err
	}
	if cause := context.Cause(ctx); errors.Is(cause, context.Canceled) {
		return fmt.Errorf("%s: %w", doing, cause)
	}
	e := &domain.Error{Kind: domain.Unavailable, Op: doing, Msg: "The other server cannot be reached", Err: err}
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || (errors.As(err, &timeout) && timeout.Timeout()) {
		return fmt.Errorf("%w: %w", e, ErrTimeout)
	}
	return e
}

func invalid(sentinel error, format string, args ...any) error {
	return fmt.Errorf("%w: %w", domain.Errorf(domain.Invalid, format, args...), sentinel)
}
