package instance

import (
	"context"
	"encoding/json"
)

// The commands about search, their arguments and results.
type (
	// SearchReindex is "search reindex".
	SearchReindex struct{}
	// SearchReport is its result, and part of that of "status": of so many
	// posts so many have the words that this program prepares.
	SearchReport struct {
		Current bool  `json:"current"` // all have them
		Done    int64 `json:"done"`
		Posts   int64 `json:"posts"`
	}
)

// search runs the commands about search; done is false for any other.
func (in *Instance) search(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	if verb != "search reindex" {
		return nil, false, nil
	}
	v, err = command(args, func(SearchReindex) (SearchReport, error) { return in.SearchReindex(ctx) })
	return v, true, err
}

// SearchReindex has the words of all posts prepared anew in the background.
func (in *Instance) SearchReindex(ctx context.Context) (SearchReport, error) {
	if err := in.index.Begin(ctx, true); err != nil {
		return SearchReport{}, err
	}
	return in.searchReport(ctx)
}

func (in *Instance) searchReport(ctx context.Context) (SearchReport, error) {
	state, err := in.index.State(ctx)
	return SearchReport{Current: state.Current(), Done: state.Done, Posts: state.Posts}, err
}
