package post

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

const (
	// annualPatience is how long a report may be in the making before it can
	// be asked for again.
	annualPatience = time.Hour
	annualHashtags = 5
)

func yearOf(year int) (from, to time.Time) {
	return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC)
}

// AnnualState is how the actor's report of a year stands.
func (s *Service) AnnualState(ctx context.Context, actor domain.ID, year int) (domain.AnnualState, error) {
	now := s.st.Now()
	r := s.st.Reader()
	report, err := r.AnnualReport(ctx, actor, year)
	switch {
	case err == nil && report.Data != nil:
		return domain.AnnualAvailable, nil
	case err == nil && now.Sub(report.AskedAt) < annualPatience:
		return domain.AnnualGenerating, nil
	case err != nil && !domain.Is(err, domain.NotFound):
		return "", err
	}
	set, err := s.settings(ctx)
	if err != nil || set.NoAnnualReports || domain.AnnualCampaign(now) != year {
		return domain.AnnualIneligible, err
	}
	from, to := yearOf(year)
	posted, err := r.PostedIn(ctx, actor, from, to)
	if err != nil || !posted {
		return domain.AnnualIneligible, err
	}
	return domain.AnnualEligible, nil
}

// MakeAnnual has the actor's report of a year made if it may be asked for, and
// says how it stands then.
func (s *Service) MakeAnnual(ctx context.Context, actor domain.ID, year int) (domain.AnnualState, error) {
	state, err := s.AnnualState(ctx, actor, year)
	if err != nil || state != domain.AnnualEligible {
		return state, err
	}
	return domain.AnnualGenerating, s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.BeginAnnualReport(actor, year); err != nil {
			return err
		}
		_, err := job.Enqueue(tx, domain.JobAnnual, domain.AnnualJob{Account: actor, Year: year},
			job.Unique(actor.String()+" "+strconv.Itoa(year)), job.Priority(domain.PriorityLow))
		return err
	})
}

// AnnualRead takes note that the actor has read the report of a year.
func (s *Service) AnnualRead(ctx context.Context, actor domain.ID, year int) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.ReadAnnualReport(actor, year) })
}

// Annual is the job that sums up a year. Run again it finds the same, or more.
func (s *Service) Annual(ctx context.Context, j *job.Job) error {
	var of domain.AnnualJob
	if err := j.Decode(&of); err != nil {
		return err
	}
	data, err := s.sumUp(ctx, of)
	if err != nil {
		return fmt.Errorf("sum up %d of %s: %w", of.Year, of.Account, err)
	}
	return j.Write(ctx, func(tx *store.Tx) error { return tx.SaveAnnualReport(of.Account, of.Year, data) })
}

func (s *Service) sumUp(ctx context.Context, of domain.AnnualJob) (*domain.AnnualData, error) {
	r := s.st.Reader()
	from, to := yearOf(of.Year)
	kinds, err := r.AnnualKinds(ctx, of.Account, from, to)
	if err != nil {
		return nil, err
	}
	data := &domain.AnnualData{Archetype: kinds.Archetype()}
	if data.TopHashtags, err = r.TopHashtags(ctx, of.Account, from, to, annualHashtags); err != nil {
		return nil, err
	}
	if data.TopHashtags == nil {
		data.TopHashtags = []domain.AnnualHashtag{}
	}
	if data.TopStatuses, err = r.TopStatuses(ctx, of.Account, from, to); err != nil {
		return nil, err
	}
	for i := range data.TimeSeries {
		data.TimeSeries[i].Month = i + 1
	}
	deeds, err := r.Deeds(ctx, of.Account, from, to)
	for _, d := range deeds {
		month := &data.TimeSeries[time.Unix(d.Day*24*60*60, 0).UTC().Month()-1]
		switch d.Kind {
		case store.DeedStatus:
			month.Statuses += d.Count
		case store.DeedFollow:
			month.Following += d.Count
		case store.DeedFollower:
			month.Followers += d.Count
		}
	}
	return data, err
}
