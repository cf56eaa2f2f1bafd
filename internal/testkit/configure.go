package testkit

import (
	"context"

	"coterie/internal/domain"
)

// Settings are the community's settings.
type Settings = domain.Settings

// Configure changes the settings, as those who run the community do.
func (c *Community) Configure(change func(*Settings)) {
	c.T.Helper()
	if err := c.ChangeSettings(context.Background(), change); err != nil {
		c.T.Fatalf("change the settings: %v", err)
	}
}
