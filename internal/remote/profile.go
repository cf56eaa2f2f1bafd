package remote

import (
	"context"
	"fmt"
	"strings"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/text"
)

// SaveActor stores what a verified Update says of an actor. Keys are taken
// from the actor's own address only (SEC-11): where the update names others
// than are known, and where nothing is known, that is asked instead.
func (s *Service) SaveActor(ctx context.Context, a *apub.Actor) (domain.Account, error) {
	known, err := s.Store.Reader().AccountByURI(ctx, a.ID)
	if domain.Is(err, domain.NotFound) {
		return s.Actor(ctx, a.ID)
	}
	if err != nil {
		return known, err
	}
	have, err := s.Store.Reader().ActorKeys(ctx, known.ID)
	if err != nil {
		return known, fmt.Errorf("read the keys of %s: %w", a.ID, err)
	}
	if !sameKeys(have, usableKeys(a)) {
		return s.Refresh(ctx, a.ID)
	}
	return s.save(ctx, a)
}

// portrait is an actor in our terms, ready to be stored.
type portrait struct {
	doc     *apub.Actor
	account domain.Account
	actor   domain.Actor
	keys    []domain.ActorKey
	emojis  []domain.Emoji
	limited bool // by the policy of its domain
}

// save stores an actor that its own server described, with the handle that
// WebFinger confirms.
func (s *Service) save(ctx context.Context, a *apub.Actor) (domain.Account, error) {
	if err := a.Check(); err != nil {
		return domain.Account{}, &domain.Error{Kind: domain.Invalid, Op: "read the account " + a.ID, Msg: "The other server describes an account that cannot be used", Err: err}
	}
	if err := s.mayAsk(a.ID); err != nil {
		return domain.Account{}, err
	}
	known, err := s.Store.Reader().AccountByURI(ctx, a.ID)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return known, err
	}
	if known.SuspendedBy&domain.ByErasure != 0 {
		return known, errGone
	}
	user, host, err := s.nameOf(ctx, &known, a)
	if err != nil {
		return domain.Account{}, fmt.Errorf("find the handle of %s: %w", a.ID, err)
	}
	if s.refused(host) {
		return domain.Account{}, errRefusedHost
	}
	p := s.portray(a, user, host)
	out, err := s.keep(ctx, p)
	if domain.Is(err, domain.Conflict) { // another process stored it just now
		out, err = s.keep(ctx, p)
	}
	if err != nil {
		return out, fmt.Errorf("store the account %s: %w", a.ID, err)
	}
	return out, nil
}

// nameOf is the handle of an actor. One that is known keeps its own unless
// another one is claimed and confirmed.
func (s *Service) nameOf(ctx context.Context, known *domain.Account, a *apub.Actor) (user, host string, err error) {
	if known.ID != 0 {
		claim, _ := a.Handle()
		if a.Webfinger == "" && strings.EqualFold(claim, known.Username) || strings.EqualFold(a.Webfinger, known.Acct()) {
			return known.Username, known.Domain, nil
		}
	}
	user, host, err = s.handle(ctx, a)
	if err != nil && known.ID != 0 {
		s.Log.InfoContext(ctx, "an account claims a handle that is not its own", "actor", a.ID, "err", err)
		return known.Username, known.Domain, nil
	}
	return user, host, err
}

// portray puts an actor in our terms (facts 9).
func (s *Service) portray(a *apub.Actor, user, host string) *portrait {
	own := apub.Host(a.ID)
	rules := [...]domain.DomainPolicy{s.Policy(own), s.Policy(host)}
	p := &portrait{doc: a, keys: usableKeys(a)}
	media := true
	for _, rule := range rules {
		p.limited = p.limited || rule.Severity == domain.SeverityLimit
		media = media && !rule.RejectMedia
	}
	hidden := func(show *bool) bool { return show != nil && !*show }
	p.account = domain.Account{
		Username: user, Domain: host, URI: a.ID, DisplayName: a.Name, NoteHTML: bio(a.Summary), Fields: fields(a),
		Locked: a.Locked, Bot: a.Bot(), Group: a.Type == "Group", Discoverable: a.Discoverable, Indexable: a.Indexable, Memorial: a.Memorial,
		HideMedia: hidden(a.ShowMedia), HideMediaReplies: hidden(a.ShowRepliesInMedia), HideFeatured: hidden(a.ShowFeatured),
		AttributionDomains: a.AttributionDomains, CreatedAt: a.Published,
	}
	if a.URL != a.ID {
		p.account.URL = a.URL
	}
	if now := s.Now(); p.account.CreatedAt.After(now) || p.account.CreatedAt.Year() < 1970 {
		p.account.CreatedAt = now
	}
	p.actor = domain.Actor{
		Host: own, Inbox: a.Inbox, SharedInbox: a.SharedInbox, Outbox: a.Outbox, Followers: a.Followers, Following: a.Following,
		Featured: a.Featured.ID, FeaturedTags: a.FeaturedTags, AlsoKnownAs: a.AlsoKnownAs, Suspended: a.Suspended,
		Features: features(a),
	}
	if inward(a.SharedInbox, a.ID) {
		p.actor.SharedInbox = ""
	}
	if !media {
		return p
	}
	if a.Icon != nil && s.takesMedia(a.Icon.URL) && !inward(a.Icon.URL, a.ID) {
		p.actor.Avatar = a.Icon.URL
	}
	if a.Image != nil && s.takesMedia(a.Image.URL) && !inward(a.Image.URL, a.ID) {
		p.actor.Header = a.Image.URL
	}
	for _, e := range a.Emojis {
		if text.ValidShortcode(e.Shortcode) && e.URL != "" && s.takesMedia(e.URL) {
			p.emojis = append(p.emojis, domain.Emoji{Shortcode: e.Shortcode, Domain: host, URI: e.ID, URL: e.URL, StaticURL: e.URL, UpdatedAt: e.Updated})
		}
	}
	return p
}

