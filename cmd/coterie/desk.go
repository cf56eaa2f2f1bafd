package main

import (
	"fmt"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

type accountListCmd struct {
	Name   string `arg:"" optional:"" help:"Beginning of the user name."`
	Status string `enum:",active,pending,disabled,sensitized,silenced,suspended" default:"" help:"active, pending, disabled, sensitized, silenced or suspended."`
	Origin string `enum:",local,remote" default:"" help:"local or remote."`
	Staff  bool   `help:"Only those with a role."`
	Email  string `help:"Beginning of the address."`
	IP     string `help:"Address they came from." name:"ip"`
	Host   string `help:"Their server."`
	Limit  int    `default:"100" help:"How many."`
}

func (c *accountListCmd) Run(a *app) error {
	var list []instance.AccountLine
	err := a.do("account list", instance.AccountList{
		Status: c.Status, Origin: c.Origin, Staff: c.Staff, Name: c.Name, Email: c.Email, IP: c.IP, Domain: c.Host, Limit: c.Limit,
	}, &list)
	return a.print(err, list, func() {
		for i := range list {
			printAccount(&list[i])
		}
		if len(list) == 0 {
			fmt.Println("There is nobody like that.")
		}
	})
}

func printAccount(l *instance.AccountLine) {
	fmt.Printf("%s  %-24s %s\n", l.ID, l.Name, strings.Join(append([]string{l.Email, l.Role}, l.States...), "  "))
	if l.Reason != "" {
		fmt.Printf("    %s\n", l.Reason)
	}
}

type (
	accountShowCmd    struct{ handleArg }
	accountApproveCmd struct{ handleArg }
	accountStrikesCmd struct{ handleArg }
	accountRejectCmd  struct{ actArgs }
	accountNoteCmd    struct {
		handleArg
		Text string `arg:"" optional:"" help:"What to add."`
	}
)

func (c *accountShowCmd) Run(a *app) error {
	var l instance.AccountLine
	err := a.do("account show", instance.AccountShow{Name: c.Name}, &l)
	return a.print(err, l, func() { printAccount(&l) })
}

func (c *accountApproveCmd) Run(a *app) error {
	var made instance.AccountMade
	err := a.do("account approve", instance.AccountShow{Name: c.Name}, &made)
	return a.print(err, made, func() { fmt.Printf("@%s is let in.\n", made.Name) })
}

func (c *accountRejectCmd) Run(a *app) error {
	var made instance.AccountMade
	err := a.do("account reject", instance.AccountReject{Name: c.Name, Text: c.Text}, &made)
	return a.print(err, made, func() { fmt.Printf("@%s is turned away.\n", made.Name) })
}

func (c *accountStrikesCmd) Run(a *app) error {
	return a.strikes("account strikes", instance.AccountShow{Name: c.Name}, "Nothing was decided about them.")
}

func (a *app) strikes(verb string, args any, none string) error {
	var list []instance.StrikeLine
	err := a.do(verb, args, &list)
	return a.print(err, list, func() {
		for i := range list {
			printStrike(&list[i])
		}
		if len(list) == 0 {
			fmt.Println(none)
		}
	})
}

func printStrike(k *instance.StrikeLine) {
	fmt.Printf("%s  %s  %s: %s%s\n", k.ID, k.CreatedAt.Format(time.DateOnly), k.Of, k.Action, also(k.Overruled, "taken back"))
	if k.Text != "" {
		fmt.Printf("    %s\n", k.Text)
	}
	if k.State != "" {
		fmt.Printf("    appeal, %s: %s\n", k.State, k.Appeal)
	}
}

func (c *accountNoteCmd) Run(a *app) error {
	return a.note(instance.NoteAdd{Name: c.Name, Text: c.Text})
}

func (a *app) note(args instance.NoteAdd) error {
	var list []instance.NoteLine
	err := a.do("note", args, &list)
	return a.print(err, list, func() {
		for _, n := range list {
			fmt.Printf("%s  %s: %s\n", n.At.Format(time.DateTime), n.By, n.Text)
		}
		if len(list) == 0 {
			fmt.Println("Nothing was noted.")
		}
	})
}

// reportCmd are the verbs about reports.
type reportCmd struct {
	List     reportListCmd     `cmd:"" help:"List the reports that wait, the newest first."`
	Show     reportShowCmd     `cmd:"" help:"Show a report."`
	Assign   reportAssignCmd   `cmd:"" help:"Give a report to somebody of the staff."`
	Unassign reportUnassignCmd `cmd:"" help:"Give a report to nobody."`
	Resolve  reportResolveCmd  `cmd:"" help:"Close a report."`
	Reopen   reportReopenCmd   `cmd:"" help:"Open a report again."`
	Sort     reportSortCmd     `cmd:"" help:"Change what a report is about."`
	Note     reportNoteCmd     `cmd:"" help:"List what the staff noted on a report, or add to it."`
}

type reportListCmd struct {
	Resolved bool   `help:"Those that are resolved."`
	All      bool   `help:"All."`
	Category string `enum:",spam,legal,violation,other" default:"" help:"spam, legal, violation or other."`
	Of       string `help:"Handle of who is reported."`
	Host     string `help:"Server of who is reported."`
	Limit    int    `default:"100" help:"How many."`
}

func (c *reportListCmd) Run(a *app) error {
	var list []instance.ReportLine
	err := a.do("report list", instance.ReportList{
		Resolved: c.Resolved, All: c.All, Category: domain.ReportCategory(c.Category), Of: c.Of, Domain: c.Host, Limit: c.Limit,
	}, &list)
	return a.print(err, list, func() {
		for i := range list {
			printReport(&list[i])
		}
		if len(list) == 0 {
			fmt.Println("There are no such reports.")
		}
	})
}

func printReport(p *instance.ReportLine) {
	fmt.Printf("%s  %s  %s by %s: %s, %d posts%s%s\n", p.ID, p.CreatedAt.Format(time.DateOnly), p.Of, p.By, p.Category, len(p.Statuses),
		also(p.Resolved, "resolved"), also(p.Assigned != "", "with "+p.Assigned))
	if p.Comment != "" {
		fmt.Printf("    %s\n", p.Comment)
	}
}

type (
	reportShowCmd   struct{ rowArg }
	reportAssignCmd struct {
		rowArg
		To string `arg:"" help:"User name."`
	}
	reportUnassignCmd struct{ rowArg }
	reportResolveCmd  struct{ rowArg }
	reportReopenCmd   struct{ rowArg }
	reportSortCmd     struct {
		rowArg
		Category string   `enum:",spam,legal,violation,other" default:"" help:"spam, legal, violation or other."`
		Rules    []string `help:"Ids of the rules that it violates."`
	}
	reportNoteCmd struct {
		rowArg
		Text string `arg:"" optional:"" help:"What to add."`
	}
)

func (c *reportShowCmd) Run(a *app) error {
	return a.onReport(c.rowArg, instance.ReportDo{Do: "show"})
}

func (c *reportAssignCmd) Run(a *app) error {
	return a.onReport(c.rowArg, instance.ReportDo{Do: "assign", To: c.To})
}

func (c *reportUnassignCmd) Run(a *app) error {
	return a.onReport(c.rowArg, instance.ReportDo{Do: "unassign"})
}

func (c *reportResolveCmd) Run(a *app) error {
	return a.onReport(c.rowArg, instance.ReportDo{Do: "resolve"})
}

func (c *reportReopenCmd) Run(a *app) error {
	return a.onReport(c.rowArg, instance.ReportDo{Do: "reopen"})
}

func (c *reportSortCmd) Run(a *app) error {
	do := instance.ReportDo{Do: "sort"}
	if c.Category != "" {
		do.Category = (*domain.ReportCategory)(&c.Category)
	}
	if c.Rules != nil {
		rules := []domain.ID{}
		for _, r := range c.Rules {
			id, err := (&rowArg{r}).id()
			if err != nil {
				return err
			}
			rules = append(rules, id)
		}
		do.Rules = &rules
	}
	return a.onReport(c.rowArg, do)
}

func (c *reportNoteCmd) Run(a *app) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	return a.note(instance.NoteAdd{Report: id, Text: c.Text})
}

