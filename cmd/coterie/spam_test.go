package main

import (
	"testing"

	"github.com/alecthomas/kong"
)

// The verbs about waves take ids, or the word all.
func TestSpamArguments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		ids  int
		fate string
		fail bool
	}{
		{[]string{"spam", "confirm", "all"}, 0, "suspend", false},
		{[]string{"spam", "confirm", "11", "12", "--accounts", "limit"}, 2, "limit", false},
		{[]string{"spam", "confirm", "11", "all"}, 0, "", true},
		{[]string{"spam", "confirm", "x"}, 0, "", true},
	} {
		var parsed struct {
			Spam spamCmd `cmd:""`
		}
		k, err := kong.New(&parsed)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Parse(c.args); err != nil {
			t.Fatal(err)
		}
		ids, err := parsed.Spam.Confirm.ids()
		if (err != nil) != c.fail || !c.fail && (len(ids) != c.ids || parsed.Spam.Confirm.Accounts != c.fate) {
			t.Errorf("%v: %v, %s, %v", c.args, ids, parsed.Spam.Confirm.Accounts, err)
		}
	}
	var parsed struct {
		Spam spamCmd `cmd:""`
	}
	k, err := kong.New(&parsed)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"spam", "confirm"}, {"spam", "release"}, {"spam", "confirm", "1", "--accounts", "eat"}} {
		if _, err := k.Parse(args); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}
