package mastoapi_test

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

func TestActivity(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		monday := domain.WeekOf(c.Clock.Now()).AddDate(0, 0, 21)
		c.Clock.Add(monday.Add(time.Hour).Sub(c.Clock.Now()))
		p := c.Post("alice", "One")
		c.Post("alice", "Two", "visibility", "private")
		c.As("bob").POST(status(p, "reblog"), nil).OK()
		c.Clock.Add(7 * 24 * time.Hour)
		c.Post("bob", "Three")
		weeks := c.Anonymous().GET("/api/v1/instance/activity").List()
		if len(weeks) != 12 {
			t.Fatalf("%d weeks", len(weeks))
		}
		if got := weeks[1].Str("week"); got != strconv.FormatInt(monday.Unix(), 10) {
			t.Errorf("last week began at %s", got)
		}
		if weeks[0].Str("statuses") != "1" || weeks[1].Str("statuses") != "2" || weeks[2].Str("statuses") != "0" {
			t.Errorf("posts: %v", weeks[:3])
		}
		if weeks[4].Str("registrations") != "5" || weeks[4].Str("logins") != "5" || weeks[0].Str("logins") != "0" {
			t.Errorf("when all joined: %v", weeks[4])
		}
	})
}

func TestWeekOf(t *testing.T) {
	t.Parallel()
	for _, day := range []int{23, 26, 29} { // Monday to Sunday of a week of 2026
		at := time.Date(2026, 11, day, 23, 59, 0, 0, time.UTC)
		if got := domain.WeekOf(at); got != time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) {
			t.Errorf("%v is in the week of %v", at, got)
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Bare())
	names := map[string]string{}
	for _, l := range c.Anonymous().GET("/api/v1/instance/languages").List() {
		if names[l.Str("code")] != "" || l.Str("name") == "" {
			t.Errorf("%v", l)
		}
		names[l.Str("code")] = l.Str("name")
	}
	if len(names) < 180 || names["de"] != "German" || names["ja"] != "Japanese" {
		t.Errorf("%d languages, de is %q", len(names), names["de"])
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		const path = "/api/v1/instance/terms_of_service"
		nobody := c.Anonymous()
		nobody.GET(path).Error(404)
		publish := func(text, day string) error {
			args, _ := json.Marshal(instance.TermsPublish{Text: text, Effective: day})
			_, err := c.Command(context.Background(), "terms publish", args, nil)
			return err
		}
		day := func(n int) string { return c.Clock.Now().AddDate(0, 0, n).UTC().Format(time.DateOnly) }
		later := day(30)
		if err := publish("Be kinder", later); err != nil {
			t.Fatal(err)
		}
		if got := nobody.GET(path).Object(); got.Bool("effective") || got.Str("effective_date") != later {
			t.Errorf("those to come: %v", got)
		}
		if err := publish("Be kind <b>", ""); err != nil {
			t.Fatal(err)
		}
		got := nobody.GET(path).Object()
		if !got.Bool("effective") || got.Str("content") != "<p>Be kind &lt;b&gt;</p>" || got.Str("succeeded_by") != later {
			t.Errorf("those of today: %v", got)
		}
		if got := nobody.GET(path + "/" + later).Object(); got.Str("content") != "<p>Be kinder</p>" || got["succeeded_by"] != nil {
			t.Errorf("those of later: %v", got)
		}
		first := day(0)
		urls := nobody.GET("/api/v2/instance").Object().Obj("configuration").Obj("urls")
		if page := nobody.GET("/terms-of-service"); urls.Str("terms_of_service") != c.Config.BaseURL()+"/terms-of-service" ||
			!strings.Contains(string(page.OK().Body), "Be kind &lt;b&gt;") || !strings.Contains(string(page.Body), "/terms-of-service/"+later) {
			t.Errorf("the page of %v: %s", urls, page.Body)
		}
		if got := nobody.GET("/terms-of-service/1999-01-01").Status; got != 404 {
			t.Errorf("terms of a day without any: %d", got)
		}
		nobody.GET("/privacy-policy").OK()
		nobody.GET(path + "/1999-01-01").Error(404)
		c.Clock.Add(31 * 24 * time.Hour)
		if got := nobody.GET(path).Object(); got.Str("content") != "<p>Be kinder</p>" || !got.Bool("effective") {
			t.Errorf("a month later: %v", got)
		}
		nobody.GET(path + "/" + first).OK()
		for _, bad := range [][2]string{{"x", "1999-01-01"}, {"x", "soon"}, {"", ""}} {
			if err := publish(bad[0], bad[1]); !domain.Is(err, domain.Invalid) {
				t.Errorf("%q from %q: %v", bad[0], bad[1], err)
			}
		}
	})
}