// bio is a summary as it is shown; plain text keeps its lines.
func bio(summary string) string {
	if !strings.Contains(summary, "<") {
		summary = strings.ReplaceAll(summary, "\n", "<br>")
	}
	return text.Sanitize(summary)
}

func fields(a *apub.Actor) []domain.Field {
	var out []domain.Field
	for _, f := range a.Fields {
		out = append(out, domain.Field{Name: f.Name, Value: text.Sanitize(f.Value)})
	}
	return out
}

// keep writes a portrait in one transaction.
func (s *Service) keep(ctx context.Context, p *portrait) (out domain.Account, err error) {
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.AccountByURI(ctx, p.doc.ID)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return err
		}
		if known.ID != 0 && p.doc.Bare() {
			out, err = known, s.keepBare(ctx, tx, &known, p)
			return err
		}
		if err := free(ctx, tx, &p.account); err != nil {
			return fmt.Errorf("take the handle from another: %w", err)
		}
		if err := s.keepAccount(ctx, tx, &known, p); err != nil {
			return err
		}
		actor := p.actor
		actor.Account = known.ID
		if err := tx.SaveActor(actor); err != nil {
			return fmt.Errorf("store how to reach it: %w", err)
		}
		if err := tx.SaveEmojis(p.emojis); err != nil {
			return fmt.Errorf("store its emojis: %w", err)
		}
		if err := s.keepKeys(ctx, tx, known.ID, p.keys); err != nil {
			return err
		}
		out, err = tx.Account(ctx, known.ID)
		return err
	})
	return out, err
}

// free takes the handle away from another actor that has it: WebFinger says
// that it is not that one's any more.
func free(ctx context.Context, tx *store.Tx, a *domain.Account) error {
	holder, err := tx.AccountByName(ctx, a.Username, a.Domain)
	if domain.Is(err, domain.NotFound) || err == nil && holder.URI == a.URI {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.LoseHandle(holder.ID)
}

// keepAccount writes the profile, known.ID then being its row.
func (s *Service) keepAccount(ctx context.Context, tx *store.Tx, known *domain.Account, p *portrait) error {
	a := p.account
	a.Fields = verified(a.Fields, known.Fields)
	a.HideCollections = known.HideCollections
	if known.ID == 0 {
		if err := tx.InsertAccount(&a); err != nil {
			return err
		}
	} else {
		a.ID = known.ID
		if err := tx.UpdateProfile(&a); err != nil {
			return err
		}
	}
	if !sameClaims(a.Fields, known.Fields) {
		if err := WantVerified(tx, &a); err != nil {
			return err
		}
	}
	known.ID = a.ID
	if err := s.keepMove(ctx, tx, &a, p.doc.MovedTo); err != nil {
		return err
	}
	if err := tx.UpdateRemote(&a); err != nil {
		return err
	}
	return judge(tx, known, p)
}

// verified keeps what was found out about fields that are still the same; a
// claim of the other server is worth nothing.
func verified(fields, known []domain.Field) []domain.Field {
	for i := range fields {
		for _, k := range known {
			if k.Name == fields[i].Name && k.Value == fields[i].Value {
				fields[i].VerifiedAt = k.VerifiedAt
			}
		}
	}
	return fields
}

// keepMove notes where an account has moved; a target that is not known here
// is looked up afterwards.
func (s *Service) keepMove(ctx context.Context, tx *store.Tx, a *domain.Account, target string) error {
	if target == "" || target == a.URI {
		return nil
	}
	to, err := s.Known(ctx, tx.Reader, target)
	if domain.Is(err, domain.NotFound) {
		_, err = job.Enqueue(tx, domain.JobMovedTo, domain.MovedTo{Account: a.ID, URI: target}, job.Unique(a.ID.String()), job.Priority(domain.PriorityLow))
		return err
	}
	a.MovedTo = to.ID
	return err
}

// judge suspends and limits an account in the name of its server and its
// domain, or takes that back.
func judge(tx *store.Tx, known *domain.Account, p *portrait) error {
	steps := []struct {
		want bool
		have domain.Authority
		by   domain.Authority
		do   func(domain.ID, domain.Authority) error
		undo func(domain.ID, domain.Authority) error
	}{
		{p.doc.Suspended, known.SuspendedBy, domain.ByOrigin, tx.Suspend, tx.Unsuspend},
		{p.limited, known.SilencedBy, domain.ByDomain, tx.Silence, tx.Unsilence},
	}
	for _, step := range steps {
		have := step.have&step.by != 0
		var err error
		switch {
		case step.want && !have:
			err = step.do(known.ID, step.by)
		case !step.want && have:
			err = step.undo(known.ID, step.by)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keepBare takes from a stub only how to reach the actor and its keys.
func (s *Service) keepBare(ctx context.Context, tx *store.Tx, known *domain.Account, p *portrait) error {
	actor, err := tx.Actor(ctx, known.ID)
	if err != nil {
		return err
	}
	actor.Inbox = p.actor.Inbox
	if err := tx.SaveActor(actor); err != nil {
		return err
	}
	return s.keepKeys(ctx, tx, known.ID, p.keys)
}
