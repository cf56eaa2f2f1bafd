package main

import (
	"fmt"

	"coterie/internal/instance"
)

type mediaCmd struct {
	Usage   mediaUsageCmd   `cmd:"" help:"Say what pictures, video and sound take."`
	Budget  mediaBudgetCmd  `cmd:"" help:"Set how much copies of media from elsewhere may take."`
	Prune   mediaPruneCmd   `cmd:"" help:"Delete copies that nobody looked at for some days; they come back on sight."`
	Refresh mediaRefreshCmd `cmd:"" help:"Fetch what comes from a host anew, on sight."`
}

const megabyte = 1_000_000

func printUse(r instance.MediaReport) {
	fmt.Printf("from here: %d files, %d MB\n", r.LocalFiles, r.LocalBytes/megabyte)
	fmt.Printf("from elsewhere: %d files, %d MB of at most %d MB\n", r.RemoteFiles, r.RemoteBytes/megabyte, r.Budget/megabyte)
}

type mediaUsageCmd struct{}

func (mediaUsageCmd) Run(a *app) error {
	var r instance.MediaReport
	err := a.do("media usage", instance.MediaUsage{}, &r)
	return a.print(err, r, func() { printUse(r) })
}

type mediaBudgetCmd struct {
	GB int `arg:"" name:"gb" help:"Gigabytes."`
}

func (c *mediaBudgetCmd) Run(a *app) error {
	var r instance.MediaReport
	err := a.do("media budget", instance.MediaBudget{GB: c.GB}, &r)
	return a.print(err, r, func() { printUse(r) })
}

type mediaPruneCmd struct {
	Days   int  `default:"7" help:"Days since it was last seen."`
	DryRun bool `help:"Only say what would go."`
}

func (c *mediaPruneCmd) Run(a *app) error {
	var done instance.MediaPruned
	err := a.do("media prune", instance.MediaPrune{Days: c.Days, DryRun: c.DryRun}, &done)
	return a.print(err, done, func() {
		word := "Deleted"
		if c.DryRun {
			word = "Would delete"
		}
		fmt.Printf("%s the copies of %d files, %d MB.\n", word, done.Files, done.Bytes/megabyte)
	})
}

type mediaRefreshCmd struct {
	Host string `arg:"" help:"Host from which the files come."`
}

func (c *mediaRefreshCmd) Run(a *app) error {
	var done instance.MediaRefreshed
	err := a.do("media refresh", instance.MediaRefresh{Host: c.Host}, &done)
	return a.print(err, done, func() { fmt.Printf("%d files will be fetched anew when somebody looks at them.\n", done.Count) })
}
