package instance

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/moderation"
	"coterie/internal/store"
)

// The commands about other servers, their arguments and results.
type (
	// DomainPolicy is "domain block", "limit", "allow" and "clear", and one
	// line of the result of "domain list".
	DomainPolicy struct {
		Domain        string          `json:"domain"`
		Severity      domain.Severity `json:"severity"`
		RejectMedia   bool            `json:"reject_media"`
		RejectReports bool            `json:"reject_reports"`
		Comment       string          `json:"comment"`
		ByLists       bool            `json:"by_lists,omitempty"`
		CreatedAt     time.Time       `json:"created_at,omitzero"`
	}
	// DomainImport is "domain import"; List is CSV.
	DomainImport struct {
		List string `json:"list"`
		Dry  bool   `json:"dry"`
	}
	// DomainImported is its result.
	DomainImported struct {
		Done []moderation.Imported `json:"done"`
		Odd  []string              `json:"odd"` // lines that are no domains
	}
	// DomainExport is the result of "domain export": CSV.
	DomainExport struct {
		List string `json:"list"`
	}
	// DomainImpact is "domain impact".
	DomainImpact struct {
		Domain string `json:"domain"`
	}
	// RelayAdd is "relay add"; Actor is that of a LitePub relay.
	RelayAdd struct {
		Inbox string `json:"inbox"`
		Actor string `json:"actor"`
	}
	// RelayRemove is "relay remove", by inbox or actor.
	RelayRemove struct {
		Address string `json:"address"`
	}
	// RelayTurn is "relay pause" and "relay resume", by inbox or actor.
	RelayTurn struct {
		Address string `json:"address"`
		Off     bool   `json:"off"`
	}
	// Relay is one line of the result of "relay list".
	Relay struct {
		Inbox     string            `json:"inbox"`
		Actor     string            `json:"actor,omitempty"`
		State     domain.RelayState `json:"state"`
		CreatedAt time.Time         `json:"created_at"`
	}
	// AccountAlias is "account alias"; Remove takes it back.
	AccountAlias struct {
		Name   string `json:"name"`
		Of     string `json:"of"`
		Remove bool   `json:"remove"`
	}
	// AccountMove is "account move".
	AccountMove struct {
		Name string `json:"name"`
		To   string `json:"to"`
	}
	// FederationSet is "federation"; nil leaves a switch as it is.
	FederationSet struct {
		Secure  *bool `json:"secure"`
		Limited *bool `json:"limited"`
	}
	// Federation is its result.
	Federation struct {
		Secure  bool `json:"secure"`
		Limited bool `json:"limited"`
	}
)

// federate runs the commands about other servers.
func (in *Instance) federate(ctx context.Context, verb string, args json.RawMessage) (any, error) {
	switch verb {
	case "domain policy":
		return command(args, func(a DomainPolicy) (struct{}, error) { return struct{}{}, in.SetDomainPolicy(ctx, a) })
	case "domain list":
		return in.DomainPolicies(ctx)
	case "domain import":
		return command(args, func(a DomainImport) (DomainImported, error) { return in.ImportDomains(ctx, a) })
	case "domain export":
		return in.ExportDomains(ctx)
	case "domain impact":
		return command(args, func(a DomainImpact) (store.DomainImpact, error) {
			sum, _, err := in.moderation.Impact(ctx, a.Domain, 0)
			return sum, err
		})
	case "domain lists", "domain subscribe", "domain list-change", "domain unsubscribe", "domain refresh", "domain plan", "domain except":
		return in.domainLists(ctx, verb, args)
	case "relay add":
		return command(args, func(a RelayAdd) (Relay, error) { return in.AddRelay(ctx, a) })
	case "relay remove":
		return command(args, func(a RelayRemove) (struct{}, error) { return struct{}{}, in.RemoveRelay(ctx, a) })
	case "relay turn":
		return command(args, func(a RelayTurn) (struct{}, error) { return struct{}{}, in.TurnRelay(ctx, a) })
	case "relay list":
		return in.Relays(ctx)
	case "account alias":
		return command(args, func(a AccountAlias) (AccountMade, error) { return in.AccountAlias(ctx, a) })
	case "account move":
		return command(args, func(a AccountMove) (AccountMade, error) { return in.AccountMove(ctx, a) })
	case "federation":
		return command(args, func(a FederationSet) (Federation, error) { return in.Federate(ctx, a) })
	}
	return nil, domain.Errorf(domain.Invalid, "There is no command %q; the server may be of another version than this program.", verb)
}

