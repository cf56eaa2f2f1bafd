package mastoapi_test

import (
	"strconv"
	"testing"
	"time"

	"coterie/internal/testkit"
)

// december moves the clock to noon on a day of December of its year.
func december(c *testkit.Community, day int) (year int) {
	now := c.Clock.Now().UTC()
	c.Clock.Add(time.Date(now.Year(), 12, day, 12, 0, 0, 0, time.UTC).Sub(now))
	return now.Year()
}

func TestAnnualReports(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice")
		year := december(c, 1)
		base := "/api/v1/annual_reports/" + strconv.Itoa(year)
		state := func() string { t.Helper(); return alice.GET(base + "/state").Object().Str("state") }
		p := c.Post("alice", "Digging #burrows and #seeds, more #burrows")
		c.Post("alice", "Between us #secret", "visibility", "private")
		c.As("bob").POST(status(p, "favourite"), nil).OK()
		c.As("bob").POST(status(p, "reblog"), nil).OK()
		c.Follow("bob", "alice")
		c.Settle()
		if s := state(); s != "ineligible" {
			t.Errorf("on the first of December: %s", s)
		}
		december(c, 20)
		if s := state(); s != "eligible" {
			t.Errorf("on the 20th: %s", s)
		}
		if s := c.As("dave").GET(base + "/state").Object().Str("state"); s != "ineligible" {
			t.Errorf("dave, who posted nothing: %s", s)
		}
		if s := alice.GET("/api/v1/annual_reports/" + strconv.Itoa(year-1) + "/state").Object().Str("state"); s != "ineligible" {
			t.Errorf("last year: %s", s)
		}
		alice.GET(base).Error(404)
		alice.POST(base+"/read", nil).Error(404)
		c.As("dave").POST(base+"/generate", nil).Want(200)
		made := alice.POST(base+"/generate", nil).Want(202)
		refresh := refreshOf(t, made)
		if s := alice.GET(refresh).Object().Obj("async_refresh").Str("status"); s != "running" || state() != "generating" {
			t.Errorf("while it is made: %s, %s", s, state())
		}
		alice.GET(base).Error(404)
		alice.POST(base+"/generate", nil).Want(202)
		c.Settle()
		if s := alice.GET(refresh).Object().Obj("async_refresh").Str("status"); s != "finished" || state() != "available" {
			t.Errorf("when it is made: %s, %s", s, state())
		}
		alice.POST(base+"/generate", nil).Want(200)
		for _, path := range []string{base, "/api/v1/annual_reports"} {
			checkReport(t, alice.GET(path).Object(), p, year)
		}
		if list := c.As("bob").GET("/api/v1/annual_reports").Object()["annual_reports"].([]any); len(list) != 0 {
			t.Errorf("bob has %v", list)
		}
		c.As("bob").GET(base).Error(404)
		alice.POST(base+"/read", nil).OK()
		if list := alice.GET("/api/v1/annual_reports").Object()["annual_reports"].([]any); len(list) != 0 {
			t.Errorf("read, it is still listed: %v", list)
		}
		alice.GET(base).OK()
		for _, bad := range []string{"x", "0", "10000"} {
			alice.GET("/api/v1/annual_reports/" + bad).Error(404)
		}
	})
}

func checkReport(t *testing.T, all, p testkit.Object, year int) {
	t.Helper()
	report := testkit.Object(all["annual_reports"].([]any)[0].(map[string]any))
	data := report.Obj("data")
	if int(report.Num("year")) != year || report.Num("schema_version") != 2 || data.Str("archetype") != "lurker" {
		t.Errorf("the report: %v", report)
	}
	if top := data.Obj("top_statuses"); top.Str("by_reblogs") != p.Str("id") || top.Str("by_favourites") != p.Str("id") || top["by_replies"] != nil {
		t.Errorf("the top posts: %v", top)
	}
	months := data["time_series"].([]any)
	last := testkit.Object(months[11].(map[string]any))
	if len(months) != 12 || last.Num("month") != 12 || last.Num("statuses") != 2 || last.Num("followers") != 1 || last.Num("following") != 0 {
		t.Errorf("December: %v", last)
	}
	if tags := data["top_hashtags"].([]any); len(tags) != 2 || tags[0].(map[string]any)["name"] != "burrows" {
		t.Errorf("the top hashtags: %v", tags)
	}
	if posts := all["statuses"].([]any); len(posts) != 1 || len(all["accounts"].([]any)) != 1 {
		t.Errorf("%d posts, %d accounts", len(posts), len(all["accounts"].([]any)))
	}
}

func TestAnnualReportsOff(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	year := strconv.Itoa(december(c, 20))
	c.Post("alice", "Digging")
	c.Configure(func(s *testkit.Settings) { s.NoAnnualReports = true })
	c.As("alice").POST("/api/v1/annual_reports/"+year+"/generate", nil).Want(200)
	if s := c.As("alice").GET("/api/v1/annual_reports/" + year + "/state").Object().Str("state"); s != "ineligible" {
		t.Errorf("switched off: %s", s)
	}
}
