// Package oidc asks one OpenID Connect provider, which the operator named, who
// somebody is. Level 2: oauth and instance may import it. A Provider is safe
// for concurrent use.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"coterie/internal/domain"
	"coterie/internal/fetch"
)

// Config is what must be known of the provider and of us there.
type Config struct {
	Issuer   string // https://…, whose discovery document names the rest
	ClientID string
	Secret   string
	Name     string // on the button; "" for the issuer's host
	Redirect string // our address that answers come to
	Client   *fetch.Client
	Now      func() time.Time
}

// Provider is the provider. It is looked up when first needed, so that a
// community starts while its provider is down.
type Provider struct {
	cfg Config
	mu  sync.Mutex
	met *oidc.Provider // nil before
}

// New makes the Provider.
func New(cfg Config) *Provider {
	if cfg.Name == "" {
		if u, err := url.Parse(cfg.Issuer); err == nil {
			cfg.Name = u.Hostname()
		}
	}
	return &Provider{cfg: cfg}
}

// Name is what people know the provider by.
func (p *Provider) Name() string { return p.cfg.Name }

// Flow is what binds an answer to the browser that was sent away: it is kept
// here and goes nowhere but, in parts, to the provider.
type Flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"` // of PKCE
	Back     string `json:"back"`     // path to go on to
}

// Identity is whom the provider knows.
type Identity struct {
	Issuer, Subject string
	Name            string // a preferred name or an address, for the eyes only
}

func unreachable(err error) error {
	return &domain.Error{Kind: domain.Unavailable, Op: "ask the provider", Msg: "The sign-in service does not answer. Try again later, or sign in another way.", Err: err}
}

func refused(err error) error {
	return &domain.Error{Kind: domain.Unauthenticated, Op: "check the provider's answer", Msg: "The sign-in service did not confirm who you are.", Err: err}
}

// context has the libraries use our client.
func (p *Provider) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.cfg.Client.Library())
}

func (p *Provider) provider(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.met == nil {
		// Keys are fetched later, with this context.
		met, err := oidc.NewProvider(p.context(context.WithoutCancel(ctx)), p.cfg.Issuer)
		if err != nil {
			return nil, nil, unreachable(err)
		}
		p.met = met
	}
	return p.met, &oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: p.cfg.Secret, Endpoint: p.met.Endpoint(), RedirectURL: p.cfg.Redirect,
		Scopes: []string{oidc.ScopeOpenID, "profile"},
	}, nil
}

// Begin is where to send the browser, and what to remember meanwhile.
func (p *Provider) Begin(ctx context.Context, back string) (string, Flow, error) {
	_, cfg, err := p.provider(ctx)
	if err != nil {
		return "", Flow{}, err
	}
	f := Flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: back}
	return cfg.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), f, nil
}

// Finish is who came back with a code and the state of the flow. Whatever does
// not fit is Unauthenticated.
func (p *Provider) Finish(ctx context.Context, f Flow, state, code string) (Identity, error) {
	if code == "" || subtle.ConstantTimeCompare([]byte(state), []byte(f.State)) != 1 {
		return Identity{}, refused(nil)
	}
	met, cfg, err := p.provider(ctx)
	if err != nil {
		return Identity{}, err
	}
	token, err := cfg.Exchange(p.context(ctx), code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return Identity{}, refused(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := met.Verifier(&oidc.Config{ClientID: p.cfg.ClientID, Now: p.cfg.Now}).Verify(p.context(ctx), raw)
	if err != nil {
		return Identity{}, refused(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.Nonce)) != 1 || id.Subject == "" {
		return Identity{}, refused(nil)
	}
	var claims struct {
		Preferred string `json:"preferred_username"`
		Name      string `json:"name"`
	}
	if err := id.Claims(&claims); err != nil {
		return Identity{}, refused(err)
	}
	who := Identity{Issuer: id.Issuer, Subject: id.Subject, Name: shortened(claims.Preferred)}
	if who.Name == "" {
		who.Name = shortened(claims.Name)
	}
	return who, nil
}

// shortened is a name of theirs, fit to be kept and shown.
func shortened(name string) string {
	const most = 60
	name = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), ""))
	if r := []rune(name); len(r) > most {
		name = string(r[:most])
	}
	return name
}
