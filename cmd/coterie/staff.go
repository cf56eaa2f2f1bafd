package main

import (
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

// roleCmd are the verbs about roles.
type roleCmd struct {
	List   roleListCmd   `cmd:"" help:"List the roles, the highest first."`
	Set    roleSetCmd    `cmd:"" help:"Make a role, or change the one of that name."`
	Delete roleDeleteCmd `cmd:"" help:"Remove a role; who had it has none."`
}

type roleListCmd struct{}

func (roleListCmd) Run(a *app) error {
	var list []instance.Role
	err := a.do("role list", struct{}{}, &list)
	return a.print(err, list, func() {
		for _, r := range list {
			name := r.Name
			if name == "" {
				name = "(everyone)"
			}
			fmt.Printf("%4d  %-16s %s\n", r.Position, name, r.Permissions)
		}
	})
}

type roleSetCmd struct {
	Name         string `arg:"" help:"Name of the role, such as Gardener."`
	Permissions  string `required:"" help:"What it may do, for example \"manage_reports manage_users\"."`
	Position     int    `default:"5" help:"1 to 999: who stands higher may act on who stands lower."`
	Color        string `help:"Color of its badge, such as #30a050."`
	Highlighted  bool   `help:"Show it on profiles."`
	SecondFactor bool   `name:"second-factor" help:"Its people sign in with a second factor."`
}

func (c *roleSetCmd) Run(a *app) error {
	var made instance.Role
	err := a.do("role set", instance.RoleSet{
		Name: c.Name, Permissions: c.Permissions, Position: c.Position, Color: c.Color, Highlighted: c.Highlighted, SecondFactor: c.SecondFactor,
	}, &made)
	return a.print(err, made, func() { fmt.Printf("%s may: %s.\n", c.Name, made.Permissions) })
}

type roleDeleteCmd struct {
	Name string `arg:"" help:"Name of the role."`
}

func (c *roleDeleteCmd) Run(a *app) error {
	var done struct{}
	err := a.do("role delete", instance.RoleDelete{Name: c.Name}, &done)
	return a.print(err, done, func() { fmt.Printf("There is no role %s any more.\n", c.Name) })
}

type accountRoleCmd struct {
	Name string `arg:"" help:"User name."`
	Role string `arg:"" help:"Name of a role, or user for none."`
}

func (c *accountRoleCmd) Run(a *app) error {
	var made instance.AccountMade
	err := a.do("account role", instance.AccountRole{Name: c.Name, Role: c.Role}, &made)
	return a.print(err, made, func() { fmt.Printf("@%s has the role %s.\n", made.Name, c.Role) })
}

// handleArg is somebody here or elsewhere.
type handleArg struct {
	Name string `arg:"" help:"Handle: a user name here, or name@host."`
}

// actArgs are what every decision takes.
type actArgs struct {
	handleArg
	Text string `help:"What to tell them."`
}

type (
	accountWarnCmd        struct{ actArgs }
	accountSensitiveCmd   struct{ actArgs }
	accountFreezeCmd      struct{ actArgs }
	accountLimitCmd       struct{ actArgs }
	accountSuspendCmd     struct{ actArgs }
	accountUnsensitiveCmd struct{ handleArg }
	accountUnfreezeCmd    struct{ handleArg }
	accountUnlimitCmd     struct{ handleArg }
	accountUnsuspendCmd   struct{ handleArg }
)

func (c *accountWarnCmd) Run(a *app) error { return a.act(c.actArgs, domain.ActionNone, "was warned") }

func (c *accountSensitiveCmd) Run(a *app) error {
	return a.act(c.actArgs, domain.ActionSensitive, "has all media covered")
}

func (c *accountFreezeCmd) Run(a *app) error {
	return a.act(c.actArgs, domain.ActionDisable, "cannot sign in")
}

func (c *accountLimitCmd) Run(a *app) error {
	return a.act(c.actArgs, domain.ActionSilence, "is seen by followers only")
}

func (c *accountSuspendCmd) Run(a *app) error {
	return a.act(c.actArgs, domain.ActionSuspend, "is suspended, and erased in 30 days unless that is undone")
}

func (c *accountUnsensitiveCmd) Run(a *app) error {
	return a.undo(c.handleArg, domain.ActionSensitive, "has media shown as they are")
}

func (c *accountUnfreezeCmd) Run(a *app) error {
	return a.undo(c.handleArg, domain.ActionDisable, "can sign in")
}

func (c *accountUnlimitCmd) Run(a *app) error {
	return a.undo(c.handleArg, domain.ActionSilence, "is seen by everybody")
}

func (c *accountUnsuspendCmd) Run(a *app) error {
	return a.undo(c.handleArg, domain.ActionSuspend, "is back")
}

func (a *app) act(c actArgs, t domain.ActionType, now string) error {
	return a.decideOn(instance.AccountAct{Name: c.Name, Type: t, Text: c.Text}, now)
}

func (a *app) undo(c handleArg, t domain.ActionType, now string) error {
	return a.decideOn(instance.AccountAct{Name: c.Name, Type: t, Undo: true}, now)
}

func (a *app) decideOn(c instance.AccountAct, now string) error {
	var made instance.AccountMade
	err := a.do("account act", c, &made)
	return a.print(err, made, func() { fmt.Printf("%s %s.\n", c.Name, now) })
}

type auditCmd struct {
	Limit int `default:"50" help:"How many entries."`
}

func (c *auditCmd) Run(a *app) error {
	var list []instance.AuditLine
	err := a.do("audit", instance.AuditList{Limit: c.Limit}, &list)
	return a.print(err, list, func() {
		for _, e := range list {
			fmt.Printf("%s  %s: %s %s %s  %s\n", e.At.Format(time.DateTime), e.By, e.Verb, e.Kind, e.Target, e.Detail)
		}
	})
}

type accountConfirmCmd struct {
	Name string `arg:"" help:"User name."`
}

func (c *accountConfirmCmd) Run(a *app) error {
	var made instance.AccountMade
	err := a.do("account confirm", instance.AccountConfirm{Name: c.Name}, &made)
	return a.print(err, made, func() { fmt.Printf("The address of @%s is theirs.\n", made.Name) })
}
