package domain

import (
	"testing"
	"time"
)

func TestHeld(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	wave := func(state WaveState, posts int64, last time.Duration) Wave {
		return Wave{ID: 1, State: state, Posts: posts, CreatedAt: now.Add(-last - time.Hour), LastAt: now.Add(-last), DecidedAt: now.Add(-last)}
	}
	for what, x := range map[string]struct {
		a    Approach
		want HeldFor
	}{
		"the third stranger":                      {Approach{Strangers: 1, Reached: 3}, ""},
		"the fourth":                              {Approach{Strangers: 1, Reached: 4}, HeldAlike},
		"alone, to four who are answered":         {Approach{Strangers: 4, Reached: 4, Answers: true}, ""},
		"alone, to four":                          {Approach{Strangers: 4, Reached: 4}, HeldMany},
		"like what is held":                       {Approach{Strangers: 1, Reached: 1, Known: true}, HeldAlike},
		"to nobody":                               {Approach{Reached: 9, Known: true}, ""},
		"from a server that sends a wave, a link": {Approach{Strangers: 1, Baited: true, Author: now, Wave: wave(WaveOpen, WavePosts, 0)}, HeldOrigin},
		"from there, plain words":                 {Approach{Strangers: 1, Author: now, Wave: wave(WaveOpen, WavePosts, 0)}, ""},
		"from there, who was known before":        {Approach{Strangers: 1, Baited: true, Author: now.Add(-3 * time.Hour), Wave: wave(WaveOpen, WavePosts, 0)}, ""},
		"from there, a day later":                 {Approach{Strangers: 1, Baited: true, Author: now, Wave: wave(WaveOpen, WavePosts, WaveSpan)}, ""},
		"from where few are held":                 {Approach{Strangers: 1, Baited: true, Author: now, Wave: wave(WaveOpen, WavePosts-1, 0)}, ""},
		"after the release":                       {Approach{Strangers: 9, Reached: 90, Known: true, Wave: wave(WaveReleased, 50, 0)}, ""},
		"a day after the release":                 {Approach{Strangers: 9, Wave: wave(WaveReleased, 50, WaveSpan)}, HeldMany},
		"after it was confirmed":                  {Approach{Strangers: 1, Baited: true, Author: now, Wave: wave(WaveConfirmed, 50, 0)}, HeldOrigin},
	} {
		if got := x.a.Held(now); got != x.want {
			t.Errorf("%s: %q, want %q", what, got, x.want)
		}
	}
}
