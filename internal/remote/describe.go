package remote

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"mime"
	"path/filepath"
	"strings"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/text"
)

// DescribeStatus is a status of ours as other servers read it (facts 8, 10,
// 12, 13). A boost has no such form: it is Invalid.
func (s *Service) DescribeStatus(ctx context.Context, status domain.Status) (apub.NoteDoc, error) {
	docs, err := s.DescribeStatuses(ctx, []domain.Status{status})
	if err != nil {
		return apub.NoteDoc{}, err
	}
	return docs[0], nil
}

// DescribeStatuses is DescribeStatus for several, in their order, in a number
// of statements that does not grow with them.
func (s *Service) DescribeStatuses(ctx context.Context, list []domain.Status) ([]apub.NoteDoc, error) {
	for i := range list {
		if list[i].ReblogOf != 0 {
			return nil, domain.Errorf(domain.Invalid, "A boost is no post")
		}
	}
	p, err := s.gather(ctx, list)
	if err != nil {
		return nil, fmt.Errorf("gather what describes %d statuses: %w", len(list), err)
	}
	out := make([]apub.NoteDoc, len(list))
	for i := range list {
		if out[i], err = p.note(&list[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// note writes one document from what was gathered.
func (p *particulars) note(s *domain.Status) (apub.NoteDoc, error) {
	author := p.accounts[s.Account]
	if author == nil {
		return apub.NoteDoc{}, fmt.Errorf("the author of status %s: %w", s.ID, domain.ErrNotFound)
	}
	uri := p.urls.StatusURI(s, author)
	d := apub.NoteDoc{
		ID: uri, URL: p.urls.StatusURL(s, author), Author: p.urls.ActorURI(author),
		Language: s.Language, Spoiler: s.Spoiler, Sensitive: s.Sensitive || author.Sensitized(), InReplyTo: p.uriOf(s.InReplyTo),
		Published: s.CreatedAt, Updated: s.EditedAt,
		Attachments: p.attachmentsOf(s), Mentions: p.mentionsOf(s), Emojis: p.emojisOf(s), Collections: p.collections[s.ID],
		Replies: &apub.CollectionDoc{ID: uri + "/replies", Total: -1, First: uri + "/replies?page=true"},
		Likes:   &apub.CollectionDoc{ID: uri + "/likes", Total: s.FavouritesCount, WithoutItems: true},
		Shares:  &apub.CollectionDoc{ID: uri + "/shares", Total: s.ReblogsCount, WithoutItems: true},
		Policy:  &apub.Policy{Quote: p.quoteRule(s, author)},
		Quote:   p.quoteOf(s), Poll: p.pollOf(s), Approval: p.approvals[s.ID],
	}
	for _, t := range p.tags[s.ID] {
		d.Hashtags = append(d.Hashtags, apub.Hashtag{Name: t.Display, Href: text.TagURL(p.urls.Base, t.Name)})
	}
	if s.Local && s.ContentType == domain.TypeMarkdown {
		d.Source = &apub.Source{Content: s.Text, MediaType: s.ContentType}
	}
	d.To, d.Cc = p.audience(s, author)
	d.Content = p.contentOf(s, d.Quote)
	return d, nil
}

// uriOf is the address of another status, "" for none and for one that is gone.
func (p *particulars) uriOf(id domain.ID) string {
	o := p.others[id]
	if o == nil || p.accounts[o.Account] == nil {
		return ""
	}
	return p.urls.StatusURI(o, p.accounts[o.Account])
}

// contentOf is the HTML; what quotes another says so to those who cannot show
// quotes (facts 13).
func (p *particulars) contentOf(s *domain.Status, q apub.Quote) string {
	if !s.Local {
		return s.Content
	}
	people := map[string]text.Account{}
	for _, m := range p.mentions[s.ID] {
		if a := p.accounts[m.Account]; a != nil {
			k, v := p.person(a)
			people[k] = v
		}
	}
	html := text.PostHTML(s.ContentType, s.Text, p.resolver(people))
	if q.Target == "" {
		return html
	}
	page := q.Target
	if o := p.others[s.Quote]; o != nil && p.accounts[o.Account] != nil {
		page = p.urls.StatusURL(o, p.accounts[o.Account])
	}
	for _, link := range text.Links(s.Text) {
		if link == page || link == q.Target {
			return html
		}
	}
	return text.QuoteInline(page) + html
}

// audience addresses a status (facts 8). Whom an edit no longer names still
// gets it.
func (p *particulars) audience(s *domain.Status, author *domain.Account) (to, cc []string) {
	var named []string
	for _, m := range p.mentions[s.ID] {
		a := p.accounts[m.Account]
		if a == nil {
			continue
		}
		named = append(named, p.urls.ActorURI(a))
		if f := p.groupFollowers[a.ID]; f != "" && s.Visibility != domain.Direct {
			named = append(named, f)
		}
	}
	return Audience(p.urls, s.Visibility, author, named)
}

// Audience addresses what the author, who lives here, publishes or boosts;
// named are the others it goes to (facts 8).
func Audience(u domain.URLs, v domain.Visibility, author *domain.Account, named []string) (to, cc []string) {
	switch v {
	case domain.Public:
		return []string{apub.Public}, append([]string{u.Followers(author)}, named...)
	case domain.Unlisted:
		return []string{u.Followers(author)}, append([]string{apub.Public}, named...)
	case domain.Private:
		return []string{u.Followers(author)}, named
	}
	return named, nil
}

func (p *particulars) mentionsOf(s *domain.Status) []apub.Mention {
	var out []apub.Mention
	for _, m := range p.mentions[s.ID] {
		if a := p.accounts[m.Account]; a != nil && !m.Silent {
			host := a.Domain
			if host == "" {
				host = p.urls.Host
			}
			out = append(out, apub.Mention{Href: p.urls.ActorURI(a), Name: "@" + a.Username + "@" + host})
		}
	}
	return out
}

func (p *particulars) attachmentsOf(s *domain.Status) []apub.Attachment {
	var out []apub.Attachment
	for _, a := range p.attachments[s.ID] {
		d := apub.Attachment{
			URL: p.absolute(domain.MediaPath(a.File)), MediaType: a.MediaType, Description: a.Description, Blurhash: a.Blurhash,
			Width: a.Width, Height: a.Height, Duration: a.Duration,
		}
		if a.RemoteURL != "" {
			d.URL = a.RemoteURL
		}
		if a.Kind != domain.AttachmentImage {
			d.Preview = p.absolute(domain.MediaPath(a.Small))
		}
		if a.Focus != (domain.Focus{}) {
			d.Focus = &[2]float64{a.Focus.X, a.Focus.Y}
		}
		out = append(out, d)
	}
	return out
}

func (p *particulars) emojisOf(s *domain.Status) []apub.Emoji {
	texts := []string{s.Spoiler, s.Text}
	if poll := p.polls[s.Poll]; poll != nil {
		for _, o := range poll.Options {
			texts = append(texts, o.Title)
		}
	}
	return p.emojisIn(texts...)
}

// quoteRule is who may quote without asking; nobody is said by naming the
// author alone (facts 13).
func (p *particulars) quoteRule(s *domain.Status, author *domain.Account) *apub.Rule {
	who := p.urls.ActorURI(author)
	switch {
	case !s.Visibility.Listed() || s.QuotePolicy == domain.QuoteNobody:
	case s.QuotePolicy == domain.QuoteFollowers:
		who = p.urls.Followers(author)
	default:
		who = apub.Public
	}
	return &apub.Rule{Automatic: []string{who}}
}

func (p *particulars) quoteOf(s *domain.Status) apub.Quote {
	q := p.quotes[s.ID]
	if q == nil {
		return apub.Quote{}
	}
	target := q.QuotedURI
	if u := p.uriOf(q.Quoted); u != "" {
		target = u
	}
	switch {
	case q.State == domain.QuoteDeleted || target == "":
		return apub.Quote{State: apub.QuoteDeleted}
	case q.State == domain.QuoteRejected || q.State == domain.QuoteRevoked:
		return apub.Quote{}
	case q.State == domain.QuoteAccepted && q.QuotedAccount != s.Account:
		out := apub.Quote{State: apub.QuoteAuthorized, Target: target, Authorization: q.ApprovalURI}
		if a := p.accounts[q.QuotedAccount]; a != nil && a.Local() {
			out.Authorization = p.urls.QuoteAuthorization(a, s.ID)
		}
		return out
	}
	return apub.Quote{State: apub.QuotePending, Target: target}
}

func (p *particulars) pollOf(s *domain.Status) *apub.PollDoc {
	poll := p.polls[s.Poll]
	if poll == nil {
		return nil
	}
	d := &apub.PollDoc{Multiple: poll.Multiple, Voters: poll.VotersCount, EndTime: poll.ExpiresAt}
	if poll.Expired(p.now) {
		d.Closed = poll.ExpiresAt
	}
	for _, o := range poll.Options {
		d.Options = append(d.Options, apub.Option{Title: o.Title, Votes: o.Votes})
	}
	return d
}

// DescribeActor is an account of ours as other servers read it (facts 9, 20).
func (s *Service) DescribeActor(ctx context.Context, a domain.Account) (apub.ActorDoc, error) {
	u := s.URLs
	uri := u.ActorURI(&a)
	key, err := s.publicKey(ctx, a.ID, uri)
	if err != nil {
		return apub.ActorDoc{}, err
	}
	proofs, err := s.proofKeys(ctx, a.ID, uri)
	if err != nil {
		return apub.ActorDoc{}, err
	}
	d := apub.ActorDoc{
		ID: uri, Type: "Person", Username: a.Username, Webfinger: a.Username + "@" + u.Host, URL: u.Profile(&a),
		Inbox: uri + "/inbox", SharedInbox: u.SharedInbox(), Outbox: uri + "/outbox",
		Followers: u.Followers(&a), Following: u.Following(&a), Featured: u.Featured(&a), FeaturedTags: u.FeaturedTags(&a),
		FeaturedCollections: u.FeaturedCollections(&a),
		Key:                 key, Multikeys: proofs, Suspended: a.Suspended(), Memorial: a.Memorial,
	}
	switch {
	case a.Group:
		d.Type = "Group"
	case a.Bot:
		d.Type = "Service"
	}
	if a.Suspended() {
		d.Name = a.Username
		return d, nil
	}
	d.Name, d.Locked, d.Discoverable, d.Indexable = a.DisplayName, a.Locked, a.Discoverable, a.Indexable
	d.Published = a.CreatedAt.UTC().Truncate(24 * time.Hour)
	d.ShowMedia, d.ShowRepliesInMedia, d.ShowFeatured = not(a.HideMedia), not(a.HideMediaReplies), not(a.HideFeatured)
	d.AttributionDomains = a.AttributionDomains
	d.CanFeature = &apub.Rule{Automatic: []string{featurer(u, &a)}}
	return d, s.describeProfile(ctx, &a, &d)
}

// featurer is who may put the account in a collection (facts 9).
func featurer(u domain.URLs, a *domain.Account) string {
	switch {
	case !a.Discoverable:
		return u.ActorURI(a)
	case a.Locked:
		return u.Followers(a)
	}
	return apub.Public
}

func not(b bool) *bool {
	b = !b
	return &b
}

// describeProfile adds what people wrote about themselves.
func (s *Service) describeProfile(ctx context.Context, a *domain.Account, d *apub.ActorDoc) error {
	r := s.Store.Reader()
	texts := []string{a.DisplayName, a.Note}
	for _, f := range a.Fields {
		texts = append(texts, f.Name, f.Value)
	}
	p := &particulars{urls: s.URLs, now: s.Now()}
	people, err := p.named(ctx, r, texts)
	if err != nil {
		return fmt.Errorf("find whom the profile of %s names: %w", a.ID, err)
	}
	if err := p.loadEmojis(ctx, r, texts); err != nil {
		return err
	}
	d.Summary = text.NoteHTML(a.Note, p.resolver(people))
	for _, f := range a.Fields {
		d.Fields = append(d.Fields, apub.Field{Name: f.Name, Value: text.FieldHTML(f.Value, p.resolver(people))})
	}
	for _, t := range text.Hashtags(a.Note) {
		d.Hashtags = append(d.Hashtags, apub.Hashtag{Name: t.Display, Href: text.TagURL(s.URLs.Base, t.Name)})
	}
	d.Emojis = p.emojisIn(texts...)
	d.Icon = p.imageOf(a.AvatarPath(false), a.AvatarDescription)
	d.Image = p.imageOf(a.HeaderPath(false), a.HeaderDescription)
	aliases, err := r.Aliases(ctx, a.ID)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return fmt.Errorf("read the aliases of %s: %w", a.ID, err)
	}
	d.AlsoKnownAs = aliases
	if a.MovedTo == 0 {
		return nil
	}
	to, err := r.Account(ctx, a.MovedTo)
	if err != nil {
		return fmt.Errorf("find where %s moved: %w", a.ID, err)
	}
	d.MovedTo = s.URLs.ActorURI(&to)
	return nil
}

// imageOf is a picture of a profile, nil for none.
func (p *particulars) imageOf(path, description string) *apub.Image {
	if path == "" {
		return nil
	}
	return &apub.Image{URL: p.absolute(path), MediaType: mime.TypeByExtension(filepath.Ext(path)), Description: description}
}

// DescribeInstance is the community's own actor (facts 4.5).
func (s *Service) DescribeInstance(ctx context.Context) (apub.ActorDoc, error) {
	u := s.URLs
	uri := u.InstanceActor()
	key, err := s.publicKey(ctx, 0, uri)
	name := u.Host
	return apub.ActorDoc{
		ID: uri, Type: "Application", Username: name, Webfinger: name + "@" + name, URL: u.Base + "/about",
		Inbox: uri + "/inbox", Outbox: uri + "/outbox", SharedInbox: u.SharedInbox(), Locked: true, Key: key,
	}, err
}

func (s *Service) publicKey(ctx context.Context, account domain.ID, uri string) (apub.Key, error) {
	key, err := s.Signer(ctx, account)
	if err != nil {
		return apub.Key{}, fmt.Errorf("find the key of %s: %w", uri, err)
	}
	pem, err := fetch.EncodePublicPEM(key.Private.Public())
	return apub.Key{ID: key.ID, Owner: uri, PEM: strings.TrimRight(pem, "\n") + "\n"}, err
}

// proofKeys are the keys for integrity proofs (FEP-521a).
func (s *Service) proofKeys(ctx context.Context, account domain.ID, uri string) ([]apub.Multikey, error) {
	if s.Prover == nil {
		return nil, nil
	}
	key, err := s.Prover(ctx, account)
	if err != nil {
		return nil, fmt.Errorf("find the proof key of %s: %w", uri, err)
	}
	public, ok := key.Private.Public().(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the proof key of %s is a %T", uri, key.Private)
	}
	return []apub.Multikey{{ID: key.ID, Controller: uri, Multibase: apub.FormatMultikey(public)}}, nil
}
