package main

import (
	"fmt"
	"os"

	"coterie/internal/instance"
)

type settingsCmd struct {
	Show settingsShowCmd `cmd:"" help:"List the settings and what they are set to."`
	Set  settingsSetCmd  `cmd:"" help:"Change a setting."`
}

type settingsShowCmd struct{}

func (settingsShowCmd) Run(a *app) error {
	var list []instance.Setting
	err := a.do("settings show", instance.SettingsShow{}, &list)
	return a.print(err, list, func() {
		for _, s := range list {
			fmt.Printf("%-20s %-12s %s\n", s.Name, s.Value, s.Help)
		}
	})
}

type settingsSetCmd struct {
	Name  string `arg:"" help:"Name of the setting; coterie settings show lists them."`
	Value string `arg:"" help:"What to set it to; \"\" for what is usual."`
}

func (c *settingsSetCmd) Run(a *app) error {
	var now instance.Setting
	err := a.do("settings set", instance.SettingSet{Name: c.Name, Value: c.Value}, &now)
	return a.print(err, now, func() { fmt.Printf("%s is %s.\n", now.Name, now.Value) })
}

type termsCmd struct {
	Publish termsPublishCmd `cmd:"" help:"Publish terms of service."`
}

type termsPublishCmd struct {
	File      string `arg:"" help:"File with their plain text."`
	Effective string `help:"Day from which they hold, for example 2027-01-01; today when left out." placeholder:"DAY"`
}

func (c *termsPublishCmd) Run(a *app) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read the terms: %w", err)
	}
	var now instance.Terms
	err = a.do("terms publish", instance.TermsPublish{Text: string(text), Effective: c.Effective}, &now)
	return a.print(err, now, func() { fmt.Printf("The terms hold from %s on.\n", now.Effective) })
}
