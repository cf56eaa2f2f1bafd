package instance_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// The commands about waves list, release and confirm what is held.
func TestSpamCommands(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	run := func(verb string, args, result any) error {
		t.Helper()
		b, err := json.Marshal(args)
		if err != nil {
			t.Fatal(err)
		}
		v, err := one.Command(t.Context(), verb, b, func(string) {})
		if err != nil {
			return err
		}
		one.Settle()
		if b, err = json.Marshal(v); err != nil {
			t.Fatal(err)
		}
		return json.Unmarshal(b, result)
	}
	spam := func(by, words string) {
		for _, to := range []string{"alice", "bob", "carol", "dave"} {
			two.As(by).POST("/api/v1/statuses", testkit.F("status", "@"+to+"@one.test "+words)).OK()
		}
		two.Settle()
	}
	mentions := func() (n int) {
		for _, who := range []string{"alice", "bob", "carol", "dave"} {
			n += len(one.Heard(who, "mention"))
		}
		return n
	}
	var list []instance.SpamWave
	if err := run("spam list", instance.SpamList{}, &list); err != nil || len(list) != 0 {
		t.Fatalf("before: %+v, %v", list, err)
	}
	spam("erin", "Great news for all of you today: our brand new server is open, join the biggest chat of the summer and win a fine prize at once")
	if err := run("spam list", instance.SpamList{}, &list); err != nil || len(list) != 1 || list[0].Host != "two.test" || list[0].Posts != 1 || list[0].Accounts != 1 || list[0].Sample == "" {
		t.Fatalf("held: %+v, %v", list, err)
	}
	var done instance.SpamDecided
	if err := run("spam release", instance.SpamDecide{Waves: []domain.ID{list[0].ID}}, &done); err != nil || done.Waves != 1 || mentions() != 4 {
		t.Errorf("released: %+v, %v, %d mentions", done, err, mentions())
	}
	if err := run("spam release", instance.SpamDecide{Waves: []domain.ID{list[0].ID}}, &done); !domain.Is(err, domain.NotFound) {
		t.Errorf("once more: %v", err)
	}
	one.After(domain.WaveSpan + 1e9)
	spam("bob", "Our casino is the one place in the whole wide world where every single player wins a car on the first evening, come")
	if err := run("spam confirm", instance.SpamDecide{Accounts: "eat"}, &done); !domain.Is(err, domain.Invalid) {
		t.Errorf("an odd fate: %v", err)
	}
	if err := run("spam confirm", instance.SpamDecide{Accounts: domain.ActionSilence}, &done); err != nil || done.Waves != 1 || mentions() != 7 {
		t.Errorf("confirmed: %+v, %v, %d mentions", done, err, mentions())
	}
	found := one.As("alice").GET("/api/v2/admin/accounts?status=silenced").List()
	if got := fmt.Sprint(len(found)); got != "1" || found[0].Str("username") != "bob" {
		t.Errorf("limited: %v", found)
	}
	if err := run("spam list", instance.SpamList{}, &list); err != nil || len(list) != 0 {
		t.Errorf("left: %+v, %v", list, err)
	}
}
