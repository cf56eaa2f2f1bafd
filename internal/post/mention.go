package post

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/net/idna"
	"golang.org/x/sync/errgroup"

	"coterie/internal/domain"
	"coterie/internal/remote"
	"coterie/internal/store"
	"coterie/internal/text"
)

// wording is a text with the people and tags found in it.
type wording struct {
	text        string // mentions rewritten to the canonical acct (behaviours 8.5)
	mentioned   []domain.ID
	tags        []domain.Tag
	collections []domain.ID // those it links to
}

func (w *wording) mentions(account domain.ID) bool { return slices.Contains(w.mentioned, account) }

// Bounds of looking up whom a post names.
const (
	meetAtMost = 20
	meetAtOnce = 8
	meetWithin = 8 * time.Second
)

// meet looks up elsewhere whom a text names and the store does not know, so
// that read finds them. Who cannot be found now stays text.
func (s *Service) meet(ctx context.Context, src string) error {
	var strangers []text.Mention
	for _, m := range text.Parse(src).Mentions() {
		if m.Domain != "" && s.addressee(m).domain != "" {
			strangers = append(strangers, m)
		}
	}
	if len(strangers) == 0 || s.remote == nil {
		return nil
	}
	known, err := s.addressees(ctx, s.st.Reader(), strangers)
	if err != nil {
		return fmt.Errorf("find whom the text names: %w", err)
	}
	ctx, cancel := context.WithTimeout(remote.WithBudget(ctx, meetAtMost), meetWithin)
	defer cancel()
	var g errgroup.Group
	g.SetLimit(meetAtOnce)
	for _, m := range strangers {
		a := s.addressee(m)
		if _, ok := known[a]; ok {
			continue
		}
		g.Go(func() error {
			if _, err := s.remote.ByHandle(ctx, a.name, a.domain); err != nil {
				s.log.DebugContext(ctx, "whom a post names was not found", "handle", a.name+"@"+a.domain, "err", err)
			}
			return nil
		})
	}
	return g.Wait()
}

// read finds whom and what a text names. People are those the store knows,
// after meet; others stay text.
func (s *Service) read(ctx context.Context, r store.Reader, writer domain.ID, doc text.Doc) (wording, error) {
	w := wording{text: doc.Src}
	for _, t := range doc.Hashtags() {
		w.tags = append(w.tags, domain.Tag{Name: t.Name, Display: t.Display})
	}
	var err error
	if links := doc.Links(); len(links) > 0 && s.remote != nil {
		if w.collections, err = s.remote.KnownCollections(ctx, r, links); err != nil {
			return w, err
		}
	}
	named := doc.Mentions()
	if len(named) == 0 {
		return w, nil
	}
	found, err := s.addressees(ctx, r, named)
	if err != nil {
		return w, err
	}
	w.text = doc.CanonicalMentions(func(m text.Mention) (string, bool) {
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
