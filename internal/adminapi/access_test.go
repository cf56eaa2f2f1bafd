package adminapi_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"coterie/internal/adminapi"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/instance"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// needs is which permission each route of the staff asks for, written down
// once more: by resource, and of those with a rule of their own by route.
var needs = map[string]domain.Permissions{
	"accounts":                  domain.MayManageUsers,
	"DELETE accounts/{id}":      domain.MayDeleteUserData,
	"POST accounts/{id}/action": domain.MayManageUsers | domain.MayManageReports,
	"POST accounts/{id}/role":   domain.MayManageRoles,
	"reports":                   domain.MayManageReports,
	"dashboard":                 domain.MayViewDashboard,
	"mail_texts":                domain.MayManageSettings,
	"upkeep":                    domain.MayManageSettings,
	"settings":                  domain.MayManageSettings,
	"terms":                     domain.MayManageSettings,
	"thumbnail":                 domain.MayManageSettings,
	"icon":                      domain.MayManageSettings,
	"rules":                     domain.MayManageRules,
	"announcements":             domain.MayManageAnnouncements,
	"domain_allows":             domain.MayManageFederation,
	"domain_blocks":             domain.MayManageFederation,
	"domain_lists":              domain.MayManageFederation,
	"email_domain_blocks":       domain.MayManageBlocks,
	"canonical_email_blocks":    domain.MayManageBlocks,
	"ip_blocks":                 domain.MayManageBlocks,
	"username_blocks":           domain.MayManageBlocks,
	"measures":                  domain.MayViewDashboard,
	"dimensions":                domain.MayViewDashboard,
	"retention":                 domain.MayViewDashboard,
	"tags":                      domain.MayManageTaxonomies,
	"trends":                    domain.MayManageTaxonomies,
	"appeals":                   domain.MayManageAppeals,
	"strikes":                   domain.MayManageAppeals,
	"audit_log":                 domain.MayViewAuditLog,
	"spam_waves":                domain.MayManageReports,
	"severed":                   domain.MayManageFederation,
	"held":                      domain.MayManageReports,
	"roles":                     domain.MayManageRoles,
	"custom_emojis":             domain.MayManageEmojis,
	"relays":                    domain.MayManageFederation,
	"texts":                     domain.MayManageUsers | domain.MayManageReports,
	"webhooks":                  domain.MayManageWebhooks,
}

func wanted(t *testing.T, method, pattern string) domain.Permissions {
	t.Helper()
	_, rest, ok := strings.Cut(pattern, "/admin/")
	if !ok {
		t.Fatalf("%s is no route of the staff", pattern)
	}
	if p, ok := needs[method+" "+rest]; ok {
		return p
	}
	noun, _, _ := strings.Cut(rest, "/")
	if needs[noun] == 0 {
		t.Errorf("%s %s: which permission?", method, pattern)
	}
	return needs[noun]
}

// staffRoutes are those that want a permission.
func staffRoutes() []httpkit.Route {
	return slices.DeleteFunc((&adminapi.API{}).Routes(), func(r httpkit.Route) bool { return !strings.Contains(r.Pattern, "/admin/") })
}

// scopeOf is the scope that a route of the staff asks for, written down once
// more: that of its noun, where Mastodon has one.
func scopeOf(t *testing.T, method, pattern string) string {
	t.Helper()
	verb := "admin:write"
	if method == "GET" {
		verb = "admin:read"
	}
	_, rest, _ := strings.Cut(pattern, "/admin/")
	noun, _, _ := strings.Cut(rest, "/")
	switch noun {
	case "measures", "dimensions", "retention":
		return "admin:read" // a POST that reads
	case "accounts", "reports", "domain_allows", "domain_blocks", "email_domain_blocks", "canonical_email_blocks", "ip_blocks":
		if rest == "canonical_email_blocks/test" {
			verb = "admin:read"
		}
		return verb + ":" + noun
	case "domain_lists":
		return verb + ":domain_blocks"
	case "spam_waves":
		return verb + ":reports"
	case "appeals", "strikes":
		return verb + ":accounts"
	}
	return verb
}

