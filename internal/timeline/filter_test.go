package timeline_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
	"coterie/internal/timeline"
)

// people makes two accounts and a public status of the second.
func people(t *testing.T, st *store.Store) (one, other, status domain.ID) {
	t.Helper()
	err := st.Write(t.Context(), func(tx *store.Tx) error {
		a, b := domain.Account{Username: "one"}, domain.Account{Username: "other"}
		if err := tx.InsertAccount(&a); err != nil {
			return err
		}
		if err := tx.InsertAccount(&b); err != nil {
			return err
		}
		s := domain.Status{Account: b.ID, Local: true, Text: "hello"}
		if err := tx.InsertStatus(&s, "hello"); err != nil {
			return err
		}
		one, other, status = a.ID, b.ID, s.ID
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return one, other, status
}

func change(title string, keywords ...string) timeline.FilterChange {
	c := timeline.FilterChange{Title: &title, Contexts: []string{"home"}}
	for _, k := range keywords {
		c.Keywords = append(c.Keywords, timeline.KeywordChange{Keyword: &k})
	}
	return c
}

func matches(t *testing.T, f *timeline.Filters, viewer, status domain.ID, plain string) []string {
	t.Helper()
	set, err := f.Set(t.Context(), viewer)
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, m := range set.Match(status, 0, plain) {
		titles = append(titles, m.Filter.Title)
	}
	return titles
}

func TestFiltersMatchUntilTheyChangeOrExpire(t *testing.T) {
	t.Parallel()
	dbtest.EachClock(t, func(t *testing.T, st *store.Store, clock *dbtest.Clock) {
		svc, ctx := timeline.NewFilters(st), t.Context()
		one, other, status := people(t, st)
		hour := time.Hour
		short := change("short", "kumquat")
		short.Life = &hour
		if _, err := svc.Create(ctx, one, short); err != nil {
			t.Fatal(err)
		}
		long, err := svc.Create(ctx, one, change("long", "KUMQUAT", "spinach"))
		if err != nil {
			t.Fatal(err)
		}
		if got := matches(t, svc, one, status, "Kumquats!"); !slices.Equal(got, []string{"short", "long"}) {
			t.Errorf("two filters match, got %q", got)
		}
		if got := matches(t, svc, other, status, "Kumquats!"); got != nil {
			t.Errorf("somebody else's filters match: %q", got)
		}
		if got := matches(t, svc, 0, status, "Kumquats!"); got != nil {
			t.Errorf("a visitor has filters: %q", got)
		}
		if _, err := svc.AddStatus(ctx, one, long.ID, status); err != nil {
			t.Fatal(err)
		}
		if got := matches(t, svc, one, status, "nothing"); !slices.Equal(got, []string{"long"}) {
			t.Errorf("the status itself is filtered, got %q", got)
		}
		if err := svc.DeleteKeyword(ctx, one, long.Keywords[0].ID); err != nil {
			t.Fatal(err)
		}
		if got := matches(t, svc, one, 1, "Kumquats!"); !slices.Equal(got, []string{"short"}) {
			t.Errorf("a removed keyword still matches: %q", got)
		}
	})
}

func TestExpiredFiltersMatchNothingButStayListed(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	st := dbtest.Open(t, withClock(dbtest.SQLite(t), clock))
	svc := timeline.NewFilters(st)
	one, _, status := people(t, st)
	c := change("short", "kumquat")
	hour := time.Hour
	c.Life = &hour
	if _, err := svc.Create(t.Context(), one, c); err != nil {
		t.Fatal(err)
	}
	if got := matches(t, svc, one, status, "kumquat"); len(got) != 1 {
		t.Errorf("before its end it matches, got %q", got)
	}
	clock.Add(hour)
	if got := matches(t, svc, one, status, "kumquat"); got != nil {
		t.Errorf("after its end it matches nothing, got %q", got)
	}
	list, err := st.Reader().Filters(t.Context(), one)
	if err != nil || len(list) != 1 {
		t.Errorf("it stays listed, got %v, %v", list, err)
	}
	if list, err := st.Reader().Filters(t.Context(), one); err != nil || !list[0].Expired(clock.Now()) {
		t.Errorf("and is expired: %v", err)
	}
}

func withClock(o store.Options, c *dbtest.Clock) store.Options {
	o.Now = c.Now
	return o
}

func TestSEC31_FiltersOfOthersAreAbsent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		svc, ctx := timeline.NewFilters(st), t.Context()
		one, other, status := people(t, st)
		f, err := svc.Create(ctx, one, change("mine", "kumquat"))
		if err != nil {
			t.Fatal(err)
		}
		entry, err := svc.AddStatus(ctx, one, f.ID, status)
		if err != nil {
			t.Fatal(err)
		}
		word := "x"
		foreign, err := svc.Create(ctx, other, change("theirs"))
		if err != nil {
			t.Fatal(err)
		}
		for name, verb := range map[string]func() error{
			"change": func() error { _, err := svc.Change(ctx, other, f.ID, change("x")); return err },
			"delete": func() error { return svc.Delete(ctx, other, f.ID) },
			"add keyword": func() error {
				_, err := svc.AddKeyword(ctx, other, f.ID, timeline.KeywordChange{Keyword: &word})
				return err
			},
			"change keyword": func() error {
				_, err := svc.ChangeKeyword(ctx, other, f.Keywords[0].ID, timeline.KeywordChange{})
				return err
			},
			"delete keyword": func() error { return svc.DeleteKeyword(ctx, other, f.Keywords[0].ID) },
			"add status":     func() error { _, err := svc.AddStatus(ctx, other, f.ID, status); return err },
			"delete status":  func() error { _, err := svc.DeleteStatus(ctx, other, entry.ID); return err },
			"take over keyword": func() error {
				_, err := svc.Change(ctx, other, foreign.ID, timeline.FilterChange{Keywords: []timeline.KeywordChange{{ID: f.Keywords[0].ID, Remove: true}}})
				return err
			},
		} {
			if err := verb(); !domain.Is(err, domain.NotFound) {
				t.Errorf("%s: got %v, want not found", name, err)
			}
		}
		if got, err := st.Reader().Filter(ctx, one, f.ID); err != nil || len(got.Keywords) != 1 || len(got.Statuses) != 1 {
			t.Errorf("the filter is whole: %+v, %v", got, err)
		}
	})
}