// TurnRelay leaves a relay for a while, or asks it again.
func (in *Instance) TurnRelay(ctx context.Context, c RelayTurn) error {
	list, err := in.moderation.Relays(ctx)
	if err != nil {
		return err
	}
	to := domain.RelayPending
	if c.Off {
		to = domain.RelayDisabled
	}
	for _, r := range list {
		if c.Address != "" && (c.Address == r.Inbox || c.Address == r.Actor) {
			return in.moderation.TurnRelay(ctx, 0, r.ID, to)
		}
	}
	return domain.Errorf(domain.NotFound, "The relay %s is not followed.", c.Address)
}

// SetDomainPolicy decides about another domain and its sub-domains.
func (in *Instance) SetDomainPolicy(ctx context.Context, c DomainPolicy) error {
	host, err := fetch.CanonicalHost(strings.TrimSpace(c.Domain))
	if err != nil {
		return domain.Errorf(domain.Invalid, "%q is not a domain name.", c.Domain)
	}
	if host == in.cfg.Domain || host == in.cfg.Handles() {
		return domain.Errorf(domain.Invalid, "%s is this community's own domain.", host)
	}
	err = in.moderation.SetPolicy(ctx, domain.DomainPolicy{
		Domain: host, Severity: c.Severity, RejectMedia: c.RejectMedia, RejectReports: c.RejectReports, Comment: c.Comment,
	})
	if domain.Is(err, domain.NotFound) {
		return domain.Errorf(domain.NotFound, "Nothing was decided about %s.", host)
	}
	return err
}

// DomainPolicies are all decisions about domains.
func (in *Instance) DomainPolicies(ctx context.Context) ([]DomainPolicy, error) {
	list, err := in.moderation.Policies(ctx)
	out := []DomainPolicy{}
	for _, p := range list {
		out = append(out, DomainPolicy{p.Domain, p.Severity, p.RejectMedia, p.RejectReports, p.Comment, p.ByLists, p.CreatedAt})
	}
	return out, err
}

// ImportDomains decides about the domains of a list.
func (in *Instance) ImportDomains(ctx context.Context, c DomainImport) (DomainImported, error) {
	done, odd, err := in.moderation.ImportBlocks(ctx, 0, []byte(c.List), c.Dry)
	return DomainImported{done, odd}, err
}

// ExportDomains is the list of the domains that are held off.
func (in *Instance) ExportDomains(ctx context.Context) (DomainExport, error) {
	b, err := in.moderation.ExportBlocks(ctx)
	return DomainExport{string(b)}, err
}

// AddRelay follows a relay.
func (in *Instance) AddRelay(ctx context.Context, c RelayAdd) (Relay, error) {
	r, err := in.moderation.AddRelay(ctx, 0, c.Inbox, c.Actor)
	return Relay{r.Inbox, r.Actor, r.State, r.CreatedAt}, err
}

// RemoveRelay ends following a relay.
func (in *Instance) RemoveRelay(ctx context.Context, c RelayRemove) error {
	return in.moderation.RemoveRelay(ctx, c.Address)
}

// Relays are all relays.
func (in *Instance) Relays(ctx context.Context) ([]Relay, error) {
	list, err := in.moderation.Relays(ctx)
	out := []Relay{}
	for _, r := range list {
		out = append(out, Relay{r.Inbox, r.Actor, r.State, r.CreatedAt})
	}
	return out, err
}

// Federate turns the two switches about other servers, and says how they are.
func (in *Instance) Federate(ctx context.Context, c FederationSet) (Federation, error) {
	if c.Secure != nil || c.Limited != nil {
		err := in.ChangeSettings(ctx, func(set *domain.Settings) {
			if c.Secure != nil {
				set.SecureMode = *c.Secure
			}
			if c.Limited != nil {
				set.LimitedFederation = *c.Limited
			}
		})
		if err != nil {
			return Federation{}, err
		}
	}
	set, err := in.moderation.Settings(ctx)
	return Federation{Secure: set.SecureMode, Limited: set.LimitedFederation}, err
}

// AccountAlias lets another account move to one here, or no longer.
func (in *Instance) AccountAlias(ctx context.Context, c AccountAlias) (AccountMade, error) {
	a, err := in.member(ctx, c.Name)
	if err != nil {
		return AccountMade{}, err
	}
	if c.Remove {
		err = in.accounts.RemoveAlias(ctx, a.ID, c.Of)
	} else {
		_, err = in.accounts.AddAlias(ctx, a.ID, c.Of)
	}
	return AccountMade{ID: a.ID, Name: a.Username}, err
}

// AccountMove sends the followers of an account to its new one.
func (in *Instance) AccountMove(ctx context.Context, c AccountMove) (AccountMade, error) {
	a, err := in.member(ctx, c.Name)
	if err != nil {
		return AccountMade{}, err
	}
	return AccountMade{ID: a.ID, Name: a.Username}, in.accounts.Move(ctx, a.ID, c.To)
}
