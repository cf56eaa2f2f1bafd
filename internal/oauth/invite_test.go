package oauth_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

const invites = "/api/coterie/v1/invites"

func joining(mode domain.Registrations) testkit.Option {
	return testkit.With(func(cfg *instance.Config) { cfg.Registrations = mode })
}

// invite has somebody make an invitation, and is the path of its link.
func invite(t *testing.T, in *testkit.Community, name string, pairs ...string) (path, id string) {
	t.Helper()
	made := in.As(name).In(t).POST(invites, testkit.F(pairs...)).Object()
	return strings.TrimPrefix(made.Str("url"), in.Config.BaseURL()), made.Str("id")
}

// accept joins by a link.
func accept(t *testing.T, in *testkit.Community, path, name string, more ...string) (*browser, *testkit.Answer) {
	t.Helper()
	b := newBrowser(t, in)
	if a := b.open(path); a.Status != http.StatusOK {
		return b, a
	}
	return b, b.submit(append([]string{
		"username", name, "email", name + "@example.org", "password", testkit.Password, "agreement", "1",
	}, more...)...)
}

func TestInvitationsOpenTheDoor(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		if a := newBrowser(t, in).open("/auth/sign_up"); a.Status != http.StatusForbidden {
			t.Errorf("without an invitation: %d", a.Status)
		}
		path, id := invite(t, in, "alice", "max_uses", "2", "note", "for the choir", "follow", "true", "expires_in", "3600")
		if page := newBrowser(t, in).open(path); !strings.Contains(string(page.Body), "invites you") {
			t.Errorf("the page does not say who invites: %s", page.Body)
		}
		good := in.Anonymous().In(t).With("Accept", "application/json").GET(path).Object()
		if !strings.HasSuffix(path, good.Str("invite_code")) || good.Str("instance_api_url") != in.Config.BaseURL()+"/api/v2/instance" {
			t.Errorf("for an app: %v", good)
		}
		b, a := accept(t, in, path, "frank")
		if a.Status != http.StatusOK || b.cookies["session"] == "" {
			t.Fatalf("joining: %d %s", a.Status, a.Body)
		}
		in.Settle()
		frank := in.FindAccount("bob", in.Handle("frank"))
		if got := in.As("alice").In(t).GET("/api/v1/accounts/relationships?id=" + frank.Str("id")).List()[0]; !got.Bool("followed_by") {
			t.Error("frank does not follow alice")
		}
		// By an app, too.
		app := register(t, in, scheme, "read write")
		token := in.Anonymous().In(t).POST("/oauth/token", testkit.F(
			"grant_type", "client_credentials", "client_id", app.id, "client_secret", app.secret, "scope", "read write")).Object().Str("access_token")
		join := func(name, code string) *testkit.Answer {
			return in.WithToken(token).In(t).POST("/api/v1/accounts", testkit.F(
				"username", name, "email", name+"@example.org", "password", testkit.Password, "agreement", "true", "invite_code", code))
		}
		join("grace", "nonsense").Error(http.StatusForbidden)
		join("grace", good.Str("invite_code")).OK()
		// Used up.
		if _, a := accept(t, in, path, "heidi"); a.Status != http.StatusForbidden {
			t.Errorf("a third: %d", a.Status)
		}
		in.Anonymous().In(t).With("Accept", "application/json").GET(path).Error(http.StatusUnauthorized)
		list := in.As("alice").In(t).GET(invites).List()
		if len(list) != 1 || list[0].Num("uses") != 2 || list[0].Bool("open") || list[0].Str("note") != "for the choir" || list[0].Str("id") != id {
			t.Errorf("invitations: %v", list)
		}
	}, joining(domain.RegistrationsInvite))
}

// Who has to wait follows nobody before they are let in.
func TestInvitedWhoWaits(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t, joining(domain.RegistrationsInvite))
	staff := in.WithToken(in.Join("olga", domain.RoleOwner).Token)
	staff.POST("/api/v1/admin/email_domain_blocks", testkit.F("domain", "example.org", "allow_with_approval", "true")).OK()
	path, _ := invite(t, in, "alice", "follow", "true")
	if _, a := accept(t, in, path, "frank", "reason", "I sing bass"); a.Status != http.StatusOK {
		t.Fatalf("joining: %d %s", a.Status, a.Body)
	}
	in.Settle()
	waiting := staff.GET("/api/v2/admin/accounts?status=pending").List()
	if len(waiting) != 1 || waiting[0].Str("username") != "frank" {
		t.Fatalf("waiting: %v", waiting)
	}
	frank := waiting[0].Str("id")
	follows := func() bool {
		list := in.As("alice").GET("/api/v1/accounts/relationships?id=" + frank).List()
		return len(list) == 1 && list[0].Bool("followed_by")
	}
	if follows() {
		t.Error("frank follows alice before he is let in")
	}
	staff.POST("/api/v1/admin/accounts/"+frank+"/approve", nil).OK()
	in.Settle()
	if !follows() {
		t.Error("frank does not follow alice")
	}
}

