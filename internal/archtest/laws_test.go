package archtest

import (
	"testing"
)

// law is one rule over one package.
type law struct {
	name  string
	check func(*source) []string
}

var laws = []law{
	{"imports", checkImports},
	{"init", checkInit},
	{"comment", checkComment},
	{"uses", checkUses},
	{"variables", checkVars},
	{"sql", checkSQL},
}

// TestLaws holds every package of the module to the laws of
// docs/ARCHITECTURE.md (design laws 1, 2 and 5, SEC-25, SEC-63).
func TestLaws(t *testing.T) {
	t.Parallel()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no package found")
	}
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range all {
				for _, broken := range l.check(s) {
					t.Error(broken)
				}
			}
		})
	}
}

// TestTableIsAcyclic holds the table itself to law 1.
func TestTableIsAcyclic(t *testing.T) {
	t.Parallel()
	for name, here := range house {
		if here.may == anyBelow {
			continue
		}
		for other, there := range house {
			if here.allows(other) && there.level >= here.level {
				t.Errorf("the table lets %s (level %d) import %s (level %d)", name, here.level, other, there.level)
			}
		}
	}
}
