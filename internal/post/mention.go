package post

import (
	"context"
	"slices"

	"golang.org/x/net/idna"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// wording is a text with the people and tags found in it.
type wording struct {
	text      string // mentions rewritten to the canonical acct (behaviours 8.5)
	mentioned []domain.ID
	tags      []domain.Tag
}

func (w *wording) mentions(account domain.ID) bool { return slices.Contains(w.mentioned, account) }

// read finds whom and what a text names. People are those the store knows;
// who must first be looked up elsewhere stays text.
func (s *Service) read(ctx context.Context, r store.Reader, writer domain.ID, src string) (wording, error) {
	doc := text.Parse(src)
	w := wording{text: src}
	for _, t := range doc.Hashtags() {
		w.tags = append(w.tags, domain.Tag{Name: t.Name, Display: t.Display})
	}
	named := doc.Mentions()
	if len(named) == 0 {
		return w, nil
	}
	found, err := s.addressees(ctx, r, named)
	if err != nil {
		return w, err
	}
	w.text = text.CanonicalMentions(src, func(m text.Mention) (string, bool) {
		a, ok := found[s.addressee(m)]
		return shownAcct(&a), ok
	})
	for _, m := range named {
		if a, ok := found[s.addressee(m)]; ok && !slices.Contains(w.mentioned, a.ID) {
			w.mentioned = append(w.mentioned, a.ID)
		}
	}
	if len(w.mentioned) == 0 {
		return w, nil
	}
	shunned, err := r.Shunned(ctx, writer, w.mentioned)
	w.mentioned = slices.DeleteFunc(w.mentioned, func(id domain.ID) bool { return slices.Contains(shunned, id) })
	return w, err
}

// address is how the store finds an account: lower-case name and ASCII
// domain, "" for this community.
type address struct{ name, domain string }

func (s *Service) addressee(m text.Mention) address {
	a := address{name: domain.NameKey(m.User), domain: text.NormalizeDomain(m.Domain)}
	if s.hosts[a.domain] {
		a.domain = ""
	} else if ascii, err := idna.Lookup.ToASCII(a.domain); err == nil {
		a.domain = ascii
	}
	return a
}

func (s *Service) addressees(ctx context.Context, r store.Reader, named []text.Mention) (map[address]domain.Account, error) {
	var names, domains []string
	for _, m := range named {
		a := s.addressee(m)
		names, domains = append(names, a.name), append(domains, a.domain)
	}
	list, err := r.Addressees(ctx, names, domains)
	found := make(map[address]domain.Account, len(list))
	for _, a := range list {
		found[address{domain.NameKey(a.Username), a.Domain}] = a
	}
	return found, err
}

// shownAcct is the acct as people read it (behaviours 7.1).
func shownAcct(a *domain.Account) string {
	if a.Local() {
		return a.Username
	}
	return a.Username + "@" + text.NormalizeDomain(a.Domain)
}

// UnexpectedMentions says that a post names people that the client did not
// mean (behaviours 2.9). It is an Invalid error.
type UnexpectedMentions struct{ Accounts []domain.ID }

var errUnexpected = domain.Errorf(domain.Invalid, "Post would be sent to unexpected accounts")

func (e *UnexpectedMentions) Error() string { return errUnexpected.Error() }

func (e *UnexpectedMentions) Unwrap() error { return errUnexpected }

// expect checks the mentions against those the client allows; nil allows any.
func expect(mentioned, allowed []domain.ID) error {
	if allowed == nil {
		return nil
	}
	var odd []domain.ID
	for _, id := range mentioned {
		if !slices.Contains(allowed, id) {
			odd = append(odd, id)
		}
	}
	if len(odd) == 0 {
		return nil
	}
	return &UnexpectedMentions{Accounts: odd}
}
