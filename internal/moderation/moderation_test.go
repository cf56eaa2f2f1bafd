package moderation_test

import (
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/moderation"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func TestSettingsAndRulesChangeInEveryProcess(t *testing.T) {
	t.Parallel()
	o := dbtest.Postgres(t)
	o.Now = time.Now
	here, there := moderation.New(dbtest.Open(t, o), moderation.Config{}), moderation.New(dbtest.Open(t, o), moderation.Config{})
	set := domain.Settings{Title: "Burrow", Registrations: domain.RegistrationsOpen}
	for _, title := range []string{"Burrow", "Warren"} {
		set.Title = title
		if err := here.SaveSettings(t.Context(), set); err != nil {
			t.Fatal(err)
		}
		if got, err := here.Settings(t.Context()); err != nil || got.Title != title {
			t.Errorf("here: got %q, %v", got.Title, err)
		}
		await(t, "the other process sees "+title, func() bool {
			got, err := there.Settings(t.Context())
			return err == nil && got.Title == title
		})
	}
	if _, err := there.Rules(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := here.AddRule(t.Context(), 0, domain.Rule{Text: " Be kind. "}); err != nil {
		t.Fatal(err)
	}
	await(t, "the other process sees the rule", func() bool {
		rules, err := there.Rules(t.Context())
		return err == nil && len(rules) == 1 && rules[0].Text == "Be kind."
	})
}

func TestSettingsAreCheckedAndRemembered(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		s := moderation.New(st, moderation.Config{})
		good := domain.Settings{Title: "Burrow", Registrations: domain.RegistrationsClosed}
		for what, change := range map[string]func(*domain.Settings){
			"no name":           func(d *domain.Settings) { d.Title = "  " },
			"a name too long":   func(d *domain.Settings) { d.Title = strings.Repeat("é", 101) },
			"a mode not known":  func(d *domain.Settings) { d.Registrations = "perhaps" },
			"a novel as a line": func(d *domain.Settings) { d.ShortDescription = strings.Repeat("x", 501) },
		} {
			bad := good
			change(&bad)
			if err := s.SaveSettings(t.Context(), bad); !domain.Is(err, domain.Invalid) {
				t.Errorf("%s: got %v", what, err)
			}
		}
		if err := s.SaveSettings(t.Context(), good); err != nil {
			t.Fatal(err)
		}
		// What was read counts until the news of the change comes round.
		await(t, "the settings are remembered", func() bool {
			ctx, statements := store.CountStatements(t.Context())
			got, err := s.Settings(ctx)
			if err != nil || got.Title != good.Title {
				t.Fatalf("read again: %q, %v", got.Title, err)
			}
			return statements.Load() == 0
		})
		if _, err := s.AddRule(t.Context(), 0, domain.Rule{Text: " "}); !domain.Is(err, domain.Invalid) {
			t.Errorf("a rule without text: %v", err)
		}
	})
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); {
		if time.Now().After(deadline) {
			t.Fatal("not within a minute: " + what)
		}
	}
}
