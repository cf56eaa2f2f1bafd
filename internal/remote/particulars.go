package remote

import (
	"context"
	"mime"
	"path"
	"slices"
	"strings"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// particulars are the rows from which statuses or profiles are described.
type particulars struct {
	urls        domain.URLs
	now         time.Time
	accounts    map[domain.ID]*domain.Account
	others      map[domain.ID]*domain.Status // parents and quoted ones
	mentions    map[domain.ID][]domain.Mention
	tags        map[domain.ID][]domain.Tag
	collections map[domain.ID][]string // addresses of those linked to
	attachments map[domain.ID][]domain.Attachment
	polls       map[domain.ID]*domain.Poll
	quotes      map[domain.ID]*domain.Quote
	approvals   map[domain.ID]string    // addresses, by the answer they are for
	emojis      map[string]domain.Emoji // of ours, by shortcode
	// groupFollowers are the followers collections of mentioned groups, whom
	// a post to the group also goes to (facts 8).
	groupFollowers map[domain.ID]string
}

// gather reads what hangs on the statuses.
func (s *Service) gather(ctx context.Context, list []domain.Status) (*particulars, error) {
	r := s.Store.Reader()
	p := &particulars{
		urls: s.URLs, now: s.Now(),
		accounts: map[domain.ID]*domain.Account{}, others: map[domain.ID]*domain.Status{},
		mentions: map[domain.ID][]domain.Mention{}, tags: map[domain.ID][]domain.Tag{}, collections: map[domain.ID][]string{},
		attachments: map[domain.ID][]domain.Attachment{}, polls: map[domain.ID]*domain.Poll{},
		quotes: map[domain.ID]*domain.Quote{}, approvals: map[domain.ID]string{}, groupFollowers: map[domain.ID]string{},
	}
	var ids, others, polls, answers []domain.ID
	for i := range list {
		st := &list[i]
		ids = append(ids, st.ID)
		others = append(others, st.InReplyTo, st.Quote)
		polls = append(polls, st.Poll)
		if st.InReplyTo != 0 && st.InReplyToAccount != st.Account {
			answers = append(answers, st.ID)
		}
	}
	steps := []func() error{
		func() error { return p.loadRows(ctx, r, ids) },
		func() error { return p.loadCollections(ctx, r, ids) },
		func() error { return p.loadPolls(ctx, r, polls) },
		func() error { return p.loadApprovals(ctx, r, answers) },
		func() error { return p.loadOthers(ctx, r, others) },
		func() error { return p.loadAccounts(ctx, r, list) },
		func() error { return p.loadEmojis(ctx, r, p.wordsOf(list)) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *particulars) loadRows(ctx context.Context, r store.Reader, ids []domain.ID) error {
	mentions, err := r.Mentions(ctx, ids)
	if err != nil {
		return err
	}
	for _, m := range mentions {
		p.mentions[m.Status] = append(p.mentions[m.Status], m)
	}
	tags, err := r.StatusTags(ctx, ids)
	if err != nil {
		return err
	}
	for _, t := range tags {
		p.tags[t.Status] = append(p.tags[t.Status], t.Tag)
	}
	attachments, err := r.Attachments(ctx, ids)
	if err != nil {
		return err
	}
	for _, a := range attachments {
		p.attachments[a.Status] = append(p.attachments[a.Status], a)
	}
	quotes, err := r.Quotes(ctx, ids)
	for i := range quotes {
		p.quotes[quotes[i].Status] = &quotes[i]
	}
	return err
}

func (p *particulars) loadCollections(ctx context.Context, r store.Reader, statuses []domain.ID) error {
	tagged, err := r.TaggedCollections(ctx, statuses)
	if err != nil || len(tagged) == 0 {
		return err
	}
	var ids, owners []domain.ID
	for _, t := range tagged {
		ids = append(ids, t.Collection)
	}
	list, err := r.CollectionsByID(ctx, 0, ids)
	if err != nil {
		return err
	}
	for i := range list {
		owners = append(owners, list[i].Account)
	}
	accounts, err := r.Accounts(ctx, owners)
	if err != nil {
		return err
	}
	uris := map[domain.ID]string{}
	for i := range list {
		if n := slices.IndexFunc(accounts, func(a domain.Account) bool { return a.ID == list[i].Account }); n >= 0 {
			uris[list[i].ID] = p.urls.Collection(&accounts[n], &list[i])
		}
	}
	for _, t := range tagged {
		if uri := uris[t.Collection]; uri != "" {
			p.collections[t.Status] = append(p.collections[t.Status], uri)
		}
	}
	return nil
}

func (p *particulars) loadPolls(ctx context.Context, r store.Reader, ids []domain.ID) error {
	if ids = distinct(ids); len(ids) == 0 {
		return nil
	}
	polls, err := r.Polls(ctx, ids)
	for i := range polls {
		p.polls[polls[i].ID] = &polls[i]
	}
	return err
}

func (p *particulars) loadApprovals(ctx context.Context, r store.Reader, answers []domain.ID) error {
	if len(answers) == 0 {
		return nil
	}
	list, err := r.ReplyApprovals(ctx, answers)
	for _, a := range list {
		p.approvals[a.Status] = a.URI
	}
	return err
}

func (p *particulars) loadOthers(ctx context.Context, r store.Reader, ids []domain.ID) error {
	for _, q := range p.quotes {
		ids = append(ids, q.Quoted)
	}
	if ids = distinct(ids); len(ids) == 0 {
		return nil
	}
	others, err := r.PageTexts(ctx, ids)
	for i := range others {
		p.others[others[i].ID] = &others[i]
	}
	return err
}

// loadAccounts reads everybody that the other rows name.
func (p *particulars) loadAccounts(ctx context.Context, r store.Reader, list []domain.Status) error {
	var ids []domain.ID
	for i := range list {
		ids = append(ids, list[i].Account)
	}
	for _, o := range p.others {
		ids = append(ids, o.Account)
	}
	for _, q := range p.quotes {
		ids = append(ids, q.QuotedAccount)
	}
	for _, ms := range p.mentions {
		for _, m := range ms {
			ids = append(ids, m.Account)
		}
	}
	accounts, err := r.Accounts(ctx, distinct(ids))
	if err != nil {
		return err
	}
	var groups []domain.ID
	for i := range accounts {
		a := &accounts[i]
		p.accounts[a.ID] = a
		if a.Group && !a.Local() {
			groups = append(groups, a.ID)
		}
	}
	if len(groups) == 0 {
		return nil
	}
	actors, err := r.Actors(ctx, groups)
	for _, a := range actors {
		p.groupFollowers[a.Account] = a.Followers
	}
	return err
}

// distinct sorts ids and drops 0 and repeats.
func distinct(ids []domain.ID) []domain.ID {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	return slices.DeleteFunc(ids, func(id domain.ID) bool { return id == 0 })
}

func (p *particulars) wordsOf(list []domain.Status) []string {
	var texts []string
	for i := range list {
		texts = append(texts, list[i].Spoiler, list[i].Text)
	}
	for _, poll := range p.polls {
		for _, o := range poll.Options {
			texts = append(texts, o.Title)
		}
	}
	return texts
}

// loadEmojis reads the custom emoji of ours that the texts name.
func (p *particulars) loadEmojis(ctx context.Context, r store.Reader, texts []string) error {
	codes := text.Emojis(texts...)
	if len(codes) == 0 {
		return nil
	}
	emojis, err := r.Emojis(ctx, []string{""}, codes)
	p.emojis = make(map[string]domain.Emoji, len(emojis))
	for _, e := range emojis {
		p.emojis[e.Shortcode] = e
	}
	return err
}

func (p *particulars) emojisIn(texts ...string) []apub.Emoji {
	if len(p.emojis) == 0 {
		return nil
	}
	var out []apub.Emoji
	for _, code := range text.Emojis(texts...) {
		if e, ok := p.emojis[code]; ok {
			out = append(out, apub.Emoji{
				ID: p.urls.Base + "/emojis/" + e.ID.String(), Shortcode: code, URL: p.absolute(e.URL), MediaType: mime.TypeByExtension(path.Ext(e.URL)), Updated: e.UpdatedAt,
			})
		}
	}
	return out
}

// absolute completes an address of ours that is kept from the root on.
func (p *particulars) absolute(address string) string {
	if strings.HasPrefix(address, "/") {
		return p.urls.Base + address
	}
	return address
}

// named finds the people that a profile's texts mention.
func (p *particulars) named(ctx context.Context, r store.Reader, texts []string) (map[string]text.Account, error) {
	var names []string
	for _, t := range texts {
		for _, m := range text.Mentions(t) {
			names = append(names, m.User)
		}
	}
	people := map[string]text.Account{}
	if len(names) == 0 {
		return people, nil
	}
	slices.Sort(names)
	found, err := r.PageNames(ctx, slices.Compact(names))
	for i := range found {
		k, v := p.person(&found[i])
		people[k] = v
	}
	return people, err
}

// person is an account as text links it, and the key of its mention.
func (p *particulars) person(a *domain.Account) (key string, v text.Account) {
	acct := a.Username
	if !a.Local() {
		acct += "@" + text.NormalizeDomain(a.Domain)
	}
	return strings.ToLower(acct), text.Account{Acct: acct, Username: a.Username, URL: p.urls.Profile(a)}
}

// resolver links the people; our own domain may be written out.
func (p *particulars) resolver(people map[string]text.Account) text.Resolver {
	own := text.NormalizeDomain(p.urls.Host)
	return text.Resolver{BaseURL: p.urls.Base, Account: func(m text.Mention) (text.Account, bool) {
		if m.Domain != "" && text.NormalizeDomain(m.Domain) == own {
			m.Domain = ""
		}
		a, ok := people[m.Key()]
		return a, ok
	}}
}
