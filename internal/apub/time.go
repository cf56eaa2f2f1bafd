package apub

import (
	"strconv"
	"strings"
	"time"
)

// layouts that are met in the wild (facts 10), most common first. Fractions
// of any length are read by each.
var layouts = [...]string{
	time.RFC3339,
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05",
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04",
	"2006-01-02",
}

// moment reads a time, UTC; zero when it is missing or unreadable. Times
// without a zone are UTC.
func (n *node) moment() time.Time {
	s := strings.TrimSpace(n.str())
	if s == "" || len(s) > 64 {
		return time.Time{}
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil {
			if y := t.UTC().Year(); y < 1 || y > 9999 {
				return time.Time{}
			}
			return t.UTC()
		}
	}
	return time.Time{}
}

// duration reads ISO 8601 ("PT1H2M3.5S") or a number of seconds; 0 when it
// is neither, negative or over a month.
func (n *node) duration() time.Duration {
	const most = 31 * 24 * time.Hour
	if v, ok := n.number(); ok {
		if v <= 0 || v > most.Seconds() {
			return 0
		}
		return time.Duration(v * float64(time.Second))
	}
	s := n.str()
	rest, ok := strings.CutPrefix(s, "PT")
	if !ok || len(s) > 64 {
		return 0
	}
	total := 0.0
	for rest != "" {
		i := strings.IndexAny(rest, "HMS")
		if i < 1 {
			return 0
		}
		v, err := strconv.ParseFloat(rest[:i], 64)
		if err != nil || v < 0 {
			return 0
		}
		total += v * map[byte]float64{'H': 3600, 'M': 60, 'S': 1}[rest[i]]
		rest = rest[i+1:]
	}
	if !(total <= most.Seconds()) {
		return 0
	}
	return time.Duration(total * float64(time.Second))
}
