package mastoapi_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

// TestMain proves, after a run of all tests, what testdata/shown.tsv says.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if whole := flag.Lookup("test.run").Value.String()+flag.Lookup("test.skip").Value.String() == ""; whole && (code == 0 || *update) {
		if err := proveEvidence(); err != nil {
			fmt.Println("FAIL:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// proveEvidence holds the tests that were run to the table, or writes it.
func proveEvidence() error {
	found := map[string][]string{} // tests by endpoint
	names := endpoints()
	for _, e := range testkit.Shown() {
		if name := endpointOf(names, e.Method, e.Path); name != "" && !slices.Contains(found[name], e.Test) {
			found[name] = append(found[name], e.Test)
		}
	}
	if *update {
		return writeEvidence(names, found)
	}
	table, err := readEvidence()
	if err != nil {
		return err
	}
	for _, name := range names {
		if test := table[name]; test != "" && pagesOf[name] == "" && !slices.Contains(found[name], test) {
			return fmt.Errorf("%s no longer shows %s, as %s says; run go test ./internal/mastoapi -update", test, name, evidenceTable)
		}
	}
	return nil
}

// endpoints are those of the table, as METHOD PATH.
func endpoints() []string {
	var names []string
	for _, line := range strings.Split(strings.TrimSpace(endpointsTable), "\n")[1:] {
		f := strings.Split(line, "\t")
		names = append(names, f[1]+" "+f[2])
	}
	return names
}

// endpointOf is the endpoint that a request asked for: of several that fit,
// the one with the fewest parameters.
func endpointOf(names []string, method, path string) string {
	best, fewest := "", len(path)
	for _, name := range names {
		if verb, pattern, _ := strings.Cut(name, " "); verb == method && fits(pattern, path) && strings.Count(pattern, ":") < fewest {
			best, fewest = name, strings.Count(pattern, ":")
		}
	}
	return best
}

func fits(pattern, path string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	for i, part := range want {
		if !strings.HasPrefix(part, ":") && part != have[i] {
			return false
		}
	}
	return true
}

// pagesOf are endpoints whose evidence is elsewhere, pages and documents of
// other packages above all: the test, as PACKAGE.FUNCTION, that shows each.
var pagesOf = map[string]string{
	"GET /.well-known/oauth-authorization-server": "oauth.TestMetadata",
	"GET /oauth/authorize":                        "oauth.TestAuthorizationCode",
	"POST /oauth/authorize":                       "oauth.TestAuthorizationCode",
	"DELETE /oauth/authorize":                     "oauth.TestDenial",
	"GET /oauth/authorize/native":                 "oauth.TestOutOfBand",
	"POST /oauth/introspect":                      "oauth.TestIntrospection",
	"GET /oauth/token/info":                       "oauth.TestIntrospection",
	"GET /oauth/authorized_applications":          "oauth.TestAuthorizedApps",
	"DELETE /oauth/authorized_applications/:id":   "oauth.TestAuthorizedApps",
	"GET /.well-known/change-password":            "webui.TestIntents",
	"GET /manifest":                               "webui.TestIntents",
	"GET /.well-known/nodeinfo":                   "fedhttp.TestNodeInfoTellsWhoWeAre",
	"GET /nodeinfo/2.0":                           "fedhttp.TestNodeInfoTellsWhoWeAre",
	"GET /.well-known/webfinger":                  "fedhttp.TestWebFingerFindsAnAccountByEveryName",
	"GET /.well-known/host-meta":                  "fedhttp.TestHostMetaLeadsToWebFinger",
	"GET /authorize_interaction":                  "webui.TestSomebodyElsewhereIsFollowed",
	"GET /share":                                  "webui.TestTheClientIsForWhoeverIsSignedIn",
	"GET /intent":                                 "webui.TestIntents",
	"GET /@:username.rss":                         "webui.TestFeedsHoldPublicPosts",
	"GET /tags/:tag.rss":                          "webui.TestFeedsHoldPublicPosts",
	"GET /@:username/:id/embed":                   "webui.TestPostsInFramesElsewhere",
	"GET /media_proxy/:id/original":               "mastoapi.TestMediaTravel_SEC27",
	"GET /invite/:code":                           "oauth.TestInvitationsOpenTheDoor",
	// It has nothing but refusals while no mail can be sent.
	"POST /api/v1/emails/confirmations": "mastoapi.TestConfirmationLimit",
}

// readEvidence is the test that shows each endpoint.
func readEvidence() (map[string]string, error) {
	table := map[string]string{}
	for name, test := range pagesOf {
		room, function, _ := strings.Cut(test, ".")
		if !hasTest(room, function) {
			return nil, fmt.Errorf("there is no %s", test)
		}
		table[name] = test
	}
	b, err := os.ReadFile(evidenceTable)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(b)) {
		name, test, _ := strings.Cut(strings.TrimSpace(line), "\t")
		table[name] = test
	}
	return table, nil
}

func hasTest(room, function string) bool {
	files, _ := filepath.Glob("../" + room + "/*_test.go")
	return slices.ContainsFunc(files, func(name string) bool {
		b, err := os.ReadFile(name)
		return err == nil && strings.Contains(string(b), "func "+function+"(t *testing.T)")
	})
}

// writeEvidence keeps of each endpoint the test that shows the fewest others,
// since that is the one about it.
func writeEvidence(names []string, found map[string][]string) error {
	broad := map[string]int{}
	for _, tests := range found {
		for _, test := range tests {
			broad[test]++
		}
	}
	var b strings.Builder
	for _, name := range names {
		tests := found[name]
		if len(tests) == 0 {
			continue
		}
		slices.SortFunc(tests, func(x, y string) int {
			if broad[x] != broad[y] {
				return broad[x] - broad[y]
			}
			return strings.Compare(x, y)
		})
		fmt.Fprintf(&b, "%s\t%s\n", name, tests[0])
	}
	return os.WriteFile(evidenceTable, []byte(b.String()), 0o644)
}
