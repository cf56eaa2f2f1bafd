package main

import (
	"fmt"
	"os"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

type settingsCmd struct {
	Show settingsShowCmd `cmd:"" help:"List the settings and what they are set to."`
	Set  settingsSetCmd  `cmd:"" help:"Change a setting."`

	Picture settingsPictureCmd `cmd:"" help:"Change the picture of the community."`
	Icon    settingsIconCmd    `cmd:"" help:"Change the icon of the community, which tabs, home screens and pages show."`
}

type settingsIconCmd struct {
	File  string `arg:"" optional:"" help:"A PNG, JPEG or WebP of at least 192 by 192 pixels; its middle square is taken."`
	Usual bool   `help:"The usual icon again."`
}

func (c *settingsIconCmd) Run(a *app) error {
	file, err := fileOrUsual(c.File, c.Usual)
	if err != nil {
		return err
	}
	return a.done("settings icon", instance.IconSet{File: file}, "The icon is changed.")
}

type settingsPictureCmd struct {
	File  string `arg:"" optional:"" help:"A JPEG, PNG, GIF or WebP, best of 1200 by 630 pixels."`
	Usual bool   `help:"The usual picture again."`
}

func (c *settingsPictureCmd) Run(a *app) error {
	file, err := fileOrUsual(c.File, c.Usual)
	if err != nil {
		return err
	}
	return a.done("settings picture", instance.PictureSet{File: file}, "The picture is changed.")
}

// fileOrUsual is the file that was named, "" for the usual one again.
func fileOrUsual(file string, usual bool) (string, error) {
	if usual == (file != "") {
		return "", domain.Errorf(domain.Invalid, "Name a file, or say --usual.")
	}
	if usual {
		return "", nil
	}
	return absolute(file), nil
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
	List    termsListCmd    `cmd:"" help:"List the versions, how many accepted them and were told of them by mail."`
	Publish termsPublishCmd `cmd:"" help:"Publish terms of service."`
	Notify  termsNotifyCmd  `cmd:"" help:"Tell members by mail of a version who have not accepted it."`
}

type termsListCmd struct{}

func (termsListCmd) Run(a *app) error {
	var list []instance.TermsCounted
	err := a.do("terms list", instance.TermsList{}, &list)
	return a.print(err, list, func() { printTerms(list) })
}

func printTerms(list []instance.TermsCounted) {
	if len(list) == 0 {
		fmt.Println("No terms were published.")
	}
	for _, t := range list {
		fmt.Printf("%s  accepted by %d of %d", t.Effective, t.Accepted, t.Members)
		if m := t.Mails; m != nil {
			fmt.Printf("; mails: %d sent, %d waiting, %d not taken by the mail server", m.Sent, m.Waiting, m.Refused)
		}
		fmt.Println()
	}
}

type termsNotifyCmd struct {
	Effective string `arg:"" name:"day" help:"Day of the version, as coterie terms list shows it."`
}

func (c *termsNotifyCmd) Run(a *app) error {
	var list []instance.TermsCounted
	err := a.do("terms notify", instance.TermsNotify{Effective: c.Effective}, &list)
	return a.print(err, list, func() { printTerms(list) })
}

type termsPublishCmd struct {
	File      string `arg:"" help:"File with their plain text."`
	Effective string `help:"Day from which they hold, for example 2027-01-01; today when left out." placeholder:"DAY"`
	Notify    bool   `help:"Tell members by mail."`
}

func (c *termsPublishCmd) Run(a *app) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read the terms: %w", err)
	}
	var now instance.Terms
	err = a.do("terms publish", instance.TermsPublish{Text: string(text), Effective: c.Effective, Notify: c.Notify}, &now)
	return a.print(err, now, func() { fmt.Printf("The terms hold from %s on.\n", now.Effective) })
}
