package httpkit

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"coterie/internal/domain"
)

// OAuthError is an error of the OAuth endpoints: a code for machines beside
// the sentence (behaviours 2.7, RFC 6749 section 5.2).
type OAuthError struct {
	Status      int    // such as 400 or 401
	Code        string // such as "invalid_grant"
	Description string
}

func (e *OAuthError) Error() string { return e.Code + ": " + e.Description }

// detailed is an error with more keys in its body.
type detailed struct {
	error
	extra map[string]any
}

func (e *detailed) Unwrap() error { return e.error }

// WithBody adds keys to the body of an error, such as unexpected_accounts or
// existing_domain_block (behaviours 2.9).
func WithBody(err error, extra map[string]any) error { return &detailed{err, extra} }

// statuses maps kinds to HTTP, and to the sentence used when an error has none.
var statuses = [...]struct {
	status   int
	sentence string
}{
	domain.Internal:        {http.StatusInternalServerError, "Something went wrong on our side"},
	domain.Invalid:         {http.StatusUnprocessableEntity, "Validation failed"},
	domain.BadRequest:      {http.StatusBadRequest, "The request cannot be understood"},
	domain.Unauthenticated: {http.StatusUnauthorized, "The access token is invalid"},
	domain.Forbidden:       {http.StatusForbidden, "This action is not allowed"},
	domain.NotFound:        {http.StatusNotFound, "Record not found"},
	domain.Conflict:        {http.StatusConflict, "Conflict during update, please try again"},
	domain.Gone:            {http.StatusGone, "This is gone"},
	domain.TooLarge:        {http.StatusRequestEntityTooLarge, "This is too large"},
	domain.RateLimited:     {http.StatusTooManyRequests, "Too many requests"},
	domain.Unavailable:     {http.StatusServiceUnavailable, "There was a temporary problem, please try again"},
}

// StatusOf is the HTTP status of an error: by OAuthError, else by domain kind.
func StatusOf(err error) int {
	var oauth *OAuthError
	if errors.As(err, &oauth) {
		return oauth.Status
	}
	if kind := domain.KindOf(err); int(kind) < len(statuses) {
		return statuses[kind].status
	}
	return http.StatusInternalServerError
}

type fieldError struct {
	Error       string `json:"error"`
	Description string `json:"description"`
}

// errorBody is the status and the JSON object of an error.
func errorBody(err error) (int, map[string]any) {
	status := StatusOf(err)
	body := map[string]any{}
	var more *detailed
	if errors.As(err, &more) {
		for k, v := range more.extra {
			body[k] = v
		}
	}
	var oauth *OAuthError
	if errors.As(err, &oauth) {
		body["error"], body["error_description"] = oauth.Code, oauth.Description
		return status, body
	}
	body["error"] = statuses[domain.Internal].sentence
	var e *domain.Error
	if errors.As(err, &e) && e.Kind != domain.Internal && int(e.Kind) < len(statuses) {
		body["error"] = sentence(e)
		if len(e.Fields) > 0 {
			body["details"] = details(e.Fields)
		}
	}
	return status, body
}

// sentence is what the person reads; validation failures without a sentence
// of their own are listed (behaviours 2.8).
func sentence(e *domain.Error) string {
	if e.Msg != "" {
		return e.Msg
	}
	if len(e.Fields) == 0 {
		return statuses[e.Kind].sentence
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = strings.TrimSpace(humanize(f.Field) + " " + f.Description)
	}
	return "Validation failed: " + strings.Join(parts, ", ")
}

// humanize turns date_of_birth into "Date of birth".
func humanize(field string) string {
	s := strings.ReplaceAll(field, "_", " ")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func details(fields []domain.FieldError) map[string][]fieldError {
	m := make(map[string][]fieldError, len(fields))
	for _, f := range fields {
		m[f.Field] = append(m[f.Field], fieldError{f.Code, f.Description})
	}
	return m
}

// fail answers with an error. What is ours to repair goes to the log with the
// request id; the client gets a plain sentence.
func (k *Kit) fail(x *exchange, r *http.Request, err error) {
	status, body := errorBody(err)
	switch {
	case gone(r.Context(), err):
		status = http.StatusServiceUnavailable
	case status >= 500 && status != http.StatusServiceUnavailable:
		k.cfg.Log.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "id", x.id, "error", err)
	}
	if x.begun() {
		return
	}
	h := x.Header()
	delete(h, "Link")
	h["Cache-Control"] = noStore
	switch status {
	case http.StatusUnauthorized:
		if h.Get("WWW-Authenticate") == "" && !x.page {
			h["Www-Authenticate"] = []string{`Bearer error="invalid_token"`}
		}
	case http.StatusTooManyRequests:
		k.retryAfter(x)
	case http.StatusServiceUnavailable:
		h["Retry-After"] = []string{"5"}
	case http.StatusRequestEntityTooLarge:
		h["Connection"] = []string{"close"}
	}
	if x.page {
		k.errorPage(x, r, status, ownSentence(err))
		return
	}
	if text, ok := body["error"].(string); ok && k.cfg.Translate != nil && body["error_description"] == nil {
		body["error"] = k.cfg.Translate(x.req.Locale(), text)
	}
	k.writeJSON(x, status, body)
}

// ownSentence is what the error itself tells a person, "" if nothing.
func ownSentence(err error) string {
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind == domain.Internal || e.Kind == domain.NotFound || (e.Msg == "" && len(e.Fields) == 0) {
		return ""
	}
	return sentence(e)
}

func (k *Kit) errorPage(x *exchange, r *http.Request, status int, text string) {
	if k.cfg.ErrorPage != nil {
		k.cfg.ErrorPage(x, r, status, text)
		return
	}
	if text == "" {
		text = http.StatusText(status)
	}
	x.Header().Set("Content-Type", "text/plain; charset=utf-8")
	x.WriteHeader(status)
	_, _ = x.Write([]byte(text + "\n"))
}

func (k *Kit) writeErrorText(x *exchange, status int, text string) {
	k.writeJSON(x, status, map[string]any{"error": text})
}

func (k *Kit) tooMany(x *exchange) {
	k.retryAfter(x)
	k.writeErrorText(x, http.StatusTooManyRequests, errLimit.Msg)
}

// rescue answers 500 for a panic and keeps the server going (SEC-61).
func (k *Kit) rescue(x *exchange, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	k.cfg.Log.ErrorContext(r.Context(), "panic in a handler", "method", r.Method, "path", r.URL.Path,
		"id", x.id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	if x.begun() {
		panic(http.ErrAbortHandler)
	}
	h := x.Header()
	delete(h, "Content-Length")
	delete(h, "Link")
	h["Cache-Control"] = noStore
	if x.page {
		k.errorPage(x, r, http.StatusInternalServerError, "")
		return
	}
	k.writeErrorText(x, http.StatusInternalServerError, statuses[domain.Internal].sentence)
}