func TestSEC46_InvitationsEnd(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		late, _ := invite(t, in, "alice", "expires_in", "3600")
		revoked, id := invite(t, in, "alice")
		suspended, _ := invite(t, in, "bob")
		// Others' invitations are closed by those who manage them alone.
		in.As("bob").In(t).DELETE(invites+"/"+id, nil).Error(http.StatusNotFound)
		in.As("alice").In(t).DELETE(invites+"/"+id, nil).OK()
		in.Clock.Add(61 * time.Minute)
		staff := in.WithToken(in.Join("olga", domain.RoleOwner).Token).In(t)
		staff.POST("/api/v1/admin/accounts/"+in.Person("bob").ID.String()+"/action", testkit.F("type", "suspend")).OK()
		for what, path := range map[string]string{"late": late, "revoked": revoked, "of somebody suspended": suspended} {
			if _, a := accept(t, in, path, "frank"); a.Status != http.StatusForbidden {
				t.Errorf("%s: %d", what, a.Status)
			}
		}
		for field, value := range map[string]string{"max_uses": "-1", "note": strings.Repeat("x", 201), "expires_in": "-1"} {
			in.As("alice").In(t).POST(invites, testkit.F(field, value)).Error(http.StatusUnprocessableEntity)
		}
	}, joining(domain.RegistrationsClosed))
}

// Fifty who come at once by a link for three are three.
func TestSEC46_InvitationsInParallel(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		path, _ := invite(t, in, "alice", "max_uses", "3")
		code := path[strings.LastIndex(path, "/")+1:]
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				name := fmt.Sprintf("guest%d", i)
				in.Anonymous().In(t).With("Sec-Fetch-Site", "same-origin").POST("/auth/sign_up", testkit.F(
					"username", name, "email", name+"@example.org", "password", testkit.Password, "agreement", "1", "invite_code", code))
			})
		}
		wg.Wait()
		joined := 0
		for i := range 50 {
			if in.Anonymous().In(t).GET(fmt.Sprintf("/api/v1/accounts/lookup?acct=guest%d", i)).Status == http.StatusOK {
				joined++
			}
		}
		if joined != 3 {
			t.Errorf("%d joined", joined)
		}
	}, joining(domain.RegistrationsInvite))
}

func TestJoiningByApproval(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		if got := in.Anonymous().In(t).GET("/api/v2/instance").Object().Obj("registrations"); !got.Bool("enabled") || !got.Bool("approval_required") {
			t.Errorf("registrations: %v", got)
		}
		if _, a := accept(t, in, "/auth/sign_up", "frank"); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("without a reason: %d", a.Status)
		}
		b, a := accept(t, in, "/auth/sign_up", "frank", "reason", "I sing")
		if a.Status != http.StatusOK || b.cookies["session"] != "" {
			t.Fatalf("asking: %d, %v", a.Status, b.cookies)
		}
		if a := newBrowser(t, in).signIn("frank"); a.Status == http.StatusOK {
			t.Error("frank came in before anybody decided")
		}
		owner := in.Join("olga", domain.RoleOwner)
		staff := in.WithToken(owner.Token).In(t)
		waiting := staff.GET("/api/v2/admin/accounts?status=pending").List()
		if len(waiting) != 1 || waiting[0].Str("invite_request") != "I sing" || waiting[0].Bool("approved") {
			t.Fatalf("waiting: %v", waiting)
		}
		staff.POST("/api/v1/admin/accounts/"+waiting[0].Str("id")+"/approve", nil).OK()
		if a := newBrowser(t, in).signIn("frank"); a.Status != http.StatusOK {
			t.Errorf("after approval: %d", a.Status)
		}
		// Whose role may let people in unasked, does; others' guests are asked.
		path, _ := invite(t, in, "bob")
		if b, _ := accept(t, in, path, "grace", "reason", "with bob"); b.cookies["session"] != "" {
			t.Error("bob's guest came in unasked")
		}
		made := staff.POST(invites, nil).Object()
		if b, a := accept(t, in, strings.TrimPrefix(made.Str("url"), in.Config.BaseURL()), "heidi"); b.cookies["session"] == "" {
			t.Errorf("the owner's guest is asked: %d", a.Status)
		}
	}, joining(domain.RegistrationsApproval))
}
