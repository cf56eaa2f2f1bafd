package main

import (
	"fmt"

	"coterie/internal/instance"
)

// searchCmd are the verbs about finding posts.
type searchCmd struct {
	Reindex searchReindexCmd `cmd:"" help:"Prepare the words by which posts are found anew, in the background."`
}

type searchReindexCmd struct{}

func (searchReindexCmd) Run(a *app) error {
	var out instance.SearchReport
	err := a.do("search reindex", instance.SearchReindex{}, &out)
	return a.print(err, out, func() { fmt.Println(searchWords(out)) })
}

// searchWords is a report in words.
func searchWords(r instance.SearchReport) string {
	if r.Current {
		return fmt.Sprintf("search: all posts are indexed, %d anew", r.Done)
	}
	return fmt.Sprintf("search: %d of %d posts indexed anew; coterie status says how far it is", r.Done, r.Posts)
}
