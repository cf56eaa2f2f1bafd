package domain_test

import (
	"testing"
	"time"

	"coterie/internal/domain"
)

// TestTrendScores holds the rules of behaviours 16.3.
func TestTrendScores(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ observed, expected, want int64 }{
		{4, 0, 0}, {5, 0, 16_000}, {5, 5, 0}, {6, 5, 200}, {20, 10, 10_000}, {9, 1, 64_000},
	} {
		if got := domain.UseScore(c.observed, c.expected); got != c.want {
			t.Errorf("%d people after %d: %d, want %d", c.observed, c.expected, got, c.want)
		}
	}
	for _, c := range []struct {
		marks int64
		age   time.Duration
		want  int64
	}{{4, 0, 0}, {5, 0, 16_000}, {5, time.Hour, 8_000}, {11, 2 * time.Hour, 25_000}, {5, 10 * time.Hour, 0}} {
		if got := domain.PostScore(c.marks, c.age); got != c.want {
			t.Errorf("%d marks after %v: %d, want %d", c.marks, c.age, got, c.want)
		}
	}
}

// TestTrendNext: a peak decays, a higher one replaces it, an old one is
// forgotten.
func TestTrendNext(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	a := domain.Trend{}.Next(5, 0, domain.TagHalfLife, now)
	if a.Score != 16_000 || !a.PeakAt.Equal(now) {
		t.Errorf("at first: %+v", a)
	}
	b := a.Next(5, 0, domain.TagHalfLife, now.Add(4*time.Hour))
	if b.Score != 8_000 || b.Peak != 16_000 {
		t.Errorf("four hours later: %+v", b)
	}
	if c := b.Next(9, 0, domain.TagHalfLife, now.Add(8*time.Hour)); c.Score != 64_000 {
		t.Errorf("with more people: %+v", c)
	}
	if d := b.Next(0, 5, domain.TagHalfLife, now.Add(20*time.Hour)); d.Score != 0 || d.Peak != 16_000 {
		t.Errorf("when it is over: %+v", d)
	}
	if e := b.Next(0, 0, domain.TagHalfLife, now.Add(49*time.Hour)); e.Peak != 0 {
		t.Errorf("two days later: %+v", e)
	}
}
