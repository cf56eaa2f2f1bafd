package fedhttp

import (
	"mime"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

const (
	jrd         = "application/jrd+json; charset=utf-8"
	xrd         = "application/xrd+xml; charset=utf-8"
	maxResource = 2048 // bytes
)

var errResource = domain.Errorf(domain.BadRequest, "The resource must be acct:name@domain or an address of an account here")

// subject is whom a WebFinger resource names.
type subject struct {
	name     string // "" for the community's own actor
	instance bool
}

// parseResource reads a resource (facts 1): acct:name@host, with or without
// its scheme, an actor id or the address of a profile. What cannot be read is
// BadRequest, what is not of here ErrNotFound.
func (s *Server) parseResource(resource string) (subject, error) {
	if resource == "" || len(resource) > maxResource || strings.ContainsFunc(resource, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		return subject{}, errResource
	}
	if strings.HasPrefix(resource, "https://") || strings.HasPrefix(resource, "http://") {
		return s.parseAddress(resource)
	}
	if len(resource) > 5 && strings.EqualFold(resource[:5], "acct:") {
		resource = resource[5:]
	}
	name, host, ok := strings.Cut(strings.TrimPrefix(resource, "@"), "@")
	instance := strings.EqualFold(name, s.URLs.Host) // which may have a port
	if !ok || name == "" || host == "" || strings.ContainsAny(host, "@/?#") || !instance && strings.ContainsAny(name, ":/") {
		return subject{}, errResource
	}
	if !slices.Contains(s.Domains, strings.ToLower(host)) {
		return subject{}, domain.ErrNotFound
	}
	if instance {
		name = ""
	}
	return subject{name: name, instance: instance}, nil
}

// parseAddress reads an address of ours; that of the whole server is the
// community's own.
func (s *Server) parseAddress(address string) (subject, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return subject{}, errResource
	}
	u.Host = strings.ToLower(u.Host)
	u.RawQuery, u.Fragment = "", ""
	address = strings.TrimSuffix(u.String(), "/")
	if address == s.URLs.Base {
		return subject{instance: true}, nil
	}
	l, ok := s.URLs.Parse(address)
	if !ok || l.Status != 0 || l.Part != "" {
		return subject{}, domain.ErrNotFound
	}
	return subject{name: l.Username, instance: l.Username == ""}, nil
}

// webfinger is /.well-known/webfinger (RFC 7033).
func (s *Server) webfinger(r *httpkit.Request) (any, error) {
	resource, _ := r.Params.String("resource")
	who, err := s.parseResource(resource)
	if err != nil {
		return nil, err
	}
	if who.instance {
		actor := s.URLs.InstanceActor()
		doc := apub.FingerDoc{Subject: s.URLs.Host + "@" + s.URLs.Host, Aliases: []string{actor}, Actor: actor, Profile: s.URLs.Base + "/about", Subscribe: s.subscribe()}
		return httpkit.Content{Type: jrd, Body: doc.Encode()}, nil
	}
	a, err := s.account(r.Context(), who.name)
	if err != nil {
		return nil, err
	}
	actor, profile := s.URLs.ActorURI(&a), s.URLs.Profile(&a)
	doc := apub.FingerDoc{
		Subject: a.Username + "@" + s.URLs.Host, Aliases: []string{profile, actor}, Actor: actor, Profile: profile,
		Subscribe: s.subscribe(), Intents: s.intents(),
	}
	if path := a.AvatarPath(false); path != "" {
		doc.Avatar = &apub.Image{URL: s.URLs.Base + path, MediaType: mime.TypeByExtension(filepath.Ext(path))}
	}
	return httpkit.Content{Type: jrd, Body: doc.Encode()}, nil
}

// intents are where people here act on what they found elsewhere (FEP-3b86).
func (s *Server) intents() []apub.Intent {
	act := s.URLs.Base + "/authorize_interaction?uri={object}"
	return []apub.Intent{
		{Activity: "Create", Template: s.URLs.Base + "/share?text={content}"},
		{Activity: "Follow", Template: act},
		{Activity: "Like", Template: act},
		{Activity: "Announce", Template: act},
		{Activity: "Object", Template: act},
	}
}

// subscribe is the address template of the page where people here act on what
// they found elsewhere.
func (s *Server) subscribe() string { return s.URLs.Base + "/authorize_interaction?uri={uri}" }

// lrdd is the address template of our WebFinger.
func (s *Server) lrdd() string { return s.URLs.Base + "/.well-known/webfinger?resource={uri}" }

func (s *Server) hostMeta(*httpkit.Request) (any, error) {
	return httpkit.Content{Type: xrd, Body: apub.HostMeta(s.lrdd())}, nil
}

func (s *Server) hostMetaJSON(*httpkit.Request) (any, error) {
	return httpkit.Content{Type: "application/json; charset=utf-8", Body: apub.HostMetaJSON(s.lrdd())}, nil
}
