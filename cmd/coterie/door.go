package main

import (
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

// emailCmd are the verbs about addresses that nobody signs up with.
type emailCmd struct {
	List    emailListCmd    `cmd:"" help:"List what is blocked; of addresses only digests are kept."`
	Block   emailBlockCmd   `cmd:"" help:"Block a domain, with what is below it, or one address, however it is spelt."`
	Unblock emailUnblockCmd `cmd:"" help:"Take that back."`
	Test    emailTestCmd    `cmd:"" help:"Say what an address meets."`
}

type emailListCmd struct{}

func (emailListCmd) Run(a *app) error {
	return a.emails("email list", struct{}{}, "Nothing is blocked.")
}

func (a *app) emails(verb string, args any, none string) error {
	var list []instance.EmailBlocked
	err := a.do(verb, args, &list)
	return a.print(err, list, func() {
		for _, b := range list {
			fmt.Printf("%s%s%s\n", b.Domain, b.Hash, also(b.Approval, "by approval"))
		}
		if len(list) == 0 {
			fmt.Println(none)
		}
	})
}

// emailArg is a domain or an address.
type emailArg struct {
	Email string `arg:"" help:"Domain, or address."`
}

type (
	emailBlockCmd struct {
		emailArg
		Approval bool `help:"Of a domain: people may ask, and somebody decides."`
	}
	emailUnblockCmd struct{ emailArg }
	emailTestCmd    struct{ emailArg }
)

func (c *emailBlockCmd) Run(a *app) error {
	return a.done("email block", instance.EmailBlock{Email: c.Email, Approval: c.Approval}, "%s is blocked.", c.Email)
}

func (c *emailUnblockCmd) Run(a *app) error {
	return a.done("email unblock", instance.EmailBlock{Email: c.Email}, "%s is not blocked any more.", c.Email)
}

func (c *emailTestCmd) Run(a *app) error {
	return a.emails("email test", instance.EmailBlock{Email: c.Email}, "It meets nothing.")
}

// networkCmd are the verbs about networks.
type networkCmd struct {
	List    networkListCmd    `cmd:"" help:"List what was decided about networks."`
	Block   networkBlockCmd   `cmd:"" help:"Decide about a network, or one address."`
	Unblock networkUnblockCmd `cmd:"" help:"Take that back."`
}

type networkListCmd struct{}

func (networkListCmd) Run(a *app) error {
	var list []instance.NetworkBlock
	err := a.do("network list", struct{}{}, &list)
	return a.print(err, list, func() {
		for i := range list {
			printNetwork(&list[i])
		}
		if len(list) == 0 {
			fmt.Println("Nothing was decided about any network.")
		}
	})
}

func printNetwork(b *instance.NetworkBlock) {
	until := ""
	if !b.ExpiresAt.IsZero() {
		until = "  until " + b.ExpiresAt.Format(time.DateTime)
	}
	fmt.Printf("%-26s %-26s%s  %s\n", b.Network, b.Severity, until, b.Comment)
}

// networkArg is a network.
type networkArg struct {
	Network string `arg:"" help:"Network, such as 192.0.2.0/24, or address."`
}

type (
	networkBlockCmd struct {
		networkArg
		Severity string        `default:"sign_up_block" enum:"sign_up_requires_approval,sign_up_block,no_access" help:"sign_up_requires_approval, sign_up_block or no_access, which answers nothing at all."`
		Comment  string        `help:"Why."`
		For      time.Duration `help:"How long, such as 72h; without, until it is taken back."`
	}
	networkUnblockCmd struct{ networkArg }
)

func (c *networkBlockCmd) Run(a *app) error {
	args := instance.NetworkBlock{Network: c.Network, Severity: domain.IPSeverity(c.Severity), Comment: c.Comment}
	if c.For > 0 {
		args.ExpiresAt = a.shared.Now().Add(c.For)
	}
	var b instance.NetworkBlock
	err := a.do("network block", args, &b)
	return a.print(err, b, func() { printNetwork(&b) })
}

func (c *networkUnblockCmd) Run(a *app) error {
	return a.done("network unblock", instance.NetworkBlock{Network: c.Network}, "%s is free again.", c.Network)
}

// inviteCmd are the verbs about invitations.
type inviteCmd struct {
	List   inviteListCmd   `cmd:"" help:"List the invitations that somebody here made."`
	Add    inviteAddCmd    `cmd:"" help:"Make an invitation, and print its link."`
	Revoke inviteRevokeCmd `cmd:"" help:"End an invitation."`
}

type inviteListCmd struct {
	By string `arg:"" help:"User name."`
}

func (c *inviteListCmd) Run(a *app) error {
	var list []instance.Invite
	err := a.do("invite list", instance.InviteList{By: c.By}, &list)
	return a.print(err, list, func() {
		for _, i := range list {
			fmt.Printf("%s  used %d times%s  %s\n", i.URL, i.Uses, also(!i.Open, "closed"), i.Note)
		}
		if len(list) == 0 {
			fmt.Println("They made none.")
		}
	})
}

type inviteAddCmd struct {
	By     string        `arg:"" help:"User name of who invites."`
	Note   string        `help:"What it is for."`
	Uses   int           `help:"How many may join by it; without, any number."`
	For    time.Duration `help:"How long it is good, such as 72h; without, for ever."`
	Follow bool          `help:"Who joins follows who invites."`
}

func (c *inviteAddCmd) Run(a *app) error {
	var made instance.Invite
	err := a.do("invite add", instance.InviteAdd{By: c.By, Note: c.Note, MaxUses: c.Uses, Life: c.For, Follow: c.Follow}, &made)
	return a.print(err, made, func() { fmt.Println(made.URL) })
}

type inviteRevokeCmd struct {
	Code string `arg:"" help:"The link, or the code at its end."`
}

func (c *inviteRevokeCmd) Run(a *app) error {
	return a.done("invite revoke", instance.InviteRevoke{Code: c.Code}, "The invitation is closed.")
}
