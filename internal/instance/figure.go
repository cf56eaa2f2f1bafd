package instance

import (
	"context"
	"encoding/json"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// The commands about figures, their arguments and results.
type (
	// FigureAsk is "figures count", "kinds" and "stays", from one day to
	// another, both included.
	FigureAsk struct {
		Key   string    `json:"key,omitempty"`
		Tag   string    `json:"tag,omitempty"`
		Host  string    `json:"host,omitempty"`
		Since time.Time `json:"since"`
		Until time.Time `json:"until"`
		Limit int       `json:"limit,omitempty"`
	}
	// FigureLine is one line of the results: of a day, a kind, or the people
	// who joined on a day and were last seen on another.
	FigureLine struct {
		Day   string `json:"day,omitempty"`
		Kind  string `json:"kind,omitempty"`
		Seen  string `json:"seen,omitempty"`
		Count int64  `json:"count"`
	}
)

// figure runs the commands about figures; done is false for any other.
func (in *Instance) figure(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	ask := func(read func(context.Context, store.MeasureOf, FigureAsk) ([]FigureLine, error)) (any, error) {
		return command(args, func(a FigureAsk) ([]FigureLine, error) {
			m := store.MeasureOf{Key: a.Key, Host: a.Host}
			if a.Tag != "" {
				tag, err := in.st.Reader().TagByName(ctx, a.Tag)
				if err != nil {
					return nil, domain.Errorf(domain.NotFound, "Nobody used #%s here yet.", a.Tag)
				}
				m.Tag = tag.ID
			}
			if a.Until.Before(a.Since) {
				return nil, domain.Errorf(domain.Invalid, "The first day comes after the last.")
			}
			list, err := read(ctx, m, a)
			if domain.Is(err, domain.NotFound) {
				err = domain.Errorf(domain.NotFound, "Nothing is counted as %q; docs/moderation.md lists what is.", a.Key)
			}
			return list, err
		})
	}
	switch verb {
	case "figures count":
		v, err = ask(in.counts)
	case "figures kinds":
		v, err = ask(in.kinds)
	case "figures stays":
		v, err = ask(in.stays)
	default:
		return nil, false, nil
	}
	return v, true, err
}

const wholeDay = 24 * time.Hour

func dayText(n int64) string {
	return time.Unix(n*int64(wholeDay/time.Second), 0).UTC().Format(time.DateOnly)
}

// counts is how often something happened on each day on which it did.
func (in *Instance) counts(ctx context.Context, m store.MeasureOf, a FigureAsk) ([]FigureLine, error) {
	list, err := in.st.Reader().Measure(ctx, m, a.Since, a.Until.Add(wholeDay))
	out := []FigureLine{}
	for _, d := range list {
		out = append(out, FigureLine{Day: dayText(d.Day), Count: d.Count})
	}
	return out, err
}

// kinds is how often each kind of something happened, the most frequent first.
func (in *Instance) kinds(ctx context.Context, m store.MeasureOf, a FigureAsk) ([]FigureLine, error) {
	list, err := in.st.Reader().Dimension(ctx, m, a.Since, a.Until.Add(wholeDay), min(max(a.Limit, 1), mostListed))
	out := []FigureLine{}
	for _, k := range list {
		if k.Kind == "" {
			k.Kind = in.cfg.Domain
		}
		out = append(out, FigureLine{Kind: k.Kind, Count: k.Count})
	}
	return out, err
}

// stays is until when those who joined on each day were seen.
func (in *Instance) stays(ctx context.Context, _ store.MeasureOf, a FigureAsk) ([]FigureLine, error) {
	list, err := in.st.Reader().Stays(ctx, a.Since, a.Until.Add(wholeDay))
	out := []FigureLine{}
	for _, s := range list {
		out = append(out, FigureLine{Day: dayText(s.Joined), Seen: dayText(s.Seen), Count: s.Count})
	}
	return out, err
}
