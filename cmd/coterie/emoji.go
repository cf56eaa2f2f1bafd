package main

import (
	"fmt"
	"maps"
	"slices"

	"coterie/internal/instance"
)

type emojiCmd struct {
	Add    emojiAddCmd    `cmd:"" help:"Add a custom emoji, or replace it."`
	Import emojiImportCmd `cmd:"" help:"Add the pictures of a zip file or a directory, named by their files."`
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
