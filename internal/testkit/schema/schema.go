// Package schema checks JSON answers of the client API against a stripped and
// corrected copy of Mastodon's API description (testdata/mastodon.json, made
// by scripts/schema). Tests only. Check may be called from many goroutines.
package schema

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed testdata/mastodon.json
var document []byte

// unchecked are routes of the client API whose answers are streams or texts
// rather than JSON, or whose JSON no document describes.
var unchecked = []string{
	"GET /api/v1/streaming", "GET /api/v1/streaming/{stream}", "GET /api/v1/streaming/{stream}/{part}",
	"GET /api/v1/annual_reports", "GET /api/v1/annual_reports/{year}", "GET /api/v1/annual_reports/{year}/state",
	"POST /api/v1/annual_reports/{year}/generate", "POST /api/v1/annual_reports/{year}/read",
	"GET /api/v1/donation_campaigns", "GET /api/v1/domain_blocks/preview", "GET /api/v1/statuses/{id}/card",
	"GET /api/v1/emails/check_confirmation",
}

var oauth = []string{"/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/.well-known/oauth-authorization-server"}

// api is the loaded document.
type api struct {
	routes []route
	errors *openapi3.Schema
	named  openapi3.Schemas
}

// route is one operation with the schema of each successful answer.
type route struct {
	method   string
	segments []string
	answers  map[int]*openapi3.Schema // nil: not checked
}

var load = sync.OnceValues(func() (*api, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("load the API schema: %w", err)
	}
	a := &api{named: doc.Components.Schemas, errors: doc.Components.Schemas["Error"].Value}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			r := route{method: method, segments: split(path), answers: map[int]*openapi3.Schema{}}
			for status, response := range op.Responses.Map() {
				var code int
				if _, err := fmt.Sscan(status, &code); err != nil {
					return nil, fmt.Errorf("load the API schema: status %q of %s: %w", status, path, err)
				}
				r.answers[code] = response.Value.Content["application/json"].Schema.Value
			}
			a.routes = append(a.routes, r)
		}
	}
	for _, u := range unchecked {
		method, path, _ := strings.Cut(u, " ")
		a.routes = append(a.routes, route{method: method, segments: split(path)})
	}
	return a, nil
})

// Covers says whether the path belongs to the client API that Mastodon
// documents, so that Check has a say on it: /api without our own, and the three OAuth endpoints that answer JSON.
func Covers(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/api/coterie/") || slices.Contains(oauth, path)
}

// Check says what is wrong with an answer of the client API: one line for
// each place, with a JSON pointer, what was expected and what was found. A
// path may carry a query. Redirects, HEAD, OPTIONS and paths that Covers
// excludes are not looked at; an operation that the schema lacks is an error.
func Check(method, path string, status int, body []byte) error {
	if !Covers(path) || method == "HEAD" || method == "OPTIONS" || status >= 300 && status < 400 {
		return nil
	}
	a, err := load()
	if err != nil {
		return err
	}
	path, _, _ = strings.Cut(path, "?")
	what := fmt.Sprintf("%s %s answered %d", method, path, status)
	schema := a.errors
	if status < 400 {
		r := a.find(method, split(path))
		if r == nil {
			return fmt.Errorf("%s, but the API schema has no such operation: describe its answer in scripts/schema/corrections.go, "+
				"or list it in internal/testkit/schema with the routes that are not checked", what)
		}
		if r.answers == nil {
			return nil
		}
		if schema = r.answers[status]; schema == nil {
			return fmt.Errorf("%s, but the API schema knows no such status here", what)
		}
	} else if r := a.find(method, split(path)); r != nil && r.answers == nil {
		return nil
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return fmt.Errorf("%s with something that is not JSON: %w: %s", what, err, short(string(body)))
	}
	// A post with scheduled_at is answered by what was scheduled.
	if o, ok := value.(map[string]any); ok && method == "POST" && path == "/api/v1/statuses" && status == 200 && o["params"] != nil {
		schema = a.named["ScheduledStatus"].Value
	}
	lines := flatten(schema.VisitJSON(value, openapi3.MultiErrors()))
	return explain(what, append(lines, viewerKeys("", value)...))
}

// find is the most specific route: words win over parameters, from the left.
// PATCH and PUT stand for each other where only one is described (behaviours 1.5).
func (a *api) find(method string, segments []string) *route {
	best := a.exact(method, segments)
	switch {
	case best != nil:
	case method == "PATCH":
		best = a.exact("PUT", segments)
	case method == "PUT":
		best = a.exact("PATCH", segments)
	}
	return best
}

func (a *api) exact(method string, segments []string) *route {
	var best *route
	for i := range a.routes {
		r := &a.routes[i]
		if r.method == method && r.matches(segments) && (best == nil || r.beats(best)) {
			best = r
		}
	}
	return best
}

func (r *route) matches(segments []string) bool {
	return len(r.segments) == len(segments) && !slices.ContainsFunc(indexes(segments), func(i int) bool {
		return !isParameter(r.segments[i]) && r.segments[i] != segments[i]
	})
}

func (r *route) beats(other *route) bool {
	for i, segment := range r.segments {
		if mine, theirs := isParameter(segment), isParameter(other.segments[i]); mine != theirs {
			return theirs
		}
	}
	return false
}

func indexes(list []string) []int {
	all := make([]int, len(list))
	for i := range all {
		all[i] = i
	}
	return all
}

func isParameter(segment string) bool { return strings.HasPrefix(segment, "{") }

func split(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

// mostLines is how many places are named: the rest is usually the same again.
const mostLines = 12

// explain makes one error of the failures.
func explain(what string, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	if more := len(lines) - mostLines; more > 0 {
		lines = append(lines[:mostLines], fmt.Sprintf("and %d more", more))
	}
	return fmt.Errorf("%s, which the API schema refuses:\n  %s", what, strings.Join(lines, "\n  "))
}

// flatten turns failures into lines a person can read.
func flatten(err error) []string {
	var several openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &several): // before the other: several finds its first failure as one
		var lines []string
		for _, e := range several {
			lines = append(lines, flatten(e)...)
		}
		return lines
	case errors.As(err, &one):
		return []string{"/" + strings.Join(one.JSONPointer(), "/") + ": " + reason(one)}
	default:
		return []string{err.Error()}
	}
}

// reason says what was expected and what was found.
func reason(e *openapi3.SchemaError) string {
	found, err := json.Marshal(e.Value)
	if err != nil {
		found = []byte(fmt.Sprint(e.Value))
	}
	expected := e.Reason
	switch e.SchemaField {
	case "required":
		return expected
	case "nullable":
		expected = "expected " + strings.Join(e.Schema.Type.Slice(), " or ") + ", never null"
	case "type":
		expected = "expected " + strings.Join(e.Schema.Type.Slice(), " or ")
	case "pattern":
		expected = "expected a string that matches " + e.Schema.Pattern
	case "enum":
		expected = fmt.Sprintf("expected one of %v", e.Schema.Enum)
	}
	return expected + ", got " + short(string(found))
}

func short(s string) string {
	if len(s) > 120 {
		return s[:120] + "…"
	}
	return s
}