func (a *app) onReport(which rowArg, do instance.ReportDo) (err error) {
	if do.ID, err = which.id(); err != nil {
		return err
	}
	var p instance.ReportLine
	err = a.do("report do", do, &p)
	return a.print(err, p, func() { printReport(&p) })
}

// appealCmd are the verbs about appeals.
type appealCmd struct {
	List    appealListCmd    `cmd:"" help:"List the appeals that wait."`
	Approve appealApproveCmd `cmd:"" help:"Take the decision back."`
	Reject  appealRejectCmd  `cmd:"" help:"Let the decision stand."`
}

type (
	appealListCmd    struct{}
	appealApproveCmd struct{ rowArg }
	appealRejectCmd  struct{ rowArg }
)

func (appealListCmd) Run(a *app) error {
	return a.strikes("appeal list", struct{}{}, "No appeal waits.")
}

func (c *appealApproveCmd) Run(a *app) error { return a.decideAppeal(c.rowArg, true) }
func (c *appealRejectCmd) Run(a *app) error  { return a.decideAppeal(c.rowArg, false) }

func (a *app) decideAppeal(which rowArg, approve bool) error {
	id, err := which.id()
	if err != nil {
		return err
	}
	var k instance.StrikeLine
	err = a.do("appeal decide", instance.AppealDecide{ID: id, Approve: approve}, &k)
	return a.print(err, k, func() { printStrike(&k) })
}