// Every route of the staff wants its scope and one of its permissions, and
// says so before it looks for anything: what it names does not exist.
func TestSEC32_EveryRouteAsksForItsPermission(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	staffed(c)
	people := map[string]domain.Permissions{
		"bob": domain.MayInvite, "admin": domain.AllPermissions &^ domain.MayAdministrate,
		"mod":   domain.MayManageUsers | domain.MayManageReports | domain.MayManageTaxonomies | domain.MayViewDashboard | domain.MayViewAuditLog,
		"alice": domain.AllPermissions,
	}
	reader, err := c.AccountToken(t.Context(), instance.AccountToken{Name: "alice", Scopes: "read write follow push profile"})
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range (&adminapi.API{}).Routes() {
		if !strings.Contains(route.Pattern, "/admin/") {
			continue
		}
		want, path := wanted(t, route.Method, route.Pattern), parameter.ReplaceAllString(route.Pattern, "1")
		if route.Needs != want {
			t.Errorf("%s %s asks for %q, want %q", route.Method, route.Pattern, route.Needs, want)
		}
		for _, spelling := range []string{path, path + "/", strings.ToUpper(path[:5]) + path[5:]} {
			if got := c.Anonymous().In(t).Do(route.Method, spelling, nil).Status; got != 401 && got != 404 {
				t.Errorf("%s %s for nobody: %d", route.Method, spelling, got)
			}
			if got := c.As("bob").In(t).Do(route.Method, spelling, nil).Status; got != 403 && got != 404 {
				t.Errorf("%s %s for bob: %d", route.Method, spelling, got)
			}
		}
		if got := c.WithToken(reader.Token).In(t).Do(route.Method, path, nil); got.Error(403) != "This action is outside the authorized scopes" {
			t.Errorf("%s %s without the scope: %s", route.Method, path, got.Body)
		}
		c.As("bob").GET("/api/v1/preferences").OK() // knows the token
		ctx, asked := store.CountStatements(t.Context())
		if c.As("bob").In(t).WithContext(ctx).Do(route.Method, path, nil); asked.Load() != 0 {
			t.Errorf("%s %s asks the store %d times before it refuses bob", route.Method, path, asked.Load())
		}
		for name, may := range people {
			got := c.As(name).In(t).Do(route.Method, path, nil)
			refused := got.Status == 403 && strings.Contains(string(got.Body), "This action is not allowed")
			if refused != (may&want == 0) {
				t.Errorf("%s %s for %s: %d %s", route.Method, path, name, got.Status, got.Body)
			}
		}
	}
}

