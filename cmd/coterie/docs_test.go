package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"coterie/internal/adminapi"
)

var quoted = regexp.MustCompile("`([a-z_ ]+)`")

// TestVerbsAreListed holds the table "From the shell" of docs/moderation.md to
// the verbs there are and to the routes of the staff: each noun of those has
// its verbs, and what is listed exists.
func TestVerbsAreListed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/moderation.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "## From the shell")
	table, _, ended := strings.Cut(rest, "\n## ")
	if !found || !ended {
		t.Fatal("there is no such table")
	}
	var c cli
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, leaf := range parser.Model.Leaves(false) {
		there[strings.TrimPrefix(leaf.Path(), "coterie ")] = true
	}
	nouns := map[string]bool{}
	for line := range strings.SplitSeq(table, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 4 {
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(cells[1], -1) {
			nouns[m[1]] = true
		}
		for _, m := range quoted.FindAllStringSubmatch(cells[2], -1) {
			if !there[m[1]] {
				t.Errorf("there is no verb coterie %s", m[1])
			}
		}
	}
	for _, r := range (&adminapi.API{}).Routes() {
		_, path, staff := strings.Cut(r.Pattern, "/admin/")
		if noun, _, _ := strings.Cut(path, "/"); staff && !nouns[noun] {
			t.Errorf("%s %s has no verb in the table", r.Method, r.Pattern)
		}
	}
}
