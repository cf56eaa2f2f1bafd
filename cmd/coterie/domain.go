package main

import (
	"fmt"
	"io"
	"os"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

type domainCmd struct {
	Block domainBlockCmd `cmd:"" help:"Accept nothing from a domain and send nothing there."`
	Limit domainLimitCmd `cmd:"" help:"Show what a domain's people post only to their followers."`
	Allow domainAllowCmd `cmd:"" help:"Accept a domain, whatever holds for its parent."`
	Clear domainClearCmd `cmd:"" help:"Take back what was decided about a domain."`
	List  domainListCmd  `cmd:"" help:"List what was decided."`

	Impact domainImpactCmd `cmd:"" help:"Say what a block of a domain would end."`
	Import domainImportCmd `cmd:"" help:"Block the domains of a list (CSV, as Mastodon writes it)."`
	Export domainExportCmd `cmd:"" help:"Print the domains that are held off, as such a list."`
	Lists  domainListsCmd  `cmd:"" help:"Subscribe to block lists of others."`
}

// domainArgs are what all of them take.
type domainArgs struct {
	Domain string `arg:"" help:"Domain; its sub-domains are meant too."`
}

// domainOptions say more about those that are held off.
type domainOptions struct {
	RejectMedia   bool   `help:"Fetch no pictures from there."`
	RejectReports bool   `help:"Take no reports from there."`
	Comment       string `help:"Why; everybody may read it in the public list."`
}

type (
	domainBlockCmd struct {
		domainArgs
		domainOptions
	}
	domainLimitCmd struct {
		domainArgs
		domainOptions
	}
	domainAllowCmd struct{ domainArgs }
	domainClearCmd struct{ domainArgs }
)

func (c *domainBlockCmd) Run(a *app) error {
	return a.decide(c.Domain, domain.SeveritySuspend, c.domainOptions, "is blocked")
}

func (c *domainLimitCmd) Run(a *app) error {
	return a.decide(c.Domain, domain.SeverityLimit, c.domainOptions, "is limited")
}

func (c *domainAllowCmd) Run(a *app) error {
	return a.decide(c.Domain, domain.SeverityAllow, domainOptions{}, "is allowed")
}

func (c *domainClearCmd) Run(a *app) error {
	return a.decide(c.Domain, domain.SeverityNone, domainOptions{}, "is treated like any other")
}

func (a *app) decide(host string, s domain.Severity, o domainOptions, now string) error {
	var done struct{}
	err := a.do("domain policy", instance.DomainPolicy{
		Domain: host, Severity: s, RejectMedia: o.RejectMedia, RejectReports: o.RejectReports, Comment: o.Comment,
	}, &done)
	return a.print(err, done, func() { fmt.Printf("%s %s.\n", host, now) })
}

type domainListCmd struct{}

func (domainListCmd) Run(a *app) error {
	var list []instance.DomainPolicy
	err := a.do("domain list", struct{}{}, &list)
	return a.print(err, list, func() {
		for _, p := range list {
			fmt.Printf("%-8s %s%s%s  %s\n", p.Severity, p.Domain, also(p.RejectMedia, "no media"), also(p.RejectReports, "no reports")+also(p.ByLists, "by lists"), p.Comment)
		}
		if len(list) == 0 {
			fmt.Println("Nothing was decided about any domain.")
		}
	})
}

type domainImpactCmd struct{ domainArgs }

func (c *domainImpactCmd) Run(a *app) error {
	var sum domainImpact
	err := a.do("domain impact", instance.DomainImpact{Domain: c.Domain}, &sum)
	return a.print(err, sum, func() {
		fmt.Printf("%d people here follow %d people there and are followed by %d; %d accounts and %d posts from there are known.\n",
			sum.People, sum.Following, sum.Followers, sum.Accounts, sum.Statuses)
	})
}

// domainImpact is what a block would end, as the server counts it.
type domainImpact struct{ Accounts, Statuses, People, Followers, Following int64 }

type domainImportCmd struct {
	File   string `arg:"" help:"The list; - reads standard input."`
	DryRun bool   `help:"Say what would happen, and do nothing."`
}

func (c *domainImportCmd) Run(a *app) error {
	list, err := readAll(c.File)
	if err != nil {
		return err
	}
	var out instance.DomainImported
	err = a.do("domain import", instance.DomainImport{List: string(list), Dry: c.DryRun}, &out)
	return a.print(err, out, func() {
		for _, d := range out.Done {
			fmt.Printf("%-8s %s", d.Severity, d.Domain)
			if d.Follows > 0 {
				fmt.Printf("  (ends %d follows)", d.Follows)
			}
			fmt.Println()
		}
		for _, line := range out.Odd {
			fmt.Println("not a domain:", line)
		}
	})
}

func readAll(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(file)
}

type domainExportCmd struct{}

func (domainExportCmd) Run(a *app) error {
	var out instance.DomainExport
	err := a.do("domain export", struct{}{}, &out)
	return a.print(err, out, func() { fmt.Print(out.List) })
}

func also(yes bool, what string) string {
	if !yes {
		return ""
	}
	return ", " + what
}
