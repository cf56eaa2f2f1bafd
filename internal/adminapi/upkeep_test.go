package adminapi_test

import (
	"testing"
	"time"

	"coterie/internal/testkit"
)

// What would go is counted for the days that are asked about, and nothing else.
func TestUpkeepTellsWhatWouldGo(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		c.Anonymous().POST("/auth/sign_in", testkit.F("login", "bob", "password", testkit.Password)).Want(303)
		c.After(20 * 24 * time.Hour)
		for query, want := range map[string]float64{"": 0, "?post_days=10": 0, "?address_days=30": 0, "?address_days=10": 2} {
			if got := c.As("admin").GET(ownAdmin + "upkeep" + query).Object().Num("addresses"); got != want {
				t.Errorf("%q: %v addresses would go, want %v", query, got, want)
			}
		}
		c.As("admin").GET(ownAdmin + "upkeep?address_days=-1").Error(422)
	})
}
