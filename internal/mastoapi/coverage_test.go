package mastoapi_test

import (
	_ "embed"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

var update = flag.Bool("update", false, "write docs/api.md and testdata/shown.tsv anew")

// endpointsTable lists the endpoints that clients need of this version:
// group, method, path, scope, auth.
//
//go:embed testdata/endpoints.tsv
var endpointsTable string

// absent are those of the table that answer 404, and why.
var absent = map[string]string{
	"GET /api/proofs":    "Mastodon removed it in 3.5",
	"GET /api/v1/search": "Mastodon removed it in 3.0",
	"POST /api/v1/accounts/:id/email_subscriptions":       "no mail is sent to people without an account",
	"GET /api/v1/statuses/:id/card":                       "Mastodon removed it in 3.0",
	"GET /api/v1/timelines/direct":                        "Mastodon removed it in 3.0",
	"POST /api/v1/notifications/dismiss":                  "Mastodon removed it in 3.0",
	"GET /api/v2_alpha/notifications":                     "Mastodon removed it in 4.3",
	"GET /api/v2_alpha/notifications/unread_count":        "Mastodon removed it in 4.3",
	"GET /api/v2_alpha/notifications/:group_key":          "Mastodon removed it in 4.3",
	"POST /api/v2_alpha/notifications/:group_key/dismiss": "Mastodon removed it in 4.3",
	"GET /media/:id/player":                               "pages of posts play films themselves",
	"GET /remote_interaction_helper":                      "the server itself asks where a visitor's home acts",
	"PUT /api/web/settings":                               "for Mastodon's own client; ours has an interface of its own",
	"GET /api/web/embeds/:id":                             "for Mastodon's own client",
	"POST /api/web/push_subscriptions":                    "for Mastodon's own client; ours subscribes as apps do",
	"PUT /api/web/push_subscriptions/:id":                 "for Mastodon's own client",
}

// apiDocument is for people; evidenceTable names for each endpoint the test
// that shows it, and is made and proven by whole runs of this package.
const (
	apiDocument   = "../../docs/api.md"
	evidenceTable = "testdata/shown.tsv"
)

const apiHead = `# Client API

The endpoints of Mastodon's client API that this server answers, made from
internal/mastoapi/testdata/endpoints.tsv, the routes and the tests by
` + "`go test ./internal/mastoapi -update`" + `. A broader scope
("read" for "read:statuses") always suffices. Who: *public* needs no token, but
checks one that is sent; *app* any token; *user* one of a person. Rarer
endpoints stand in internal/mastoapi/routes.go; what no route is for answers 404.
Mastodon's admin API stands in internal/adminapi/routes.go and docs/moderation.md.
Each is done, and one of the tests that show it is named.
`

// TestAPIDocument holds docs/api.md to the routes there are.
func TestAPIDocument(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Bare())
	shown, err := readEvidence()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(apiHead)
	group := ""
	for _, line := range strings.Split(strings.TrimSpace(endpointsTable), "\n")[1:] {
		f := strings.Split(line, "\t")
		if f[0] != group {
			group = f[0]
			fmt.Fprintf(&b, "\n## %s\n\n| endpoint | scope | who | shown by |\n|---|---|---|---|\n", group)
		}
		name := f[1] + " " + f[2]
		why, gone := absent[name]
		there := answers(c, f[1], f[2]) || pagesOf[name] != "" // a page may be of nobody here
		if there == gone {
			t.Errorf("%s: answered %v, in the list of those that are not: %v", name, there, gone)
		}
		if gone {
			f[4] = "404: " + why
		} else if shown[name] == "" {
			t.Errorf("no test shows %s; once one does, run go test ./internal/mastoapi -update", name)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, strings.TrimPrefix(f[3], "-"), f[4], shown[name])
	}
	if *update {
		if err := os.WriteFile(apiDocument, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(apiDocument)
	if err != nil || string(have) != b.String() {
		t.Errorf("docs/api.md is stale (%v); run go test ./internal/mastoapi -update, twice after new endpoints", err)
	}
}

// answers reports whether there is a route: below /api a method that no route
// has is told those that there are, elsewhere the endpoint is tried.
func answers(c *testkit.Community, method, path string) bool {
	path = pathParameter.ReplaceAllString(path, "1")
	ask := func(method string) *http.Response {
		w := httptest.NewRecorder()
		c.Handler().ServeHTTP(w, httptest.NewRequest(method, c.Config.BaseURL()+path, nil))
		return w.Result()
	}
	if !strings.HasPrefix(path, "/api/") {
		return ask(method).StatusCode != http.StatusNotFound
	}
	allow := strings.Split(ask("PROPFIND").Header.Get("Allow"), ", ")
	return slices.Contains(allow, method)
}
