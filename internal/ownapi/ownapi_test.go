package ownapi_test

import (
	"encoding/base64"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/instance"
	"coterie/internal/ownapi"
	"coterie/internal/testkit"
)

const base = "/api/coterie/v1"

var password = testkit.F("current_password", testkit.Password)

func TestSessionsAndApps(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		alice := in.As("alice").In(t)
		in.Anonymous().In(t).POST("/auth/sign_in", testkit.F("login", "alice", "password", testkit.Password)).Want(http.StatusSeeOther)
		list := alice.GET(base + "/sessions").List()
		if len(list) != 1 || list[0].Bool("current") || list[0].Str("created_at") == "" {
			t.Fatalf("sessions: %v", list)
		}
		path := base + "/sessions/" + list[0].Str("id")
		in.As("bob").In(t).DELETE(path, nil)
		if n := len(alice.GET(base + "/sessions").List()); n != 1 {
			t.Fatalf("after bob: %d sessions", n)
		}
		alice.DELETE(path, nil).OK()
		if list := alice.GET(base + "/sessions").List(); len(list) != 0 {
			t.Errorf("sessions: %v", list)
		}
		if list := alice.GET(base + "/apps").List(); len(list) != 0 {
			t.Errorf("apps: %v", list)
		}
		alice.DELETE(base+"/sessions/nothing", nil).Error(http.StatusNotFound)
	})
}

func TestQRCodesHoldTheText(t *testing.T) {
	t.Parallel()
	alice := testkit.NewInstance(t).As("alice").In(t)
	read := func(text string) image.Image {
		raw, ok := strings.CutPrefix(alice.GET(base+"/qr?text="+url.QueryEscape(text)).Object().Str("qr"), "data:image/png;base64,")
		picture, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(raw)))
		if !ok || err != nil {
			t.Fatalf("%q: no picture: %v", text, err)
		}
		return picture
	}
	if short, other := read("https://larkspur.example/@alice"), read("https://larkspur.example/@bob"); reflect.DeepEqual(short, other) || short.Bounds().Dx() != 480 {
		t.Errorf("codes of %v, alike whatever they hold", short.Bounds())
	}
	for _, bad := range []string{"", strings.Repeat("x", 501)} {
		alice.GET(base + "/qr?text=" + bad).Error(http.StatusUnprocessableEntity)
	}
}

func TestPasswordIsChanged(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		alice := in.As("alice").In(t)
		alice.POST(base+"/security/password", testkit.F("current_password", "wrong", "password", "long enough")).Error(http.StatusUnprocessableEntity)
		alice.POST(base+"/security/password", testkit.F("current_password", testkit.Password, "password", "short")).Error(http.StatusUnprocessableEntity)
		alice.POST(base+"/security/password", testkit.F("current_password", testkit.Password, "password", "long enough")).OK()
		alice.GET("/api/v1/accounts/verify_credentials").OK() // the token that asked goes on
		in.Anonymous().In(t).POST("/auth/sign_in", testkit.F("login", "alice", "password", testkit.Password)).Want(http.StatusUnprocessableEntity)
		in.Anonymous().In(t).POST("/auth/sign_in", testkit.F("login", "alice", "password", "long enough")).Want(http.StatusSeeOther)
	})
}

func TestAliasesMoveAndLeave(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		bob, alice := in.As("bob").In(t), in.As("alice").In(t)
		in.Follow("carol", "bob")
		alice.POST(base+"/aliases", testkit.F("alias", "nobody")).Error(http.StatusNotFound)
		got := alice.POST(base+"/aliases", testkit.F("alias", in.Handle("bob"))).Object()["aliases"].([]any)
		if len(got) != 1 {
			t.Fatalf("aliases: %v", got)
		}
		bob.POST(base+"/move", testkit.F("target", in.Handle("alice"))).Error(http.StatusUnprocessableEntity) // no password
		bob.POST(base+"/move", testkit.F("target", in.Handle("alice"), "current_password", testkit.Password)).OK()
		in.Settle()
		if !in.Relation("carol", alice.GET("/api/v1/accounts/verify_credentials").Object().Str("id")).Bool("following") {
			t.Error("carol did not come along")
		}
		if got := bob.GET(base + "/move").Object(); got.Str("moved_to") != "alice" || got.Str("next_at") == "" {
			t.Errorf("moved: %v", got)
		}
		bob.DELETE(base+"/move", nil).Error(http.StatusUnprocessableEntity) // no password
		if got := bob.DELETE(base+"/move", password).Object(); got["moved_to"] != nil || got.Str("next_at") == "" {
			t.Errorf("stays: %v", got)
		}
		bob.DELETE(base+"/move", password).Error(http.StatusNotFound)
		if got := in.Anonymous().In(t).GET("/api/v1/accounts/" + in.Person("bob").ID.String()).Object(); got["moved"] != nil {
			t.Errorf("the profile still leads to %v", got["moved"])
		}
		in.Follow("dave", "bob") // who had moved could not be followed
		bob.POST(base+"/move", testkit.F("target", in.Handle("alice"), "current_password", testkit.Password)).Error(http.StatusUnprocessableEntity)
		in.Clock.Add(31 * 24 * time.Hour)
		if got := bob.GET(base + "/move").Object(); got["next_at"] != nil {
			t.Errorf("a month later: %v", got)
		}
		if got := alice.DELETE(base+"/aliases", testkit.F("alias", got[0].(string))).Object()["aliases"].([]any); len(got) != 0 {
			t.Errorf("aliases: %v", got)
		}
		bob.DELETE(base+"/account", nil).Error(http.StatusUnprocessableEntity)
		bob.DELETE(base+"/account", password).OK()
		bob.GET("/api/v1/accounts/verify_credentials").Error(http.StatusUnauthorized)
	})
}

