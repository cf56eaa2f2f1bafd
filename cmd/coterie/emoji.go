package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coterie/internal/instance"
)

type emojiCmd struct {
	Add    emojiAddCmd    `cmd:"" help:"Add a custom emoji, or replace it."`
	Import emojiImportCmd `cmd:"" help:"Add the pictures of a zip file or a directory, named by their files."`

	List    emojiListCmd    `cmd:"" help:"List custom emoji, the newest first."`
	Copy    emojiCopyCmd    `cmd:"" help:"Make an emoji of another server one of ours."`
	Disable emojiDisableCmd `cmd:"" help:"Show an emoji nowhere, be it of here or, as SHORTCODE@DOMAIN, of elsewhere."`
	Enable  emojiEnableCmd  `cmd:"" help:"Show an emoji again."`
	Delete  emojiDeleteCmd  `cmd:"" help:"Remove an emoji."`
}

type emojiListCmd struct {
	Part      string `arg:"" optional:"" help:"Part of the shortcode."`
	Elsewhere bool   `help:"Those of other servers."`
	Host      string `help:"Those of this server."`
	Limit     int    `default:"100" help:"How many."`
}

func (c *emojiListCmd) Run(a *app) error {
	var list []instance.EmojiLine
	err := a.do("emoji list", instance.EmojiFind{Part: c.Part, Elsewhere: c.Elsewhere, Domain: c.Host, Limit: c.Limit}, &list)
	return a.print(err, list, func() {
		for _, e := range list {
			name := ":" + e.Shortcode + ":"
			if e.Domain != "" {
				name = e.Shortcode + "@" + e.Domain
			}
			fmt.Printf("%-30s %s%s\n", name, e.Category, also(e.Disabled, "disabled"))
		}
		if len(list) == 0 {
			fmt.Println("There are no such emoji.")
		}
	})
}

// emojiArg is one emoji.
type emojiArg struct {
	Emoji string `arg:"" help:"Shortcode, or SHORTCODE@DOMAIN."`
}

func (c *emojiArg) one() instance.EmojiOne {
	code, host, _ := strings.Cut(strings.Trim(c.Emoji, ":"), "@")
	return instance.EmojiOne{Shortcode: strings.Trim(code, ":"), Domain: host}
}

type (
	emojiDisableCmd struct{ emojiArg }
	emojiEnableCmd  struct{ emojiArg }
	emojiDeleteCmd  struct{ emojiArg }
	emojiCopyCmd    struct {
		emojiArg
		As       string `help:"Shortcode here; the same when left out."`
		Category string `help:"Under which apps show it."`
	}
)

func (c *emojiDisableCmd) Run(a *app) error {
	one := c.one()
	one.Disabled = true
	return a.done("emoji change", one, "%s is shown nowhere.", c.Emoji)
}

func (c *emojiEnableCmd) Run(a *app) error {
	return a.done("emoji change", c.one(), "%s is shown.", c.Emoji)
}

func (c *emojiDeleteCmd) Run(a *app) error {
	return a.done("emoji delete", c.one(), "Removed %s.", c.Emoji)
}

func (c *emojiCopyCmd) Run(a *app) error {
	one := c.one()
	one.As, one.Category = c.As, c.Category
	var done instance.EmojiDone
	err := a.do("emoji copy", one, &done)
	return a.print(err, done, func() { fmt.Printf("Added :%s:\n", done.Added[0]) })
}

type emojiAddCmd struct {
	Shortcode string `arg:"" help:"What people type between colons."`
	File      string `arg:"" help:"PNG, GIF, WebP or JPEG of at most 256 KB."`
	Category  string `help:"Under which apps show it."`
}

func (c *emojiAddCmd) Run(a *app) error {
	var done instance.EmojiDone
	err := a.do("emoji add", instance.EmojiAdd{Shortcode: c.Shortcode, File: absolute(c.File), Category: c.Category}, &done)
	return a.print(err, done, func() { fmt.Printf("Added :%s:\n", done.Added[0]) })
}

type emojiImportCmd struct {
	Pack     string `arg:"" help:"Zip file or directory."`
	Category string `help:"Under which apps show them."`
}

func (c *emojiImportCmd) Run(a *app) error {
	var done instance.EmojiDone
	err := a.do("emoji import", instance.EmojiImport{Pack: absolute(c.Pack), Category: c.Category}, &done)
	return a.print(err, done, func() {
		for _, name := range slices.Sorted(maps.Keys(done.Refused)) {
			fmt.Printf("%s was left out: %s\n", name, done.Refused[name])
		}
		fmt.Printf("Added %d emoji.\n", len(done.Added))
	})
}
