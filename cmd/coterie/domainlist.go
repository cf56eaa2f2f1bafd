package main

import (
	"fmt"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

// domainListsCmd are the verbs about block lists of others.
type domainListsCmd struct {
	Show    listsShowCmd    `cmd:"" default:"1" help:"List the block lists that the community subscribes to."`
	Add     listsAddCmd     `cmd:"" help:"Subscribe to a block list (CSV, as Mastodon writes it, or plain domains)."`
	Count   listsCountCmd   `cmd:"" help:"Let a list count: what enough of them name is blocked."`
	Pause   listsPauseCmd   `cmd:"" help:"Let a list count no more; what only it had blocked is lifted."`
	Remove  listsRemoveCmd  `cmd:"" help:"Unsubscribe; what only that list had blocked is lifted."`
	Plan    listsPlanCmd    `cmd:"" help:"Say what lists would change and which follows that would end, and do nothing."`
	Refresh listsRefreshCmd `cmd:"" help:"Read all lists anew, now."`
	Except  listsExceptCmd  `cmd:"" help:"Keep lists from having a say on a domain; without one, list those."`
}

type listsShowCmd struct{}

func (listsShowCmd) Run(a *app) error {
	var list []instance.DomainList
	err := a.do("domain lists", struct{}{}, &list)
	return a.print(err, list, func() {
		for _, d := range list {
			printList(&d)
		}
		if len(list) == 0 {
			fmt.Println("There are no subscriptions.")
		}
	})
}

func printList(d *instance.DomainList) {
	state := "looked at"
	if d.Active {
		state = "counts"
	}
	fmt.Printf("%s  %-9s  %6d domains  %s  %s", d.ID, state, d.Entries, d.URL, d.Title)
	if !d.FetchedAt.IsZero() {
		fmt.Printf("  (%s)", d.FetchedAt.Format(time.DateTime))
	}
	if d.Error != "" {
		fmt.Printf("  failed: %s", d.Error)
	}
	fmt.Println()
}

type listsAddCmd struct {
	URL   string `arg:"" help:"Address of the list."`
	Title string `help:"What to call it."`
	Count bool   `help:"Let it count at once; else look at it first: coterie domain lists plan."`
}

func (c *listsAddCmd) Run(a *app) error {
	var d instance.DomainList
	err := a.do("domain subscribe", instance.DomainSubscribe{URL: c.URL, Title: c.Title, Active: c.Count}, &d)
	return a.print(err, d, func() {
		fmt.Printf("Subscribed; the list is %s.\n", d.ID)
		if !c.Count {
			fmt.Printf("It does not count yet. See what it would change: coterie domain lists plan %s\n", d.ID)
		}
	})
}

// listArg is one subscription.
type listArg struct {
	List string `arg:"" help:"Id of the list."`
}

func (c *listArg) id() (domain.ID, error) { return listID(c.List) }

func listID(s string) (domain.ID, error) {
	id, ok := domain.ParseID(s)
	if !ok {
		return 0, fmt.Errorf("%q is no list; coterie domain lists shows them", s)
	}
	return id, nil
}

type (
	listsCountCmd  struct{ listArg }
	listsPauseCmd  struct{ listArg }
	listsRemoveCmd struct{ listArg }
)

func (c *listsCountCmd) Run(a *app) error { return c.set(a, true) }
func (c *listsPauseCmd) Run(a *app) error { return c.set(a, false) }

func (c *listArg) set(a *app, active bool) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	var d instance.DomainList
	err = a.do("domain list-change", instance.DomainListChange{ID: id, Active: active}, &d)
	return a.print(err, d, func() { printList(&d) })
}

func (c *listsRemoveCmd) Run(a *app) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	var done struct{}
	err = a.do("domain unsubscribe", instance.DomainUnsubscribe{ID: id}, &done)
	return a.print(err, done, func() { fmt.Println("Unsubscribed.") })
}

type listsPlanCmd struct {
	Lists  []string `arg:"" optional:"" help:"Ids of lists; without, those that count."`
	Quorum int      `help:"How many of them must agree; without, as the setting list_quorum says."`
}

func (c *listsPlanCmd) Run(a *app) error {
	args := instance.DomainPlan{Quorum: c.Quorum}
	for _, s := range c.Lists {
		id, err := listID(s)
		if err != nil {
			return err
		}
		args.IDs = append(args.IDs, id)
	}
	var plan instance.DomainPlanned
	err := a.do("domain plan", args, &plan)
	return a.print(err, plan, func() {
		fmt.Printf("%d of %d lists must agree.\n", plan.Quorum, plan.Lists)
		for _, d := range plan.Changes {
			verb := string(d.Severity)
			if d.Severity == domain.SeverityNone {
				verb = "lift"
			}
			fmt.Printf("%-8s %s  %s", verb, d.Domain, strings.Join(d.Lists, ", "))
			if d.Follows > 0 {
				fmt.Printf("  (ends %d follows)", d.Follows)
			}
			fmt.Println()
		}
		if len(plan.Changes) == 0 {
			fmt.Println("Nothing would change.")
		}
	})
}

type listsRefreshCmd struct{}

func (listsRefreshCmd) Run(a *app) error {
	var done struct{}
	err := a.do("domain refresh", struct{}{}, &done)
	return a.print(err, done, func() { fmt.Println("The lists are being read.") })
}

type listsExceptCmd struct {
	Domain string `arg:"" optional:"" help:"Domain, with all below it."`
	Undo   bool   `help:"Give lists a say again."`
}

func (c *listsExceptCmd) Run(a *app) error {
	var list []string
	err := a.do("domain except", instance.DomainExcept{Domain: c.Domain, Undo: c.Undo}, &list)
	return a.print(err, list, func() {
		for _, d := range list {
			fmt.Println(d)
		}
	})
}
