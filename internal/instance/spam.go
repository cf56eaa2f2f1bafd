package instance

import (
	"context"
	"encoding/json"
	"time"

	"coterie/internal/domain"
	"coterie/internal/moderation"
)

// The commands about waves of spam, their arguments and results.
type (
	// SpamList is "spam list".
	SpamList struct{}
	// SpamWave is one line of its result.
	SpamWave struct {
		ID        domain.ID `json:"id"`
		Host      string    `json:"host"`
		Posts     int64     `json:"posts"`
		Accounts  int64     `json:"accounts"`
		Sample    string    `json:"sample"`
		CreatedAt time.Time `json:"created_at"`
	}
	// SpamDecide is "spam release" and "spam confirm"; no wave is all of them.
	SpamDecide struct {
		Waves []domain.ID `json:"waves"`
		// Accounts is what becomes of the authors of what is confirmed.
		Accounts domain.ActionType `json:"accounts,omitempty"`
	}
	// SpamDecided is the result of both.
	SpamDecided struct {
		Waves int `json:"waves"`
	}
)

const mostSpamWaves = 1000

// spam runs the commands about waves of spam; done is false for any other.
func (in *Instance) spam(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	chosen := func(a SpamDecide) moderation.WaveChoice {
		return moderation.WaveChoice{IDs: a.Waves, All: len(a.Waves) == 0}
	}
	switch verb {
	case "spam list":
		v, err = in.SpamList(ctx)
	case "spam release":
		v, err = command(args, func(a SpamDecide) (SpamDecided, error) {
			n, err := in.moderation.ReleaseWaves(ctx, 0, chosen(a))
			return SpamDecided{n}, err
		})
	case "spam confirm":
		v, err = command(args, func(a SpamDecide) (SpamDecided, error) {
			n, err := in.moderation.ConfirmWaves(ctx, 0, chosen(a), a.Accounts)
			return SpamDecided{n}, err
		})
	default:
		return nil, false, nil
	}
	return v, true, err
}

// SpamList are the waves that nobody has decided about, newest first.
func (in *Instance) SpamList(ctx context.Context) ([]SpamWave, error) {
	list, sums, err := in.moderation.Waves(ctx, domain.WaveOpen, domain.Page{Limit: mostSpamWaves})
	out := []SpamWave{}
	for _, w := range list {
		line := SpamWave{ID: w.ID, Host: w.Host, CreatedAt: w.CreatedAt}
		for _, s := range sums {
			if s.Wave == w.ID {
				line.Posts, line.Accounts, line.Sample = s.Posts, s.Accounts, s.Sample
			}
		}
		out = append(out, line)
	}
	return out, err
}
