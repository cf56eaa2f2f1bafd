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

var update = flag.Bool("update", false, "write docs/api.md anew")

// endpointsTable lists the endpoints that clients need of this version:
// group, method, path, scope, auth.
//
//go:embed testdata/endpoints.tsv
var endpointsTable string

// absent are those of the table that answer 404, and why.
var absent = map[string]string{
	"POST /api/v1/statuses/:id/translate":              "nothing translates yet, as `configuration.translation` says",
	"POST /api/v1/announcements/:id/dismiss":           "there are no announcements yet",
	"PUT /api/v1/announcements/:id/reactions/:name":    "there are no announcements yet",
	"DELETE /api/v1/announcements/:id/reactions/:name": "there are no announcements yet",
}

const apiDocument = "../../docs/api.md"

const apiHead = `# Client API

The endpoints of Mastodon's client API that this server answers, made from
internal/mastoapi/testdata/endpoints.tsv and the routes by
` + "`go test ./internal/mastoapi -run TestAPIDocument -update`" + `. A broader scope
("read" for "read:statuses") always suffices. Who: *public* needs no token, but
checks one that is sent; *app* any token; *user* one of a person. Rarer
endpoints stand in internal/mastoapi/routes.go; what no route is for answers 404.
`

// TestAPIDocument holds docs/api.md to the routes there are.
func TestAPIDocument(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Bare())
	var b strings.Builder
	b.WriteString(apiHead)
	group := ""
	for _, line := range strings.Split(strings.TrimSpace(endpointsTable), "\n")[1:] {
		f := strings.Split(line, "\t")
		if f[0] != group {
			group = f[0]
			fmt.Fprintf(&b, "\n## %s\n\n| endpoint | scope | who |\n|---|---|---|\n", group)
		}
		name := f[1] + " " + f[2]
		why, gone := absent[name]
		if there := answers(c, f[1], f[2]); there == gone {
			t.Errorf("%s: answered %v, in the list of those that are not: %v", name, there, gone)
		}
		if gone {
			f[4] = "404: " + why
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, strings.TrimPrefix(f[3], "-"), f[4])
	}
	if *update {
		if err := os.WriteFile(apiDocument, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(apiDocument)
	if err != nil || string(have) != b.String() {
		t.Errorf("docs/api.md is stale (%v); run go test ./internal/mastoapi -run TestAPIDocument -update", err)
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
