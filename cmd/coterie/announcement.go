package main

import (
	"fmt"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

type announcementCmd struct {
	Add    announcementAddCmd    `cmd:"" help:"Tell everybody here something."`
	List   announcementListCmd   `cmd:"" help:"List the announcements, shown or not."`
	Remove announcementRemoveCmd `cmd:"" help:"Take an announcement back."`
}

type announcementAddCmd struct {
	Text   string `arg:"" help:"What to say."`
	Starts string `help:"When what it speaks of begins: 2026-12-24, 2026-12-24 18:00 (of this machine's clock) or 2026-12-24T18:00:00Z." placeholder:"TIME"`
	Ends   string `help:"When it ends; the announcement is shown until then." placeholder:"TIME"`
	AllDay bool   `help:"It lasts whole days, the last one included."`
	At     string `help:"When to show the announcement; now when left out." placeholder:"TIME"`
}

func (c *announcementAddCmd) Run(a *app) error {
	add := instance.AnnouncementAdd{Text: c.Text, AllDay: c.AllDay}
	zone := time.Local
	if c.AllDay {
		zone = time.UTC // days are the same days everywhere
	}
	for _, t := range []struct {
		text string
		zone *time.Location
		into *time.Time
	}{{c.Starts, zone, &add.StartsAt}, {c.Ends, zone, &add.EndsAt}, {c.At, time.Local, &add.At}} {
		var err error
		if *t.into, err = parseTime(t.text, t.zone); err != nil {
			return err
		}
	}
	var made instance.AnnouncementMade
	err := a.do("announcement add", add, &made)
	return a.print(err, made, func() { fmt.Println("Added announcement", made.ID) })
}

// parseTime reads a day or a time, in a zone unless it names one; "" is the
// zero time.
func parseTime(s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02T15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, domain.Errorf(domain.Invalid, "%q is not a time; write 2026-12-24, 2026-12-24 18:00 or 2026-12-24T18:00:00Z.", s)
}

type announcementListCmd struct{}

func (announcementListCmd) Run(a *app) error {
	var list []instance.AnnouncementShown
	err := a.do("announcement list", struct{}{}, &list)
	return a.print(err, list, func() {
		for _, n := range list {
			first, _, _ := strings.Cut(n.Text, "\n")
			fmt.Printf("%s  %s  %s  %s\n", n.ID, n.State, n.PublishedAt.Local().Format("2006-01-02 15:04"), first)
		}
		if len(list) == 0 {
			fmt.Println("Nothing was announced.")
		}
	})
}

type announcementRemoveCmd struct {
	ID string `arg:"" help:"Id of the announcement; coterie announcement list shows it."`
}

func (c *announcementRemoveCmd) Run(a *app) error {
	id, ok := domain.ParseID(c.ID)
	if !ok {
		return domain.Errorf(domain.Invalid, "%q is not the id of an announcement; coterie announcement list shows them.", c.ID)
	}
	var done struct{}
	err := a.do("announcement remove", instance.AnnouncementRemove{ID: id}, &done)
	return a.print(err, done, func() { fmt.Println("Removed announcement", id) })
}