func TestOneTimeSecretsCannotBeReplaced(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	alice := in.As("alice").In(t)
	alice.POST(base+"/security/one_time/confirm", testkit.F("code", "000000")).Error(http.StatusConflict)
	alice.POST(base+"/security/recovery_codes", password).Error(http.StatusUnprocessableEntity)
	first := alice.POST(base+"/security/one_time", password).Object()
	if !strings.HasPrefix(first.Str("uri"), "otpauth://totp/") || !strings.HasPrefix(first.Str("qr"), "data:image/png;base64,") {
		t.Errorf("set-up: %v", first)
	}
	if second := alice.POST(base+"/security/one_time", password).Object(); second.Str("secret") == first.Str("secret") {
		t.Error("a second proposal is the first")
	}
	if alice.GET(base + "/security").Object().Bool("one_time") {
		t.Error("on before a code was right")
	}
	alice.POST(base+"/security/one_time/confirm", testkit.F("code", "not a code")).Error(http.StatusUnprocessableEntity)
}

// Every route wants a scope; those that change who may sign in, the password;
// and docs/ownapi.md has them all.
func TestRoutesAreGuardedAndDescribed(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	doc, err := os.ReadFile("../../docs/ownapi.md")
	if err != nil {
		t.Fatal(err)
	}
	with := func(scope string) *testkit.Client {
		made, err := in.AccountToken(t.Context(), instance.AccountToken{Name: "alice", Scopes: scope})
		if err != nil {
			t.Fatal(err)
		}
		return in.WithToken(made.Token).In(t)
	}
	reader, writer := with("read"), with("write")
	described := regexp.MustCompile("`(GET|POST|PATCH|DELETE) (/[^`]+)`( 🔑)?")
	guarded := map[string]bool{}
	for _, m := range described.FindAllStringSubmatch(string(doc), -1) {
		guarded[m[1]+" "+base+m[2]] = m[3] != ""
	}
	for _, route := range (&ownapi.API{}).Routes() {
		want, ok := guarded[route.Method+" "+route.Pattern]
		if !ok {
			t.Errorf("%s %s is not described", route.Method, route.Pattern)
		}
		if (route.Limit == httpkit.LimitLogin) != want {
			t.Errorf("%s %s: described as guarded: %v", route.Method, route.Pattern, want)
		}
		path := strings.ReplaceAll(route.Pattern, "{id}", domain.ID(1).String())
		in.Anonymous().In(t).Do(route.Method, path, nil).Error(http.StatusUnauthorized)
		if route.Method == http.MethodGet {
			writer.Do(route.Method, path, nil).Error(http.StatusForbidden)
			found := http.StatusOK
			if path != route.Pattern || strings.HasSuffix(path, "/file") {
				found = http.StatusNotFound
			}
			if strings.HasSuffix(path, "/qr") {
				path += "?text=x"
			}
			reader.Do(route.Method, path, nil).Want(found)
			continue
		}
		reader.Do(route.Method, path, nil).Error(http.StatusForbidden)
		if want {
			if got := writer.Do(route.Method, path, testkit.F("current_password", "wrong")).Error(http.StatusUnprocessableEntity); !strings.Contains(got, "current_password") && !strings.Contains(got, "Current password") {
				t.Errorf("%s %s without the password: %s", route.Method, route.Pattern, got)
			}
		}
	}
}
