package main

import (
	"fmt"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

// spamCmd are the verbs about posts that are held as a wave of spam.
type spamCmd struct {
	List    spamListCmd    `cmd:"" help:"List the waves that wait for a decision."`
	Release spamReleaseCmd `cmd:"" help:"Let the posts of waves through."`
	Confirm spamConfirmCmd `cmd:"" help:"Remove the posts of waves as spam."`
}

type spamListCmd struct{}

func (spamListCmd) Run(a *app) error {
	var list []instance.SpamWave
	err := a.do("spam list", instance.SpamList{}, &list)
	return a.print(err, list, func() {
		for _, w := range list {
			fmt.Printf("%s  %s  %d posts of %d accounts: %.80q\n", w.ID, w.Host, w.Posts, w.Accounts, strings.Join(strings.Fields(w.Sample), " "))
		}
		if len(list) == 0 {
			fmt.Println("Nothing is held.")
		}
	})
}

type spamWavesArg struct {
	Waves []string `arg:"" help:"Ids of waves, or all."`
}

func (c *spamWavesArg) ids() ([]domain.ID, error) {
	if len(c.Waves) == 1 && c.Waves[0] == "all" {
		return nil, nil
	}
	var ids []domain.ID
	for _, w := range c.Waves {
		id, ok := domain.ParseID(w)
		if !ok {
			return nil, fmt.Errorf("%q is no wave; coterie spam list lists them", w)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

type spamReleaseCmd struct{ spamWavesArg }

func (c *spamReleaseCmd) Run(a *app) error { return c.decide(a, "spam release", "", "let through") }

type spamConfirmCmd struct {
	spamWavesArg
	Accounts string `default:"suspend" enum:"suspend,limit,none" help:"What becomes of the authors: suspend, limit or none."`
}

func (c *spamConfirmCmd) Run(a *app) error {
	then := domain.ActionType(c.Accounts)
	if c.Accounts == "limit" {
		then = domain.ActionSilence
	}
	return c.decide(a, "spam confirm", then, "removed")
}

func (c *spamWavesArg) decide(a *app, verb string, then domain.ActionType, how string) error {
	ids, err := c.ids()
	if err != nil {
		return err
	}
	var done instance.SpamDecided
	err = a.do(verb, instance.SpamDecide{Waves: ids, Accounts: then}, &done)
	return a.print(err, done, func() { fmt.Printf("The posts of %d waves are %s.\n", done.Waves, how) })
}
