package main

import (
	"fmt"

	"coterie/internal/instance"
)

type mailCmd struct {
	Test mailTestCmd `cmd:"" help:"Send a mail, to see whether COTERIE_MAIL_URL works."`
}

type mailTestCmd struct {
	Address string `arg:"" help:"Where to."`
}

func (c *mailTestCmd) Run(a *app) error {
	var done instance.MailTested
	err := a.do("mail test", instance.MailTest{To: c.Address}, &done)
	return a.print(err, done, func() { fmt.Printf("%s took a mail to %s; see whether it arrives.\n", done.Server, c.Address) })
}
