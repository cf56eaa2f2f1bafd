package main

import (
	"fmt"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

type ruleListCmd struct{}

func (ruleListCmd) Run(a *app) error {
	var list []instance.RuleLine
	err := a.do("rule list", struct{}{}, &list)
	return a.print(err, list, func() {
		for i := range list {
			printRule(&list[i])
		}
		if len(list) == 0 {
			fmt.Println("There are no rules.")
		}
	})
}

func printRule(r *instance.RuleLine) {
	fmt.Printf("%s  %s\n", r.ID, r.Text)
	if r.Hint != "" {
		fmt.Printf("    %s\n", r.Hint)
	}
}

type (
	ruleChangeCmd struct {
		rowArg
		Text string  `help:"One sentence of what is expected here."`
		Hint *string `help:"A longer explanation."`
	}
	ruleRemoveCmd struct{ rowArg }
)

func (c *ruleChangeCmd) Run(a *app) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	var r instance.RuleLine
	err = a.do("rule change", instance.RuleChange{ID: id, Text: c.Text, Hint: c.Hint}, &r)
	return a.print(err, r, func() { printRule(&r) })
}

func (c *ruleRemoveCmd) Run(a *app) error { return a.removeRow("rule remove", c.rowArg) }

func (a *app) removeRow(verb string, which rowArg) error {
	id, err := which.id()
	if err != nil {
		return err
	}
	return a.done(verb, instance.OneRow{ID: id}, "Removed.")
}

// textCmd are the verbs about texts of the staff.
type textCmd struct {
	List   textListCmd   `cmd:"" help:"List the texts."`
	Add    textAddCmd    `cmd:"" help:"Keep a text."`
	Change textChangeCmd `cmd:"" help:"Change a text."`
	Remove textRemoveCmd `cmd:"" help:"Remove a text; what was written with it stays."`
}

type textListCmd struct{}

func (textListCmd) Run(a *app) error {
	var list []instance.CannedText
	err := a.do("text list", struct{}{}, &list)
	return a.print(err, list, func() {
		for i := range list {
			printText(&list[i])
		}
		if len(list) == 0 {
			fmt.Println("There are no texts.")
		}
	})
}

func printText(c *instance.CannedText) {
	fmt.Printf("%s  %-9s  %s\n    %s\n", c.ID, c.Kind, c.Title, strings.ReplaceAll(c.Text, "\n", "\n    "))
}

// textArgs are what a text is made of.
type textArgs struct {
	Kind  string `arg:"" enum:"warning,rejection" help:"warning: goes with a decision; rejection: to who may not join."`
	Title string `arg:"" help:"Its name, for the staff."`
	Text  string `arg:"" help:"The text."`
}

type (
	textAddCmd    struct{ textArgs }
	textChangeCmd struct {
		rowArg
		textArgs
	}
	textRemoveCmd struct{ rowArg }
)

func (c *textAddCmd) Run(a *app) error { return a.saveText(0, c.textArgs) }

func (c *textChangeCmd) Run(a *app) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	return a.saveText(id, c.textArgs)
}

func (a *app) saveText(id domain.ID, c textArgs) error {
	var made instance.CannedText
	err := a.do("text save", instance.CannedText{ID: id, Kind: domain.CannedKind(c.Kind), Title: c.Title, Text: c.Text}, &made)
	return a.print(err, made, func() { printText(&made) })
}

func (c *textRemoveCmd) Run(a *app) error { return a.removeRow("text remove", c.rowArg) }

// tagCmd are the verbs about hashtags.
type tagCmd struct {
	Set tagSetCmd `cmd:"" help:"Decide about a hashtag."`
}

type tagSetCmd struct {
	Name      string  `arg:"" help:"The hashtag, without #."`
	Display   *string `help:"How it is written: the same letters, great or small."`
	Usable    string  `enum:",on,off" default:"" help:"off: refused in posts of people here."`
	Listable  string  `enum:",on,off" default:"" help:"off: not found by its beginning."`
	Trendable string  `enum:",on,off" default:"" help:"off: does not trend."`
}

func (c *tagSetCmd) Run(a *app) error {
	var now instance.TagShown
	err := a.do("tag set", instance.TagSet{
		Name: strings.TrimPrefix(c.Name, "#"), Display: c.Display, Usable: toggle(c.Usable), Listable: toggle(c.Listable), Trendable: toggle(c.Trendable),
	}, &now)
	return a.print(err, now, func() { fmt.Printf("#%s: usable %s, listable %s\n", now.Name, onOff(now.Usable), onOff(now.Listable)) })
}

