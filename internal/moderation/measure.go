package moderation

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// MeasureEvery is how often it is looked whether today was measured.
const MeasureEvery = 6 * time.Hour

// Measure is the periodic job that notes how much database and media of people
// here take, for forecasts.
func (s *Service) Measure(ctx context.Context, j *job.Job) error {
	r := s.st.Reader()
	bytes, err := r.Bytes(ctx)
	if err != nil {
		return fmt.Errorf("measure the database: %w", err)
	}
	use, err := r.MediaUse(ctx)
	if err != nil {
		return fmt.Errorf("measure the media: %w", err)
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		return tx.NoteSize(bytes+use.LocalBytes, tx.Now().Add(-domain.ForecastSpan))
	})
}
