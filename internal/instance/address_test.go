package instance_test

import (
	"testing"

	"coterie/internal/testkit"
)

// TestDevelopersMayGoByAnAddress: without a name there are no passkeys, and
// everything else.
func TestDevelopersMayGoByAnAddress(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"127.0.0.1:8080", "[::1]:8080", "localhost:8080"} {
		c := testkit.NewInstance(t, testkit.Bare(), testkit.Domain(host))
		if got := c.Anonymous().GET("/api/v2/instance").Object().Str("domain"); got != host {
			t.Errorf("%s calls itself %s", host, got)
		}
	}
}
