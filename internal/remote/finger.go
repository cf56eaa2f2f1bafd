package remote

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
)

const maxFinger = 64 << 10 // bytes of a WebFinger answer

var errHandle = domain.Errorf(domain.Invalid, "The account's handle does not lead back to it")

// canonical is the one form of a handle's host, port included where it is not
// the usual one.
func (s *Service) canonical(host string) (string, error) {
	u, err := fetch.ParseURL(s.scheme() + "://" + host)
	if err != nil {
		return "", err
	}
	if u.Path != "/" || u.RawQuery != "" {
		return "", domain.Errorf(domain.Invalid, "This is no host")
	}
	return u.Host, nil
}

// finger asks a host who has a handle: by WebFinger, or where host-meta says
// that it is answered (facts 1).
func (s *Service) finger(ctx context.Context, user, host string) (*apub.Finger, error) {
	base := s.scheme() + "://" + host
	if err := s.mayAsk(base); err != nil {
		return nil, fmt.Errorf("ask %s for %s: %w", host, user, err)
	}
	if err := s.limits.paused("host " + host); err != nil {
		return nil, fmt.Errorf("ask %s for %s: %w", host, user, err)
	}
	resource := url.QueryEscape("acct:" + user + "@" + host)
	f, err := s.fingerAt(ctx, base+"/.well-known/webfinger?resource="+resource)
	if err == nil || domain.Is(err, domain.Gone) || domain.Is(err, domain.Forbidden) || domain.Is(err, domain.Unavailable) && fetch.StatusOf(err) == 0 {
		return f, wrapFinger(user, host, err)
	}
	template, err2 := s.hostMeta(ctx, base)
	if err2 != nil {
		return nil, wrapFinger(user, host, err)
	}
	f, err = s.fingerAt(ctx, strings.ReplaceAll(template, "{uri}", resource))
	return f, wrapFinger(user, host, err)
}

func wrapFinger(user, host string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("ask %s for %s: %w", host, user, err)
}

// fingerAt makes the request. Its address is one that we made up or a
// template of the host, so the media type says nothing more.
func (s *Service) fingerAt(ctx context.Context, address string) (*apub.Finger, error) {
	body, err := s.wellKnown(ctx, address, "application/jrd+json, application/json")
	if err != nil {
		return nil, err
	}
	f, err := apub.ParseFinger(body)
	if err != nil {
		return nil, &domain.Error{Kind: domain.NotFound, Op: "read " + address, Msg: "There is no such account", Err: err}
	}
	return f, nil
}

func (s *Service) hostMeta(ctx context.Context, base string) (template string, err error) {
	body, err := s.wellKnown(ctx, base+"/.well-known/host-meta", "application/xrd+xml, application/xml")
	if err != nil {
		return "", err
	}
	return apub.ParseHostMeta(body)
}

// wellKnown fetches what servers show to everybody, unsigned.
func (s *Service) wellKnown(ctx context.Context, address, accept string) ([]byte, error) {
	if err := s.mayAsk(address); err != nil {
		return nil, err
	}
	res, err := s.Client.Get(ctx, address, fetch.Options{Accept: accept, MaxBytes: maxFinger})
	if err != nil {
		return nil, s.failed(apub.Host(address), err)
	}
	if s.refused(res.URL.Host) {
		return nil, errRefusedHost
	}
	return res.Body, nil
}

// handle is the user@host of an actor as WebFinger confirms it: what the
// actor claims must lead back to its id, at the host it claims or, once, at
// the host that one names (facts 1).
func (s *Service) handle(ctx context.Context, a *apub.Actor) (user, host string, err error) {
	user, claimed := a.Handle()
	f, err := s.fingerHandle(ctx, user, claimed)
	if err != nil {
		return "", "", err
	}
	subject := f.Subject
	if strings.EqualFold(subject, user+"@"+claimed) {
		return s.confirmed(a, f)
	}
	if a.Webfinger != "" {
		return "", "", fmt.Errorf("the handle %s of %s: %w", a.Webfinger, a.ID, errHandle)
	}
	user, claimed = splitHandle(subject)
	if f, err = s.fingerHandle(ctx, user, claimed); err != nil {
		return "", "", err
	}
	if !strings.EqualFold(f.Subject, subject) {
		return "", "", fmt.Errorf("the handle %s of %s: %w", subject, a.ID, errHandle)
	}
	return s.confirmed(a, f)
}

func (s *Service) fingerHandle(ctx context.Context, user, host string) (*apub.Finger, error) {
	host, err := s.canonical(host)
	if err != nil {
		return nil, err
	}
	return s.finger(ctx, user, host)
}

// confirmed takes the spelling of the handle's own host.
func (s *Service) confirmed(a *apub.Actor, f *apub.Finger) (user, host string, err error) {
	user, host = splitHandle(f.Subject)
	if f.Self != a.ID || user == "" || len(user) > apub.MaxUsername || strings.ContainsAny(user, "@/ <>\"'") {
		return "", "", fmt.Errorf("the handle %s of %s: %w", f.Subject, a.ID, errHandle)
	}
	if host, err = s.canonical(host); err == nil && s.ours(host) {
		err = errOurs
	}
	return user, host, err
}

func splitHandle(handle string) (user, host string) {
	i := strings.LastIndexByte(handle, '@')
	if i < 0 {
		return handle, ""
	}
	return handle[:i], handle[i+1:]
}
