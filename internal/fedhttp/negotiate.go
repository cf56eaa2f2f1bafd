package fedhttp

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// vary is what the answer on a shared address depends on: what is asked for,
// and by whom (SEC-35). Cookies and languages are the pages' own business.
const vary = "Accept, Signature"

const (
	maxAccept = 1024 // bytes that are read
	maxRanges = 32
)

// Negotiate gives a request for an address that people and servers share to
// one of the two handlers, and everything else to pages. Either answer says
// what it was chosen by, so that no cache in between gives one to the other.
func Negotiate(servers, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !shared(r.URL.Path) {
			pages.ServeHTTP(w, r)
			return
		}
		w.Header().Add("Vary", vary)
		if (r.Method == http.MethodGet || r.Method == http.MethodHead) && wantsDocument(r.Header) {
			servers.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// shared reports whether a path is one of /@NAME, /@NAME/ID, /users/NAME,
// /users/NAME/statuses/ID and /users/NAME/collections/ID, with or without a
// slash at the end.
func shared(path string) bool {
	seg := strings.Split(strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/"), "/")
	switch {
	case strings.HasPrefix(seg[0], "@"):
		return plainName(seg[0][1:]) && (len(seg) == 1 || len(seg) == 2 && digits(seg[1]))
	case seg[0] == "users" && len(seg) == 2:
		return seg[1] != ""
	case seg[0] == "users" && len(seg) == 4:
		return seg[1] != "" && (seg[2] == "statuses" || seg[2] == "collections")
	}
	return false
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// plainName leaves the feeds and the handles with a domain to the pages.
func plainName(s string) bool { return s != "" && !strings.ContainsAny(s, ".@") }

// wantsDocument reports whether a client would rather have the ActivityPub
// document than the page: it names one of its types, and no type of the page
// with more weight, or earlier with the same. A star alone is a person.
func wantsDocument(h http.Header) bool {
	accept := strings.Join(h["Accept"], ",")
	if len(accept) > maxAccept {
		accept = accept[:strings.LastIndexByte(accept[:maxAccept], ',')+1]
	}
	var document, page float64
	for _, part := range strings.SplitN(accept, ",", maxRanges+1) {
		kind, weight := mediaRange(part)
		switch kind {
		case "application/activity+json", "application/ld+json", "application/json":
			if weight > page {
				document = max(document, weight)
			}
		case "text/html", "application/xhtml+xml":
			if weight > document {
				page = max(page, weight)
			}
		}
	}
	return document > page
}

// mediaRange reads one entry of Accept; its weight is 0 if it cannot be read.
func mediaRange(part string) (kind string, weight float64) {
	kind, params, err := mime.ParseMediaType(part)
	if err != nil {
		return "", 0
	}
	q, given := params["q"]
	if !given {
		return kind, 1
	}
	if weight, err = strconv.ParseFloat(q, 64); err != nil || !(weight >= 0 && weight <= 1) {
		return "", 0
	}
	return kind, weight
}
