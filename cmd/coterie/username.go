package main

import (
	"fmt"

	"coterie/internal/instance"
)

// nameCmd are the verbs about names that nobody gets by signing up.
type nameCmd struct {
	List    nameListCmd    `cmd:"" help:"List the names that nobody gets."`
	Block   nameBlockCmd   `cmd:"" help:"Keep a name, and those that look like it, from being taken by signing up."`
	Unblock nameUnblockCmd `cmd:"" help:"Let people take a name again."`
}

type nameListCmd struct{}

func (nameListCmd) Run(a *app) error {
	var list []instance.UsernameBlock
	err := a.do("name list", struct{}{}, &list)
	return a.print(err, list, func() {
		for i := range list {
			printName(&list[i])
		}
		if len(list) == 0 {
			fmt.Println("No names are blocked.")
		}
	})
}

func printName(b *instance.UsernameBlock) {
	how, instead := "exactly", "refused"
	if b.Contains {
		how = "anywhere"
	}
	if b.Approval {
		instead = "by approval"
	}
	fmt.Printf("%-30s  %-8s  %s\n", b.Name, how, instead)
}

type nameBlockCmd struct {
	Name     string `arg:"" help:"The name, without @."`
	Contains bool   `help:"Bar whatever contains it, too."`
	Approval bool   `help:"Let people ask for it, and somebody decides."`
}

func (c *nameBlockCmd) Run(a *app) error {
	var b instance.UsernameBlock
	err := a.do("name block", instance.UsernameBlockAdd{Name: c.Name, Contains: c.Contains, Approval: c.Approval}, &b)
	return a.print(err, b, func() { printName(&b) })
}

type nameUnblockCmd struct {
	Name string `arg:"" help:"The name, without @."`
}

func (c *nameUnblockCmd) Run(a *app) error {
	var done struct{}
	err := a.do("name unblock", instance.UsernameBlockOne{Name: c.Name}, &done)
	return a.print(err, done, func() { fmt.Println("Unblocked.") })
}
