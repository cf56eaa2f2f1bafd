package adminapi

import (
	"strconv"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/store"
)

const (
	day = 24 * time.Hour
	// mostDays bounds the span of a measure, mostKeys how many one request asks for.
	mostDays = 366
	mostKeys = 20
	// kindsPerDimension is how many kinds a dimension has; twice that at most.
	kindsPerDimension = 10
)

// span reads from when to when is counted: whole days, UTC, both included.
func span(p httpkit.Params) (since, until time.Time, err error) {
	since, ok := moment(p.StringOr("start_at", ""))
	until, both := moment(p.StringOr("end_at", ""))
	if !ok || !both || until.Before(since) {
		return since, until, domain.Errorf(domain.BadRequest, "start_at and end_at must be two dates, the earlier first")
	}
	if until.Sub(since) > mostDays*day {
		since = until.Add(-mostDays * day)
	}
	return since, until.Add(day), nil
}

// moment is the day of a date or a time.
func moment(text string) (time.Time, bool) {
	for _, layout := range [...]string{time.DateOnly, time.RFC3339Nano} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Truncate(day), true
		}
	}
	return time.Time{}, false
}

// asked are the measures or dimensions that a request names.
func asked(p httpkit.Params) []store.MeasureOf {
	keys := p.Strings("keys")
	out := make([]store.MeasureOf, 0, len(keys))
	for _, key := range keys[:min(len(keys), mostKeys)] {
		m := store.MeasureOf{Key: key}
		if of, ok := p.Hash(key); ok {
			m.Tag, _ = of.ID("id")
			m.Host = of.StringOr("domain", "")
		}
		out = append(out, m)
	}
	return out
}

type measureDay struct {
	Date  string `json:"date"`
	Value string `json:"value"`
}

type measure struct {
	Key      string       `json:"key"`
	Unit     *string      `json:"unit"`
	Total    string       `json:"total"`
	Previous string       `json:"previous_total"`
	Data     []measureDay `json:"data"`
}

// measures is POST /api/v1/admin/measures. What is not measured is left out.
func (a *API) measures(r *httpkit.Request) (any, error) {
	since, until, err := span(r.Params)
	if err != nil {
		return nil, err
	}
	out := []measure{}
	for _, m := range asked(r.Params) {
		days, err := a.Store.Measure(r.Context(), m, since.Add(since.Sub(until)), until)
		if domain.Is(err, domain.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, measured(m.Key, days, since, until))
	}
	return out, nil
}

// measured is a measure with every day of the span, and the sum of the span
// before.
func measured(key string, days []store.DayCount, since, until time.Time) measure {
	counts := map[int64]int64{}
	var total, before int64
	for _, d := range days {
		counts[d.Day] = d.Count
		if time.Unix(d.Day*int64(day/time.Second), 0).Before(since) {
			before += d.Count
		} else {
			total += d.Count
		}
	}
	m := measure{Key: key, Total: decimal(total), Previous: decimal(before), Data: []measureDay{}}
	for t := since; t.Before(until); t = t.Add(day) {
		m.Data = append(m.Data, measureDay{date(t), decimal(counts[t.Unix()/int64(day/time.Second)])})
	}
	return m
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func date(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

type kind struct {
	Key   string `json:"key"`
	Human string `json:"human_key"`
	Value string `json:"value"`
	Unit  string `json:"unit,omitempty"`
}

type dimension struct {
	Key  string `json:"key"`
	Data []kind `json:"data"`
}

// dimensions is POST /api/v1/admin/dimensions. What is not known is left out.
func (a *API) dimensions(r *httpkit.Request) (any, error) {
	since, until, err := span(r.Params)
	if err != nil {
		return nil, err
	}
	limit := r.Limit(kindsPerDimension, 2*kindsPerDimension)
	out := []dimension{}
	for _, m := range asked(r.Params) {
		if m.Key == "software_versions" {
			out = append(out, dimension{m.Key, []kind{{Key: "coterie", Human: "Coterie", Value: a.Version}}})
			continue
		}
		kinds, err := a.Store.Dimension(r.Context(), m, since, until, limit)
		if domain.Is(err, domain.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		d := dimension{m.Key, []kind{}}
		for _, k := range kinds {
			if k.Kind == "" {
				k.Kind = a.Domain
			}
			d.Data = append(d.Data, kind{Key: k.Kind, Human: k.Kind, Value: decimal(k.Count)})
		}
		out = append(out, d)
	}
	return out, nil
}

type cohortDay struct {
	Date  string  `json:"date"`
	Rate  float64 `json:"rate"`
	Value string  `json:"value"`
}

type cohort struct {
	Period    string      `json:"period"`
	Frequency string      `json:"frequency"`
	Data      []cohortDay `json:"data"`
}

// retention is POST /api/v1/admin/retention: of those who joined in each
// period, how many were seen in it or later, by day or month.
func (a *API) retention(r *httpkit.Request) (any, error) {
	since, until, err := span(r.Params)
	if err != nil {
		return nil, err
	}
	frequency := r.Params.StringOr("frequency", "day")
	if frequency != "day" && frequency != "month" {
		return nil, domain.Errorf(domain.BadRequest, "frequency must be day or month")
	}
	if frequency == "day" && until.Sub(since) > 31*day {
		since = until.Add(-31 * day)
	}
	begin := func(t time.Time) time.Time {
		if frequency == "month" {
			return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
		}
		return t
	}
	since = begin(since)
	stays, err := a.Store.Stays(r.Context(), since, until)
	if err != nil {
		return nil, err
	}
	var periods []time.Time
	for t := since; t.Before(until); {
		periods = append(periods, t)
		if frequency == "month" {
			t = t.AddDate(0, 1, 0)
		} else {
			t = t.Add(day)
		}
	}
	return cohorts(stays, periods, frequency, begin), nil
}

// cohorts counts who joined in each period and was still seen in the others.
func cohorts(stays []store.Stay, periods []time.Time, frequency string, begin func(time.Time) time.Time) []cohort {
	of := func(n int64) time.Time { return begin(time.Unix(n*int64(day/time.Second), 0).UTC()) }
	out := make([]cohort, 0, len(periods))
	for i, p := range periods {
		c := cohort{Period: date(p), Frequency: frequency, Data: []cohortDay{}}
		for _, later := range periods[i:] {
			var joined, seen int64
			for _, s := range stays {
				if !of(s.Joined).Equal(p) {
					continue
				}
				joined += s.Count
				if !of(s.Seen).Before(later) {
					seen += s.Count
				}
			}
			rate := 0.0
			if joined > 0 {
				rate = float64(seen) / float64(joined)
			}
			c.Data = append(c.Data, cohortDay{date(later), rate, decimal(seen)})
		}
		out = append(out, c)
	}
	return out
}
