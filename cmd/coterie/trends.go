package main

import (
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

// trendsCmd are the verbs about what trends.
type trendsCmd struct {
	Show   trendsShowCmd   `cmd:"" help:"Say what people see as trending, or set it."`
	Refuse trendsRefuseCmd `cmd:"" help:"Keep something from trending."`
	Allow  trendsAllowCmd  `cmd:"" help:"Let something trend where trends are reviewed."`
	Reset  trendsResetCmd  `cmd:"" help:"Take back what was decided."`
}

// trendArgs are what all but show take.
type trendArgs struct {
	Kind string `arg:"" enum:"tag,link,status,account" help:"tag, link, status, or account for all its posts."`
	Name string `arg:"" help:"The hashtag, the link's or post's address, the handle."`
}

type (
	trendsRefuseCmd struct{ trendArgs }
	trendsAllowCmd  struct{ trendArgs }
	trendsResetCmd  struct{ trendArgs }
)

func (c *trendsRefuseCmd) Run(a *app) error {
	return a.review(c.trendArgs, new(bool), "does not trend")
}

func (c *trendsAllowCmd) Run(a *app) error {
	yes := true
	return a.review(c.trendArgs, &yes, "may trend")
}

func (c *trendsResetCmd) Run(a *app) error { return a.review(c.trendArgs, nil, "is not decided about") }

func (a *app) review(c trendArgs, allowed *bool, done string) error {
	var out struct{}
	err := a.do("trends review", instance.TrendReview{Kind: domain.TrendKind(c.Kind), Name: c.Name, Allowed: allowed}, &out)
	return a.print(err, out, func() { fmt.Printf("%s %s.\n", c.Name, done) })
}

type trendsShowCmd struct {
	Mode string `arg:"" optional:"" enum:",open,review,off" default:"" help:"open: what nobody refused; review: only what was allowed; off: nothing."`
}

func (c *trendsShowCmd) Run(a *app) error {
	var set instance.TrendsSet
	if c.Mode != "" {
		mode := domain.Trends(c.Mode)
		set.Mode = &mode
	}
	var out instance.TrendsShown
	err := a.do("trends show", set, &out)
	return a.print(err, out, func() { fmt.Printf("Trends: %s.\n", out.Mode) })
}
