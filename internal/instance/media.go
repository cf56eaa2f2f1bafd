package instance

import (
	"context"
	"encoding/json"
	"time"

	"coterie/internal/domain"
)

type (
	// MediaUsage is "media usage".
	MediaUsage struct{}
	// MediaBudget is "media budget"; GB 0 leaves it.
	MediaBudget struct {
		GB int `json:"gb"`
	}
	// MediaReport is the result of both.
	MediaReport struct {
		LocalFiles  int64 `json:"local_files"`
		LocalBytes  int64 `json:"local_bytes"`
		RemoteFiles int64 `json:"remote_files"`
		RemoteBytes int64 `json:"remote_bytes"`
		Budget      int64 `json:"budget_bytes"`
	}
	// MediaPrune is "media prune".
	MediaPrune struct {
		Days   int  `json:"days"`
		DryRun bool `json:"dry_run"`
	}
	// MediaPruned is its result.
	MediaPruned struct {
		Files int64 `json:"files"`
		Bytes int64 `json:"bytes"`
	}
	// MediaRefresh is "media refresh".
	MediaRefresh struct {
		Host string `json:"host"`
	}
	// MediaRefreshed is its result.
	MediaRefreshed struct {
		Count int `json:"count"`
	}
)

// mediaBudget is how many bytes the copies of media from elsewhere may take.
func (in *Instance) mediaBudget(ctx context.Context) (int64, error) {
	set, err := in.moderation.Settings(ctx)
	return set.MediaBudgetBytes(), err
}

// mediaCommand runs the commands about files.
func (in *Instance) mediaCommand(ctx context.Context, verb string, args json.RawMessage, progress func(string)) (v any, done bool, err error) {
	switch verb {
	case "media usage":
		v, err = command(args, func(MediaUsage) (MediaReport, error) { return in.MediaUsage(ctx) })
	case "media budget":
		v, err = command(args, func(a MediaBudget) (MediaReport, error) { return in.MediaBudget(ctx, a) })
	case "media prune":
		v, err = command(args, func(a MediaPrune) (MediaPruned, error) { return in.MediaPrune(ctx, a, progress) })
	case "media refresh":
		v, err = command(args, func(a MediaRefresh) (MediaRefreshed, error) {
			n, err := in.media.Refresh(ctx, a.Host, progress)
			return MediaRefreshed{n}, err
		})
	default:
		return nil, false, nil
	}
	return v, true, err
}

// MediaUsage says what files take.
func (in *Instance) MediaUsage(ctx context.Context) (MediaReport, error) {
	use, budget, err := in.media.Use(ctx)
	return MediaReport{use.LocalFiles, use.LocalBytes, use.RemoteFiles, use.RemoteBytes, budget}, err
}

// MediaBudget sets how much copies of media from elsewhere may take.
func (in *Instance) MediaBudget(ctx context.Context, b MediaBudget) (MediaReport, error) {
	if b.GB < 0 {
		return MediaReport{}, domain.Errorf(domain.Invalid, "The budget must be at least 1 GB.")
	}
	if b.GB > 0 {
		if err := in.ChangeSettings(ctx, func(s *domain.Settings) { s.MediaBudget = b.GB }); err != nil {
			return MediaReport{}, err
		}
	}
	return in.MediaUsage(ctx)
}

// MediaPrune evicts copies of media from elsewhere that were not seen for some
// days.
func (in *Instance) MediaPrune(ctx context.Context, p MediaPrune, progress func(string)) (MediaPruned, error) {
	if p.Days < 0 {
		return MediaPruned{}, domain.Errorf(domain.Invalid, "The number of days must not be negative.")
	}
	files, bytes, err := in.media.Prune(ctx, time.Duration(p.Days)*24*time.Hour, p.DryRun, progress)
	return MediaPruned{files, bytes}, err
}