func TestFilterRules(t *testing.T) {
	t.Parallel()
	st := dbtest.Open(t, dbtest.SQLite(t))
	svc := timeline.NewFilters(st)
	one, _, status := people(t, st)
	ctx := context.Background()
	bad := domain.FilterAction("explode")
	for name, c := range map[string]timeline.FilterChange{
		"no title":        {Contexts: []string{"home"}},
		"long title":      change(strings.Repeat("é", domain.MaxFilterTitle+1)),
		"no context":      {Title: new(string)},
		"unknown context": {Title: ptr("x"), Contexts: []string{"home", "garden"}},
		"unknown action":  {Title: ptr("x"), Contexts: []string{"home"}, Action: &bad},
		"blank keyword":   change("x", " \t"),
		"long keyword":    change("x", strings.Repeat("é", domain.MaxFilterKeyword+1)),
	} {
		if _, err := svc.Create(ctx, one, c); !domain.Is(err, domain.Invalid) {
			t.Errorf("%s: got %v, want invalid", name, err)
		}
	}
	f, err := svc.Create(ctx, one, change("x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := svc.AddStatus(ctx, one, f.ID, status); err != nil {
		t.Fatal(err)
	}
	if _, err := svc.AddStatus(ctx, one, f.ID, status); !domain.Is(err, domain.Invalid) {
		t.Errorf("the same status twice: %v", err)
	}
	if _, err := svc.AddStatus(ctx, one, f.ID, 1); !domain.Is(err, domain.NotFound) {
		t.Errorf("a status that is not there: %v", err)
	}
	many := change("many")
	for range domain.MaxKeywords + 1 {
		many.Keywords = append(many.Keywords, timeline.KeywordChange{Keyword: ptr("word")})
	}
	if _, err := svc.Create(ctx, one, many); !domain.Is(err, domain.Invalid) {
		t.Errorf("too many keywords: %v", err)
	}
}

func ptr[T any](v T) *T { return &v }

func TestFiltersChangedByAnotherProcessAreForgotten(t *testing.T) {
	t.Parallel()
	o := dbtest.Postgres(t)
	st := dbtest.Open(t, o)
	heard := make(chan store.Notice, 8)
	defer st.Listen(domain.TopicFilters, func(n store.Notice) { heard <- n })()
	here, there := timeline.NewFilters(st), timeline.NewFilters(dbtest.Open(t, o))
	one, _, status := people(t, st)
	if n := <-heard; !n.Missed {
		t.Fatalf("the first notice is that some may be lost, got %+v", n)
	}
	if got := matches(t, here, one, status, "kumquat"); got != nil {
		t.Fatalf("nothing is filtered yet: %q", got)
	}
	if _, err := there.Create(t.Context(), one, change("x", "kumquat")); err != nil {
		t.Fatal(err)
	}
	<-heard
	// The service hears of it in the same breath, before or after this test.
	for range 1_000_000 {
		if got := matches(t, here, one, status, "kumquat"); len(got) == 1 {
			return
		}
		runtime.Gosched()
	}
	t.Error("another process still uses the old filters")
}
