package archtest

import (
	"os"
	"regexp"
	"strconv"
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

// TestDocumentAgrees holds the table of docs/ARCHITECTURE.md to the one here.
func TestDocumentAgrees(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| (\\d) \\| `([a-z/]+)` \\|.*\\| ([^|]*) \\|$")
	found := map[string]bool{}
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		level, may := m[1], m[3]
		if may == "–" {
			may = ""
		}
		here, ok := house[m[2]]
		if !ok || strconv.Itoa(here.level) != level || here.may != may {
			t.Errorf("the document has %s on level %s importing %q, the test has level %d and %q", m[2], level, may, here.level, here.may)
		}
		found[m[2]] = true
	}
	for name := range house {
		if !found[name] {
			t.Errorf("the document does not have %s", name)
		}
	}
}