// Each permission by itself opens what it is for and nothing else.
func TestSEC32_EachPermissionAlone(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for bit := domain.MayAdministrate << 1; bit <= domain.MayInviteUnasked; bit <<= 1 {
		name := fmt.Sprintf("p%d", bit)
		c.Join(name, domain.RoleUser)
		if _, err := c.RoleSet(t.Context(), instance.RoleSet{Name: bit.String(), Permissions: bit.String(), Position: 5}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.AccountRole(t.Context(), instance.AccountRole{Name: name, Role: bit.String()}); err != nil {
			t.Fatal(err)
		}
		for _, route := range (&adminapi.API{}).Routes() {
			if !strings.Contains(route.Pattern, "/admin/") {
				continue
			}
			got := c.As(name).In(t).Do(route.Method, parameter.ReplaceAllString(route.Pattern, "1"), nil)
			refused := got.Status == 403 && strings.Contains(string(got.Body), "This action is not allowed")
			if refused != (wanted(t, route.Method, route.Pattern)&bit == 0) {
				t.Errorf("%s %s with %s: %d %s", route.Method, route.Pattern, bit, got.Status, got.Body)
			}
		}
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		own := func(name string) testkit.Object {
			return c.As(name).GET("/api/v1/accounts/verify_credentials").Object()
		}
		for name, want := range map[string][3]string{
			"alice": {"3", "Owner", "4194303"}, "admin": {"2", "Admin", "4194302"}, "mod": {"1", "Moderator", "66844"}, "bob": {"-99", "", "65536"},
		} {
			r := own(name).Obj("role")
			if got := [3]string{r.Str("id"), r.Str("name"), r.Str("permissions")}; got != want {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
		made, err := c.RoleSet(t.Context(), instance.RoleSet{Name: "Gardener", Color: "#30a050", Position: 20, Permissions: "manage_taxonomies", Highlighted: true})
		if err != nil {
			t.Fatal(err)
		}
		c.As("bob").GET("/api/v1/admin/accounts").Error(403)
		if _, err := c.AccountRole(t.Context(), instance.AccountRole{Name: "bob", Role: "Gardener"}); err != nil {
			t.Fatal(err)
		}
		r := own("bob").Obj("role")
		if r.Str("id") != made.ID.String() || r.Str("color") != "#30a050" || r.Str("permissions") != "65792" || !r.Bool("highlighted") {
			t.Errorf("the role of bob: %v", r)
		}
		shown := c.Anonymous().GET("/api/v1/accounts/" + c.Person("bob").ID.String()).Object()["roles"].([]any)
		if len(shown) != 1 || shown[0].(map[string]any)["name"] != "Gardener" {
			t.Errorf("on the profile: %v", shown)
		}
		if _, err := c.RoleSet(t.Context(), instance.RoleSet{Name: "Gardener", Permissions: "manage_users", Position: 20}); err != nil {
			t.Fatal(err)
		}
		c.As("bob").GET("/api/v1/admin/accounts").OK()
		if err := c.RoleDelete(t.Context(), instance.RoleDelete{Name: "Gardener"}); err != nil {
			t.Fatal(err)
		}
		c.As("bob").GET("/api/v1/admin/accounts").Error(403)
		if got := own("bob").Obj("role").Str("id"); got != "-99" {
			t.Errorf("after the role is gone: %s", got)
		}
		for what, bad := range map[string]instance.RoleSet{
			"no name": {Position: 1}, "too high": {Name: "x", Position: 1000}, "an odd color": {Name: "x", Position: 1, Color: "red"},
			"an unknown permission": {Name: "x", Position: 1, Permissions: "fly"}, "the owner's": {Name: "owner", Position: 1},
			"everyone with power": {Name: "user", Permissions: "manage_users"},
		} {
			if _, err := c.RoleSet(t.Context(), bad); !domain.Is(err, domain.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// Rank holds: nobody acts on who stands as high or higher, or on themselves.
func TestSEC39_RankHolds(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		c.Join("mod2", domain.RoleModerator)
		for _, pair := range [][2]string{{"mod", "mod2"}, {"mod", "admin"}, {"mod", "alice"}, {"mod", "mod"}, {"admin", "alice"}, {"alice", "alice"}} {
			for _, kind := range []string{"none", "sensitive", "disable", "silence", "suspend"} {
				c.As(pair[0]).POST(account(c, pair[1])+"/action", testkit.F("type", kind)).Error(403)
			}
			for _, verb := range []string{"enable", "unsilence", "unsuspend", "unsensitive", "approve", "reject"} {
				c.As(pair[0]).POST(account(c, pair[1])+"/"+verb, nil).Error(403)
			}
			c.As(pair[0]).DELETE(account(c, pair[1]), nil).Error(403)
		}
		if got := c.As("alice").GET("/api/coterie/v1/admin/audit_log").List(); len(got) != 0 {
			t.Errorf("the log has what did not happen: %v", got)
		}
		act(c, "admin", "mod", "silence")
		if got := c.As("alice").GET(account(c, "mod")).Object(); !got.Bool("silenced") {
			t.Errorf("the moderator: %v", got)
		}
	})
}