func TestPeersSearch(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	one.FindAccount("alice", two.Handle("carol"))
	search := func(q string) []string {
		t.Helper()
		var out []string
		one.Anonymous().GET("/api/v1/peers/search?q=" + q).OK().Into(&out)
		return out
	}
	if got := search("TW"); !slices.Equal(got, []string{"two.test"}) {
		t.Errorf("found %v", got)
	}
	for _, q := range []string{"", "wo", "three"} {
		if got := search(q); len(got) != 0 {
			t.Errorf("%q finds %v", q, got)
		}
	}
	args, _ := json.Marshal(instance.DomainPolicy{Domain: "two.test", Severity: domain.SeveritySuspend})
	if _, err := one.Command(t.Context(), "domain policy", args, nil); err != nil {
		t.Fatal(err)
	}
	if got := search("two"); len(got) != 0 {
		t.Errorf("blocked, %v is found", got)
	}
}

func TestDomainBlockPreview(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	one.FollowElsewhere("alice", two.Handle("carol"))
	two.FollowElsewhere("carol", one.Handle("alice"))
	two.FollowElsewhere("dave", one.Handle("alice"))
	one.Settle()
	alice := one.As("alice")
	got := alice.GET("/api/v1/domain_blocks/preview?domain=two.test").Object()
	if got.Num("following_count") != 1 || got.Num("followers_count") != 2 {
		t.Errorf("it would cost %v", got)
	}
	if got := alice.GET("/api/v1/domain_blocks/preview?domain=three.test").Object(); got.Num("following_count") != 0 {
		t.Errorf("a stranger: %v", got)
	}
	alice.GET("/api/v1/domain_blocks/preview?domain=one.test").Error(422)
	alice.GET("/api/v1/domain_blocks/preview").Error(422)
	one.Anonymous().GET("/api/v1/domain_blocks/preview?domain=two.test").Error(401)
}

// TestConfirmationLimit counts what asks for mail by account.
func TestConfirmationLimit(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.Limited())
	for range 5 {
		c.As("alice").POST("/api/v1/emails/confirmations", nil).Error(403)
	}
	c.As("alice").POST("/api/v1/emails/confirmations", nil).Error(429)
	c.As("bob").POST("/api/v1/emails/confirmations", nil).Error(403)
}

func TestSmallRows(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	if a := alice.GET("/api/v1/donation_campaigns").Want(204); len(a.Body) != 0 {
		t.Errorf("a campaign: %s", a.Body)
	}
	if list := alice.GET("/api/v1/accounts/" + c.Person("bob").ID.String() + "/identity_proofs").List(); len(list) != 0 {
		t.Errorf("bob proves %v", list)
	}
	alice.GET("/api/v1/accounts/1/identity_proofs").Error(404)
	if b := string(alice.GET("/api/v1/emails/check_confirmation").OK().Body); b != "true" {
		t.Errorf("alice's address is confirmed: %s", b)
	}
	alice.POST("/api/v1/emails/confirmations", nil).Error(403)
	made, err := c.AccountCreate(t.Context(), instance.AccountCreate{
		Name: "frank", Email: "frank@example.org", Password: testkit.Password, TokenScopes: "read write",
	})
	if err != nil {
		t.Fatal(err)
	}
	frank := c.WithToken(made.Token)
	if b := string(frank.GET("/api/v1/emails/check_confirmation").OK().Body); b != "false" {
		t.Errorf("frank's address is confirmed: %s", b)
	}
	frank.POST("/api/v1/emails/confirmations", nil).Error(503)
	frank.GET("/api/v1/timelines/home").Error(403)
}
