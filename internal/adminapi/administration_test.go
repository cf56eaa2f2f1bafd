package adminapi_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/testkit"
)

const ownAdmin = "/api/coterie/v1/admin/"

func TestAdministration(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin := c.As("admin")
		c.Settle()
		d := admin.GET(ownAdmin + "dashboard").Object()
		if d.Num("people") < 3 || d.Obj("disk").Num("free") <= 0 || d.Obj("disk").Num("database") <= 0 || d.Obj("forecast").Num("bytes_per_member") < 5_000_000 || d.Obj("queues").Num("reports") != 0 || d.Num("failing_count") != 0 {
			t.Errorf("the dashboard: %v", d)
		}
		if d.Obj("queues").Num("jobs") != 0 || d.Obj("forecast").Num("days") != -1 {
			t.Errorf("what is planned for later counts, or days are known: %v", d)
		}
		c.After(7 * time.Hour)
		c.After(10 * 24 * time.Hour)
		if d := admin.GET(ownAdmin + "dashboard").Object(); d.Obj("forecast").Num("days") < 0 {
			t.Errorf("ten days later: %v", d)
		}

		admin.PUT(ownAdmin+"settings/title", testkit.F("value", "Larkspur")).Object()
		if got := c.Anonymous().GET("/api/v2/instance").Object().Str("title"); got != "Larkspur" {
			t.Errorf("the title: %s", got)
		}
		admin.PUT(ownAdmin+"settings/registrations", testkit.F("value", "ajar")).Error(422)
		admin.PUT(ownAdmin+"settings/nothing", testkit.F("value", "x")).Error(404)

		set := func(name, value string) *testkit.Answer {
			return admin.PUT(ownAdmin+"settings/"+name, testkit.F("value", value))
		}
		about := func() string { return string(c.Anonymous().GET("/about").Body) }
		set("contact_account", "nobody").Error(422)
		if got := set("contact_account", "@bob").Object().Str("value"); got != "bob" {
			t.Errorf("the contact: %s", got)
		}
		set("trends", "maybe").Error(422)
		set("funded_until", "soon").Error(422)
		set("funded_until", "2031-02-03").OK()
		set("running_costs", "Bob pays <all>.").OK()
		if page := about(); !strings.Contains(page, "Bob pays &lt;all&gt;.") || !strings.Contains(page, "2031") || !strings.Contains(page, "@bob") {
			t.Errorf("the about page: %s", page)
		}
		for until, want := range map[int]string{0: "Paid for until", -2: "It was paid for until"} {
			set("funded_until", c.Clock.Now().AddDate(0, 0, until).UTC().Format(time.DateOnly)).OK()
			if page := about(); !strings.Contains(page, want) {
				t.Errorf("paid for until %d days from now, the about page lacks %q: %s", until, want, page)
			}
		}
		set("limited_federation", "on").OK()
		if got := c.Anonymous().GET("/api/v2/instance").Object().Obj("configuration"); !got.Bool("limited_federation") {
			t.Errorf("the configuration: %v", got)
		}
		shown := func() string { return c.Anonymous().GET("/api/v2/instance").Object().Obj("thumbnail").Str("url") }
		usual := shown()
		admin.POST(ownAdmin+"thumbnail", testkit.Upload(t, map[string][]byte{"image": testkit.PNG(t, testkit.Gradient(64, 32))})).OK()
		if shown() == usual {
			t.Error("the thumbnail is as before")
		}
		if page := c.Anonymous().GET("/about").OK().Body; !strings.Contains(string(page), `<meta property="og:image" content="`+shown()+`">`) {
			t.Errorf("the page does not show %s to those whom its address is sent", shown())
		}
		admin.POST(ownAdmin+"thumbnail", nil).OK()
		if shown() != usual {
			t.Error("the thumbnail is not the usual one")
		}

		id := admin.POST(ownAdmin+"rules", testkit.F("text", "Be kind.", "hint", "Always.")).List()[0].Str("id")
		if got := admin.PUT(ownAdmin+"rules/"+id, testkit.F("text", "Be kinder.")).List()[0]; got["text"] != "Be kinder." || got["hint"] != "" {
			t.Errorf("the rule: %v", got)
		}
		admin.PUT(ownAdmin+"rules/7", testkit.F("text", "x")).Error(404)
		translated := admin.PUT(ownAdmin+"rules/"+id, testkit.F("text", "Be kinder.", "translations[de][text]", "Sei netter.", "translations[de][hint]", "Immer.", "translations[pt-BR][text]", "x")).List()[0]
		if got := translated.Obj("translations"); got.Obj("de").Str("hint") != "Immer." || got.Obj("pt-BR").Str("text") != "x" {
			t.Errorf("the translations: %v", got)
		}
		admin.PUT(ownAdmin+"rules/"+id, testkit.F("text", "Be kinder.", "translations[no/such][text]", "x")).Error(422)
		changed := admin.PUT(ownAdmin+"rules/"+id, testkit.F("text", "Be kinder.", "translations[pt-BR][text]", "")).List()[0].Obj("translations")
		if changed.Obj("de").Str("text") != "Sei netter." || changed["pt-BR"] != nil {
			t.Errorf("one translation went, the other stayed: %v", changed)
		}
		if page := string(c.Anonymous().With("Accept-Language", "de").GET("/about").Body); !strings.Contains(page, "Sei netter.") || strings.Contains(page, "Be kinder.") {
			t.Error("the about page does not speak German")
		}
		second := admin.POST(ownAdmin+"rules", testkit.F("text", "Be brief.")).List()[1].Str("id")
		order := ownAdmin + "rules/order"
		for _, wrong := range []testkit.Form{testkit.F("ids[]", second), testkit.F("ids[]", second, "ids[]", second), testkit.F("ids[]", second, "ids[]", "7")} {
			if a := admin.POST(order, wrong); a.Status != 422 && a.Status != 404 {
				t.Errorf("ordered by %v: %d", wrong, a.Status)
			}
		}
		admin.POST(order, testkit.F("ids[]", second, "ids[]", id)).OK()
		if got := c.Anonymous().GET("/api/v1/instance/rules").List(); got[0].Str("id") != second || got[1].Obj("translations").Obj("de").Str("text") != "Sei netter." {
			t.Errorf("the rules: %v", got)
		}
		if third := admin.POST(ownAdmin+"rules", testkit.F("text", "Be last.")).List()[2]; third.Str("text") != "Be last." {
			t.Errorf("a new rule stands at %v", third)
		} else {
			admin.DELETE(ownAdmin+"rules/"+third.Str("id"), nil).OK()
		}
		admin.DELETE(ownAdmin+"rules/"+second, nil).OK()
		admin.DELETE(ownAdmin+"rules/"+id, nil).OK()
		if got := c.Anonymous().GET("/api/v1/instance/rules").List(); len(got) != 0 {
			t.Errorf("rules left: %v", got)
		}

		told := admin.POST(ownAdmin+"announcements", testkit.F("text", "Picnic")).List()[0]
		if told["state"] != "published" {
			t.Errorf("the announcement: %v", told)
		}
		admin.POST(ownAdmin+"announcements", testkit.F("text", "x", "starts_at", "soon")).Error(400)
		admin.DELETE(ownAdmin+"announcements/"+told.Str("id"), nil).OK()
		admin.DELETE(ownAdmin+"announcements/"+told.Str("id"), nil).Error(404)

		admin.POST(ownAdmin+"terms", testkit.F("text", "Be fair.")).Object()
		if got := admin.GET(ownAdmin + "terms").List(); len(got) != 1 || got[0]["text"] != "Be fair." {
			t.Errorf("terms: %v", got)
		}

		var key string
		for _, r := range admin.POST(ownAdmin+"roles", testkit.F("name", "Gardener", "position", "5", "permissions", "256")).List() {
			if x := r; x["name"] == "Gardener" {
				key = x.Str("key")
			}
		}
		if got := admin.POST(ownAdmin+"accounts/"+c.Person("bob").ID.String()+"/role", testkit.F("role", key)).Object(); got.Obj("role").Str("name") != "Gardener" {
			t.Errorf("bob: %v", got)
		}
		admin.PUT(ownAdmin+"roles/"+key, testkit.F("permissions", "1")).Error(403) // may more than the admin
		admin.DELETE(ownAdmin+"roles/"+key, nil).OK()

		log := string(c.As("alice").GET(ownAdmin + "audit_log").Body)
		for _, want := range []string{`"target_type":"setting"`, `"target_type":"rule"`, `"target_type":"announcement"`, `"target":"title"`} {
			if !strings.Contains(log, want) {
				t.Errorf("the log lacks %s", want)
			}
		}
	})
}

// Several of the staff change different settings at once: each change stays.
func TestSettingsChangedAtOnceAllStay(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin := c.As("admin").In(t)
		for _, want := range []map[string]string{
			{"title": "The burrow", "markdown": "on", "local_only": "on", "max_characters": "900", "max_media": "8", "running_costs": "Bob pays."},
			{"title": "The hill", "markdown": "off", "local_only": "off", "max_characters": "800", "max_media": "6", "running_costs": "Carol pays."},
			{"title": "The marsh", "markdown": "on", "local_only": "on", "max_characters": "700", "max_media": "5", "running_costs": "Dave pays."},
		} {
			var wg sync.WaitGroup
			for name, value := range want {
				wg.Go(func() { admin.PUT(ownAdmin+"settings/"+name, testkit.F("value", value)).OK() })
			}
			wg.Wait()
			for _, now := range admin.GET(ownAdmin + "settings").List() {
				if value, changed := want[now.Str("name")]; changed && now.Str("value") != value {
					t.Errorf("%s is %q, want %q", now.Str("name"), now.Str("value"), value)
				}
			}
		}
	})
}
