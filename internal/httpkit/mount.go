package httpkit

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Mount puts the routes of all surfaces that share a mux into it, once. It
// refuses a route that lacks its audience, scopes, limit class, cache class or
// handler, two routes that clash, and tells all that is wrong at once. Where a
// route lies under /api/ it adds the answer to unknown paths there: 404, or
// 405 with Allow, as JSON.
func Mount(mux *http.ServeMux, k *Kit, lists ...[]Route) error {
	var problems []error
	taken := map[string]bool{}
	var all []Route
	for _, list := range lists {
		all = append(all, list...)
	}
	for _, r := range all {
		taken[r.Method+" "+r.Pattern] = true
	}
	api := false
	for _, r := range all {
		e, err := r.compile()
		if err != nil {
			problems = append(problems, err)
			continue
		}
		api = api || strings.HasPrefix(r.Pattern, "/api/")
		for _, method := range r.methods(taken) {
			for _, pattern := range r.patterns() {
				if err := register(mux, method+" "+pattern, k.endpoint(e)); err != nil {
					problems = append(problems, err)
				}
			}
		}
	}
	if api {
		if err := register(mux, "/api/", k.unknown(mux)); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

// methods are the route's method and, for PUT and PATCH, its twin unless the
// table has a route of its own for it (behaviours 1.5).
func (r Route) methods(taken map[string]bool) []string {
	twin := ""
	switch r.Method {
	case http.MethodPut:
		twin = http.MethodPatch
	case http.MethodPatch:
		twin = http.MethodPut
	}
	if twin == "" || taken[twin+" "+r.Pattern] {
		return []string{r.Method}
	}
	return []string{r.Method, twin}
}

// patterns are the route's pattern with and without a trailing slash.
func (r Route) patterns() []string {
	if strings.HasSuffix(r.Pattern, "/") || strings.HasSuffix(r.Pattern, "...}") || strings.HasSuffix(r.Pattern, "{$}") {
		return []string{r.Pattern}
	}
	return []string{r.Pattern, r.Pattern + "/{$}"}
}

// register turns the mux's panic about a bad or clashing pattern into an error.
func register(mux *http.ServeMux, pattern string, h http.Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("route %s: %v", pattern, p)
		}
	}()
	mux.Handle(pattern, h)
	return nil
}

// unknown answers what no route matches: it asks the mux which methods the
// path would have.
func (k *Kit) unknown(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := k.exchange(w, r)
		defer k.rescue(x, r)
		var allow []string
		probe := *r
		for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			probe.Method = m
			if _, pattern := mux.Handler(&probe); pattern != "" && pattern != "/api/" {
				allow = append(allow, m)
			}
		}
		if !k.limitAnonymous(x) {
			k.tooMany(x)
			return
		}
		h := x.Header()
		h["Cache-Control"] = noStore
		if len(allow) == 0 {
			k.writeErrorText(x, http.StatusNotFound, "Record not found")
			return
		}
		h.Set("Allow", strings.Join(allow, ", "))
		k.writeErrorText(x, http.StatusMethodNotAllowed, "This address does not answer "+r.Method)
	})
}
