package remote

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
)

const (
	subscribePerHost = 60 // questions for a template, of one registrable domain in a window
	subscribeTime    = 15 * time.Second
	maxNamed         = 320 // bytes of what somebody types
	interactionPath  = "/authorize_interaction?uri={uri}"
)

var (
	errNamed     = domain.Errorf(domain.Invalid, "This is neither a server nor a handle")
	errSubscribe = domain.Errorf(domain.NotFound, "That server does not say how its people follow others")
)

// Home is the server of somebody who has no account here.
type Home struct {
	Named    string // what was typed in its shortest form: name@host or host
	Template string // address on that server with {uri} for what it is about
}

// SubscribeTemplate finds out where somebody goes on at their own server, by
// their handle or the server's name alone. The address is on the host that was
// named, or on that of the actor whom its WebFinger names; https wherever ours
// is. A server that says nothing but is of a kind whose path is known gets
// that path. Kinds: Invalid for what is neither handle nor server, NotFound
// where nobody says, Forbidden for a refused host, Unavailable, RateLimited.
func (s *Service) SubscribeTemplate(ctx context.Context, named string) (Home, error) {
	user, host, err := s.homeNamed(named)
	if err != nil {
		return Home{}, err
	}
	h := Home{Named: host}
	if user != "" {
		h.Named = user + "@" + host
	}
	if s.ours(host) {
		h.Template = s.URLs.Base + interactionPath
		return h, nil
	}
	if !s.limits.take("templates of "+registrable(host), subscribePerHost, window) {
		return Home{}, errBudget
	}
	ctx, cancel := context.WithTimeout(ctx, subscribeTime)
	defer cancel()
	f, err := s.homeFinger(ctx, user, host)
	if domain.Is(err, domain.Unavailable) && fetch.StatusOf(err) == 0 {
		return Home{}, err
	}
	if err == nil && s.leadsHome(f.Subscribe, host, apub.Host(f.Self)) {
		h.Template = f.Subscribe
		return h, nil
	}
	h.Template, err = s.knownTemplate(ctx, host)
	return h, err
}

// homeNamed reads what people type: name@host, @name@host, acct:name@host, a
// host, or the address of a profile or of a server.
func (s *Service) homeNamed(named string) (user, host string, err error) {
	named = strings.TrimSpace(named)
	if named == "" || len(named) > maxNamed {
		return "", "", errNamed
	}
	if strings.HasPrefix(named, "https://") || strings.HasPrefix(named, "http://") {
		u, err := fetch.ParseURL(named)
		if err != nil {
			return "", "", errNamed
		}
		host = u.Host
		if name, ok := strings.CutPrefix(u.Path, "/@"); ok && !strings.ContainsAny(name, "/@") {
			user = name
		}
	} else {
		handle := strings.TrimPrefix(strings.TrimPrefix(named, "acct:"), "@")
		if user, host = splitHandle(handle); user == handle {
			user, host = "", handle
		}
	}
	if len(user) > apub.MaxUsername || strings.ContainsAny(user, "@/?# <>\"'") {
		return "", "", errNamed
	}
	if host, err = s.canonical(host); err != nil {
		return "", "", errNamed
	}
	return user, host, nil
}

// homeFinger asks the host about the handle, or about itself.
func (s *Service) homeFinger(ctx context.Context, user, host string) (*apub.Finger, error) {
	if user != "" {
		return s.finger(ctx, user, host)
	}
	base := s.scheme() + "://" + host
	if err := s.limits.paused("host " + host); err != nil {
		return nil, fmt.Errorf("ask %s about itself: %w", host, err)
	}
	return s.fingerAt(ctx, base+"/.well-known/webfinger?resource="+url.QueryEscape(base))
}

// leadsHome reports whether a template is an address on one of the hosts,
// whatever {uri} becomes, and not less safe than ours.
func (s *Service) leadsHome(template string, hosts ...string) bool {
	at := strings.Index(template, "{uri}")
	if at < 0 {
		return false
	}
	u, err := fetch.ParseURL(strings.ReplaceAll(template, "{uri}", "x"))
	if err != nil || strings.Count(template[:at], "/") < 3 || u.Scheme != "https" && u.Scheme != s.scheme() || s.refused(u.Host) {
		return false
	}
	for _, h := range hosts {
		if h != "" && u.Host == h {
			return true
		}
	}
	return false
}

// knownTemplate is the path of a server whose software has it, by its NodeInfo.
// Others would answer that nothing is there.
func (s *Service) knownTemplate(ctx context.Context, host string) (string, error) {
	base := s.scheme() + "://" + host
	body, err := s.wellKnown(ctx, base+"/.well-known/nodeinfo", "application/json")
	if err != nil {
		return "", fmt.Errorf("ask %s what it is: %w", host, err)
	}
	links, err := apub.ParseNodeLinks(body)
	if err != nil || apub.Host(links.NodeInfo) != host {
		return "", errSubscribe
	}
	if body, err = s.wellKnown(ctx, links.NodeInfo, "application/json"); err != nil {
		return "", fmt.Errorf("ask %s what it is: %w", host, err)
	}
	n, err := apub.ParseNodeInfo(body)
	if err != nil {
		return "", errSubscribe
	}
	switch strings.ToLower(n.Software) {
	case "coterie", "mastodon", "hometown", "fedibird":
		return base + interactionPath, nil
	}
	return "", errSubscribe
}
