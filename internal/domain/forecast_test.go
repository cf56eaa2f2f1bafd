package domain

import (
	"testing"
	"time"
)

func TestForecast(t *testing.T) {
	t.Parallel()
	const mb, gb = 1_000_000, 1_000_000_000
	for name, tt := range map[string]struct {
		room Room
		want Forecast
	}{
		"measured":                     {Room{Free: 100 * gb, Database: 6 * gb, Media: 4 * gb, Copies: 10 * gb, Budget: 20 * gb, Members: 100, Before: 7 * gb, Span: 30 * 24 * time.Hour}, Forecast{100 * mb, 100 * mb, 900, 900}},
		"young: the least, no days":    {Room{Free: 10 * gb, Database: mb, Members: 1, Before: mb, Span: 6 * 24 * time.Hour}, Forecast{5 * mb, 0, 2000, -1}},
		"copies may take all the rest": {Room{Free: 5 * gb, Database: gb, Members: 10, Budget: 20 * gb, Before: 2 * gb, Span: 10 * 24 * time.Hour}, Forecast{100 * mb, 0, 0, 0}},
		"nobody and nothing":           {Room{Free: 10 * mb}, Forecast{5 * mb, 0, 2, -1}},
	} {
		if got := tt.room.Forecast(); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}
