package moderation_test

import (
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/moderation"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func TestParseBlockList(t *testing.T) {
	t.Parallel()
	s := moderation.New(openNothing(t), moderation.Config{Own: []string{"coterie.test"}})
	list, odd, err := s.ParseBlockList([]byte("\ufeff#domain,#severity,#public_comment,#obfuscate\n" +
		"Bad.Test,suspend,\"spam, a lot\",True\nloud.test,silence,'=1+1,False\nbad.test,noop,,\nnot a host,suspend,,\ncoterie.test,suspend,,\nodd.test,maybe,,\nbücher.test,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []domain.DomainPolicy{
		{Domain: "bad.test", Severity: domain.SeveritySuspend, Comment: "spam, a lot", Obfuscate: true},
		{Domain: "loud.test", Severity: domain.SeverityLimit, Comment: "=1+1"},
		{Domain: "xn--bcher-kva.test", Severity: domain.SeveritySuspend},
	}
	if len(list) != len(want) {
		t.Fatalf("got %v", list)
	}
	for i := range want {
		if list[i] != want[i] {
			t.Errorf("line %d: got %+v, want %+v", i, list[i], want[i])
		}
	}
	if got := strings.Join(odd, "|"); got != "not a host,suspend,,|coterie.test,suspend,,|odd.test,maybe,," {
		t.Errorf("odd: %s", got)
	}
	bare, _, err := s.ParseBlockList([]byte("one.test\ntwo.test\n"))
	if err != nil || len(bare) != 2 || bare[1].Severity != domain.SeveritySuspend {
		t.Errorf("a bare list: %v, %v", bare, err)
	}
}

func FuzzParseBlockList(f *testing.F) {
	f.Add("#domain,#severity\nbad.test,suspend\n")
	f.Add("\"a\nb\",x\n=cmd,noop")
	s := moderation.New(openNothing(f), moderation.Config{})
	f.Fuzz(func(t *testing.T, text string) {
		list, _, err := s.ParseBlockList([]byte(text))
		for _, p := range list {
			if err != nil || !p.Severity.Valid() || p.Domain != strings.ToLower(p.Domain) || !strings.Contains(p.Domain, ".") {
				t.Errorf("%q: %+v, %v", text, p, err)
			}
		}
	})
}

// openNothing is a store that nobody writes to.
func openNothing(t testing.TB) *store.Store {
	t.Helper()
	return dbtest.Open(t, dbtest.SQLite(t))
}