// figuresCmd are the verbs about what was counted.
type figuresCmd struct {
	Count figuresCountCmd `cmd:"" help:"How often something happened on each day, such as new_users."`
	Kinds figuresKindsCmd `cmd:"" help:"How often each kind of something happened, such as languages."`
	Stays figuresStaysCmd `cmd:"" help:"When those who joined on each day were last seen."`
}

// spanArgs are days, both included.
type spanArgs struct {
	Since string `help:"First day, such as 2026-12-24; without, 30 days ago." placeholder:"DAY"`
	Until string `help:"Last day; without, today." placeholder:"DAY"`
}

func (c *spanArgs) ask(now time.Time) (f instance.FigureAsk, err error) {
	today := now.UTC().Truncate(24 * time.Hour)
	f.Since, f.Until = today.AddDate(0, 0, -30), today
	for _, day := range []struct {
		text string
		into *time.Time
	}{{c.Since, &f.Since}, {c.Until, &f.Until}} {
		if day.text == "" {
			continue
		}
		if *day.into, err = time.Parse(time.DateOnly, day.text); err != nil {
			return f, domain.Errorf(domain.Invalid, "%q is not a day; write 2026-12-24.", day.text)
		}
	}
	return f, nil
}

// keyArgs are what is counted, and of what.
type keyArgs struct {
	Key string `arg:"" help:"What is counted; docs/moderation.md lists it."`
	spanArgs
	Tag  string `help:"Of this hashtag."`
	Host string `help:"Of this server."`
}

type (
	figuresCountCmd struct{ keyArgs }
	figuresKindsCmd struct {
		keyArgs
		Limit int `default:"10" help:"How many."`
	}
	figuresStaysCmd struct{ spanArgs }
)

func (c *figuresCountCmd) Run(a *app) error { return a.figures("figures count", c.keyArgs, 0) }
func (c *figuresKindsCmd) Run(a *app) error { return a.figures("figures kinds", c.keyArgs, c.Limit) }

func (c *figuresStaysCmd) Run(a *app) error {
	ask, err := c.ask(a.shared.Now())
	if err != nil {
		return err
	}
	var list []instance.FigureLine
	err = a.do("figures stays", ask, &list)
	return a.print(err, list, func() { fmt.Print(stays(list, a.shared.Now())) })
}

// later are the days after which it is looked who was still seen.
var later = []struct {
	days int
	name string
}{{1, "a day later"}, {7, "a week later"}, {30, "a month later"}}

// stays are those who joined, by day, and how many of them were seen on some day
// or after it; "-" where that day has not come.
func stays(list []instance.FigureLine, now time.Time) string {
	if len(list) == 0 {
		return "Nobody joined in that time.\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s  %6s", "joined on", "people")
	for _, l := range later {
		fmt.Fprintf(&b, "  %13s", l.name)
	}
	for i := 0; i < len(list); {
		day, _ := time.Parse(time.DateOnly, list[i].Day)
		people, seen := int64(0), make([]int64, len(later))
		for ; i < len(list) && list[i].Day == day.Format(time.DateOnly); i++ {
			people += list[i].Count
			for k, l := range later {
				if list[i].Seen >= day.AddDate(0, 0, l.days).Format(time.DateOnly) {
					seen[k] += list[i].Count
				}
			}
		}
		fmt.Fprintf(&b, "\n%-10s  %6d", day.Format(time.DateOnly), people)
		for k, l := range later {
			if now.Before(day.AddDate(0, 0, l.days)) {
				fmt.Fprintf(&b, "  %13s", "-")
				continue
			}
			fmt.Fprintf(&b, "  %13d", seen[k])
		}
	}
	return b.String() + "\n"
}

func (a *app) figures(verb string, c keyArgs, limit int) error {
	ask, err := c.ask(a.shared.Now())
	if err != nil {
		return err
	}
	ask.Key, ask.Tag, ask.Host, ask.Limit = c.Key, strings.TrimPrefix(c.Tag, "#"), c.Host, limit
	var list []instance.FigureLine
	err = a.do(verb, ask, &list)
	return a.print(err, list, func() {
		for _, l := range list {
			fmt.Println(strings.Join(strings.Fields(fmt.Sprintln(l.Day, l.Seen, l.Kind, l.Count)), "  "))
		}
		if len(list) == 0 {
			fmt.Println("Nothing.")
		}
	})
}
