package instance

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/page"
)

// site is the community as every page shows it.
func (in *Instance) site(ctx context.Context) page.Site {
	s := page.Site{Domain: in.cfg.Handles()}
	set, err := in.moderation.Settings(ctx)
	if err != nil {
		// A page without the community's name is better than none.
		in.log.WarnContext(ctx, "the settings could not be read for a page", "err", err)
		return s
	}
	s.Name, s.Description, s.Closed, s.Terms = set.Title, set.ShortDescription, set.ClosedMessage, len(set.Terms) > 0
	s.Icon, s.Picture = set.Icon, domain.MediaPath(set.Thumbnail)
	if set.Registrations == domain.RegistrationsOpen {
		s.SignUpURL = "/auth/sign_up"
	}
	return s
}
