package mastoapi

import (
	"context"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// Server is what the program knows of itself.
type Server struct {
	Version string
	PollMin time.Duration // 0: the usual shortest life of a poll
}

// community gathers what is said about the server.
func (a *API) community(ctx context.Context) (*render.Community, error) {
	c := &render.Community{Version: a.Server.Version, PollMin: a.Server.PollMin, MediaTypes: a.Media.Types()}
	if c.PollMin == 0 {
		c.PollMin = domain.MinPollLife
	}
	var err error
	if c.Settings, err = a.Moderation.Settings(ctx); err != nil {
		return nil, err
	}
	if c.Rules, err = a.Moderation.Rules(ctx); err != nil {
		return nil, err
	}
	if c.Counts, err = a.Moderation.Counts(ctx); err != nil {
		return nil, err
	}
	if c.PushKey, err = a.Notify.PushKey(ctx); err != nil {
		return nil, err
	}
	contact := c.Settings.ContactAccount
	if contact == 0 {
		contact = c.Counts.Contact
	}
	if contact == 0 {
		return c, nil
	}
	c.Contact, err = a.Render.Account(ctx, 0, contact)
	if domain.Is(err, domain.NotFound) {
		return c, nil
	}
	return c, err
}

func (a *API) instance(r *httpkit.Request) (any, error) {
	c, err := a.community(r.Context())
	if err != nil {
		return nil, err
	}
	return a.Render.Instance(c), nil
}

func (a *API) instanceV1(r *httpkit.Request) (any, error) {
	c, err := a.community(r.Context())
	if err != nil {
		return nil, err
	}
	everyone, err := a.Store.Role(r.Context(), domain.RoleUser)
	c.Invites = everyone.May(domain.MayInvite)
	return a.Render.InstanceV1(c), err
}

func (a *API) rules(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.Rules(r.Context())
	return render.Rules(list), err
}

func (a *API) extendedDescription(r *httpkit.Request) (any, error) {
	set, err := a.Moderation.Settings(r.Context())
	return a.Render.ExtendedDescription(set), err
}

func (a *API) privacyPolicy(r *httpkit.Request) (any, error) {
	set, err := a.Moderation.Settings(r.Context())
	return a.Render.PrivacyPolicy(set), err
}

// unless answers as what is not there where the settings say so.
func (a *API) unless(off func(*domain.Settings) bool, handle httpkit.Handler) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		set, err := a.Moderation.Settings(r.Context())
		if err != nil {
			return nil, err
		}
		if off(&set) {
			return nil, domain.ErrNotFound
		}
		return handle(r)
	}
}

// none answers lists that are truly empty on this server.
func (a *API) none(*httpkit.Request) (any, error) { return httpkit.Raw("[]"), nil }

// moderatedDomains are the servers that the staff holds off, and why, for whom
// the setting lets read that.
func (a *API) moderatedDomains(r *httpkit.Request) (any, error) {
	set, err := a.Moderation.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	switch {
	case set.BlockList == domain.BlockListClosed:
		return nil, domain.ErrNotFound
	case set.BlockList == domain.BlockListMembers && !r.Viewer.Known():
		return nil, domain.Errorf(domain.Unauthenticated, "This list is for members")
	}
	list, err := a.Moderation.Policies(r.Context())
	return render.DomainBlocks(list), err
}

// maxPeers is how many other servers are named at most.
const maxPeers = 50_000

// peers is GET /api/v1/instance/peers: the hosts known here, but for those
// that are refused.
func (a *API) peers(r *httpkit.Request) (any, error) {
	hosts, err := a.Store.Peers(r.Context(), maxPeers)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(hosts))
	for _, h := range hosts {
		p, err := a.Moderation.Policy(r.Context(), h)
		if err != nil {
			return nil, err
		}
		if h != "" && p.Severity != domain.SeveritySuspend {
			out = append(out, h)
		}
	}
	return out, nil
}
