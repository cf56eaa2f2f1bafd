package main

import (
	"fmt"

	"coterie/internal/instance"
)

type accountAliasCmd struct {
	Name   string `arg:"" help:"User name."`
	Of     string `required:"" help:"Address or handle of the other account."`
	Remove bool   `help:"Take the alias, named by its address, back."`
}

func (c *accountAliasCmd) Run(a *app) error {
	var done instance.AccountMade
	err := a.do("account alias", instance.AccountAlias{Name: c.Name, Of: c.Of, Remove: c.Remove}, &done)
	return a.print(err, done, func() {
		if c.Remove {
			fmt.Printf("%s may no longer move to @%s.\n", c.Of, done.Name)
			return
		}
		fmt.Printf("%s may move to @%s now; start the move there.\n", c.Of, done.Name)
	})
}

type accountMoveCmd struct {
	Name string `arg:"" help:"User name."`
	To   string `required:"" help:"Handle or address of the new account, which must name the old one as an alias."`
}

func (c *accountMoveCmd) Run(a *app) error {
	var done instance.AccountMade
	err := a.do("account move", instance.AccountMove{Name: c.Name, To: c.To}, &done)
	return a.print(err, done, func() { fmt.Printf("@%s says to its followers that it is %s now.\n", done.Name, c.To) })
}
