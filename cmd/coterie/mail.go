package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

type mailCmd struct {
	Test mailTestCmd `cmd:"" help:"Send a mail, to see whether COTERIE_MAIL_URL works."`

	Texts struct {
		Show   mailTextsShowCmd   `cmd:"" help:"List the words of the community's own in mails to newcomers."`
		Set    mailTextsSetCmd    `cmd:"" help:"Put words of the community's own into mails of a kind."`
		Remove mailTextsRemoveCmd `cmd:"" help:"Take them out again."`
	} `cmd:"" help:"Words of the community's own in mails to newcomers."`
}

type mailTextsShowCmd struct{}

func (mailTextsShowCmd) Run(a *app) error {
	var list []instance.MailText
	err := a.do("mail texts show", struct{}{}, &list)
	return a.print(err, list, func() { printMailTexts(list) })
}

func printMailTexts(list []instance.MailText) {
	none := true
	for _, m := range list {
		if m.Text == "" {
			continue
		}
		none = false
		fmt.Printf("%s, %s\n", m.Kind, m.Language)
		for line := range strings.Lines(m.Text) {
			fmt.Printf("    %s\n", strings.TrimRight(line, "\n"))
		}
	}
	if none {
		fmt.Println("No mail has words of the community's own.")
	}
}

// mailTextArgs are whose words are meant.
type mailTextArgs struct {
	Kind     string `arg:"" help:"Kind of the mails: welcome, approved or rejected."`
	Language string `arg:"" help:"Language of those who read them, such as de."`
}

type (
	mailTextsSetCmd struct {
		mailTextArgs
		File string `arg:"" help:"File with the plain text; - reads it from the standard input."`
	}
	mailTextsRemoveCmd struct{ mailTextArgs }
)

func (c *mailTextsSetCmd) Run(a *app) error {
	read := func() ([]byte, error) { return os.ReadFile(c.File) }
	if c.File == "-" {
		read = func() ([]byte, error) { return io.ReadAll(os.Stdin) }
	}
	text, err := read()
	if err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return domain.Errorf(domain.Invalid, "The text is empty; coterie mail texts remove takes one out.")
	}
	return a.setMailText(c.mailTextArgs, string(text))
}

func (c *mailTextsRemoveCmd) Run(a *app) error { return a.setMailText(c.mailTextArgs, "") }

func (a *app) setMailText(c mailTextArgs, text string) error {
	var list []instance.MailText
	err := a.do("mail texts set", instance.MailTextSet{Kind: c.Kind, Language: c.Language, Text: text}, &list)
	return a.print(err, list, func() { printMailTexts(list) })
}

type mailTestCmd struct {
	Address string `arg:"" help:"Where to."`
}

func (c *mailTestCmd) Run(a *app) error {
	var done instance.MailTested
	err := a.do("mail test", instance.MailTest{To: c.Address}, &done)
	return a.print(err, done, func() { fmt.Printf("%s took a mail to %s; see whether it arrives.\n", done.Server, c.Address) })
}
