package instance

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

// The commands about trends, their arguments and results.
type (
	// TrendReview is "trends allow", "refuse" and "reset"; Allowed is nil for
	// the last.
	TrendReview struct {
		Kind    domain.TrendKind `json:"kind"`
		Name    string           `json:"name"`
		Allowed *bool            `json:"allowed"`
	}
	// TrendsSet is "trends show"; nil leaves the setting as it is.
	TrendsSet struct {
		Mode *domain.Trends `json:"mode"`
	}
	// TrendsShown is its result.
	TrendsShown struct {
		Mode domain.Trends `json:"mode"`
	}
)

// trend runs the commands about trends; done is false for any other.
func (in *Instance) trend(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	switch verb {
	case "trends review":
		v, err = command(args, func(a TrendReview) (struct{}, error) { return struct{}{}, in.ReviewTrend(ctx, a) })
	case "trends show":
		v, err = command(args, func(a TrendsSet) (TrendsShown, error) { return in.ShowTrends(ctx, a) })
	default:
		return nil, false, nil
	}
	return v, true, err
}

// ReviewTrend decides whether something may trend.
func (in *Instance) ReviewTrend(ctx context.Context, c TrendReview) error {
	return in.moderation.ReviewTrend(ctx, c.Kind, c.Name, c.Allowed)
}

// ShowTrends sets what people see as trending, and says how that stands.
func (in *Instance) ShowTrends(ctx context.Context, c TrendsSet) (TrendsShown, error) {
	if c.Mode != nil {
		if !c.Mode.Valid() {
			return TrendsShown{}, domain.Errorf(domain.Invalid, "Trends are open, review or off, not %q.", *c.Mode)
		}
		if err := in.ChangeSettings(ctx, func(set *domain.Settings) { set.Trends = *c.Mode }); err != nil {
			return TrendsShown{}, err
		}
	}
	set, err := in.moderation.Settings(ctx)
	if set.Trends == "" {
		set.Trends = domain.TrendsOpen
	}
	return TrendsShown{Mode: set.Trends}, err
}
