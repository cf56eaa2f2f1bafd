package render

import (
	"bytes"
	"context"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// statusBody is the part of Status that follows from the row at a rev and is
// the same for everyone.
type statusBody struct {
	ID                 domain.ID     `json:"id"`
	CreatedAt          string        `json:"created_at"`
	InReplyToID        *domain.ID    `json:"in_reply_to_id"`
	InReplyToAccountID *domain.ID    `json:"in_reply_to_account_id"`
	Sensitive          bool          `json:"sensitive"`
	SpoilerText        string        `json:"spoiler_text"`
	Visibility         string        `json:"visibility"`
	LocalOnly          *bool         `json:"local_only,omitempty"` // of ours alone
	Language           *string       `json:"language"`
	URI                string        `json:"uri"`
	URL                *string       `json:"url"`
	EditedAt           *string       `json:"edited_at"`
	Content            string        `json:"content"`
	MediaAttachments   []mediaJSON   `json:"media_attachments"`
	Mentions           []mentionJSON `json:"mentions"`
	Tags               []tagJSON     `json:"tags"`
	Emojis             []emojiJSON   `json:"emojis"`
}

type mentionJSON struct {
	ID       domain.ID `json:"id"`
	Username string    `json:"username"`
	URL      string    `json:"url"`
	Acct     string    `json:"acct"`
}

type tagJSON struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type applicationJSON struct {
	Name    string  `json:"name"`
	Website *string `json:"website"`
}

// What is said of media comes before any text of the author, so that its first
// occurrence is ours.
var mild, harsh = []byte(`,"sensitive":false`), []byte(`,"sensitive":true`)

// appendTo writes the body; of an author all of whose media count as sensitive
// it says so.
func (f *statusFragment) appendTo(b []byte, sensitized bool) []byte {
	if !sensitized || f.mild == 0 {
		return append(b, f.body...)
	}
	b = append(b, f.body[:f.mild-1]...)
	b = append(b, harsh...)
	return append(b, f.body[f.mild-1+len(mild):]...)
}

// statusFragment is the JSON of a status up to counts, marks and account.
type statusFragment struct {
	body  []byte // without the last brace
	mild  int    // where the body says that it is not sensitive; 0: it does not
	app   []byte // JSON of the application; nil: the key is left out
	plain string // what keyword filters look at (behaviours 12.3)

	policy domain.QuotePolicy
	card   *cardFragment // nil for none
	// collections are those it links to, made for each viewer.
	collections []domain.ID
}

func (f *statusFragment) weight() uint32 {
	return uint32(len(f.body)+len(f.app)+len(f.plain)) + 160 + f.card.weight()
}

// parts are what the texts of some statuses need besides their rows.
type parts struct {
	authors  map[domain.ID]*domain.Account
	mentions map[domain.ID][]domain.Account
	tags     map[domain.ID][]string
	apps     map[domain.ID]*domain.App
	polls    map[domain.ID][]string // titles of the options by id of the poll
	media    map[domain.ID][]domain.Attachment
	cards    map[domain.ID]*domain.Card
	emojis   emojiSet

	collections map[domain.ID][]domain.ID
}

// loadStatuses makes the fragments of statuses and puts them into the map and
// the cache: ten statements at most, however many statuses.
func (r *Renderer) loadStatuses(ctx context.Context, ids []domain.ID, into map[domain.ID]*statusFragment) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := r.st.PageTexts(ctx, ids)
	if err != nil {
		return err
	}
	p, err := r.loadParts(ctx, ids, list)
	if err != nil {
		return err
	}
	for i := range list {
		s := &list[i]
		if p.authors[s.Account] == nil {
			continue // deleted since
		}
		f, err := r.statusFragment(s, p)
		if err != nil {
			return err
		}
		into[s.ID] = f
		r.statuses.Set(revision{s.ID, s.Rev}, f)
	}
	return nil
}

func (r *Renderer) loadParts(ctx context.Context, ids []domain.ID, list []domain.Status) (*parts, error) {
	p := &parts{
		authors: map[domain.ID]*domain.Account{}, mentions: map[domain.ID][]domain.Account{},
		tags: map[domain.ID][]string{}, apps: map[domain.ID]*domain.App{}, media: map[domain.ID][]domain.Attachment{},
		cards: map[domain.ID]*domain.Card{}, collections: map[domain.ID][]domain.ID{},
	}
	var authors, apps, polls []domain.ID
	for i := range list {
		authors = append(authors, list[i].Account)
		if list[i].Poll != 0 {
			polls = append(polls, list[i].Poll)
		}
		if list[i].App != 0 {
			apps = append(apps, list[i].App)
		}
	}
	accounts, err := r.st.Accounts(ctx, authors)
	if err != nil {
		return nil, err
	}
	for i := range accounts {
		p.authors[accounts[i].ID] = &accounts[i]
	}
	mentions, err := r.st.PageMentions(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, m := range mentions {
		p.mentions[m.Status] = append(p.mentions[m.Status], m.Account)
	}
	tags, err := r.st.PageTags(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, t := range tags {
		p.tags[t.Status] = append(p.tags[t.Status], t.Name)
	}
	if len(polls) > 0 {
		if p.polls, err = r.st.PollTitles(ctx, polls); err != nil {
			return nil, err
		}
	}
	media, err := r.st.Attachments(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, a := range media {
		p.media[a.Status] = append(p.media[a.Status], a)
	}
	cards, err := r.st.StatusCards(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range cards {
		p.cards[cards[i].Status] = &cards[i].Card
	}
	tagged, err := r.st.TaggedCollections(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, t := range tagged {
		p.collections[t.Status] = append(p.collections[t.Status], t.Collection)
	}
	if p.emojis, err = r.emojisOf(ctx, list, p); err != nil {
		return nil, err
	}
	if len(apps) == 0 {
		return p, nil
	}
	found, err := r.st.PageApps(ctx, apps)
	for i := range found {
		p.apps[found[i].ID] = &found[i]
	}
	return p, err
}

func (r *Renderer) statusFragment(s *domain.Status, p *parts) (*statusFragment, error) {
	author := p.authors[s.Account]
	url := r.URLs.StatusURL(s, author)
	b := statusBody{
		ID: s.ID, CreatedAt: timestamp(s.CreatedAt),
		InReplyToID: idOrNull(s.InReplyTo), InReplyToAccountID: idOrNull(s.InReplyToAccount),
		Sensitive: s.Sensitive, SpoilerText: s.Spoiler, Visibility: s.Visibility.String(), Language: textOrNull(s.Language),
		URI: r.URLs.StatusURI(s, author), URL: &url, EditedAt: orNull(s.EditedAt),
		MediaAttachments: r.mediaList(p.media[s.ID]), Mentions: []mentionJSON{}, Tags: []tagJSON{},
		Emojis: r.emojiList(p.emojis, author.Domain, statusTexts(s, p.polls[s.Poll])...),
	}
	people := map[string]text.Account{}
	for i := range p.mentions[s.ID] {
		a := &p.mentions[s.ID][i]
		b.Mentions = append(b.Mentions, r.mention(a))
		people[r.URLs.key(a)] = r.URLs.mentioned(a)
	}
	for _, name := range p.tags[s.ID] {
		b.Tags = append(b.Tags, tagJSON{Name: name, URL: r.URLs.Tag(name)})
	}
	plain := s.Text
	b.Content = s.Content
	if s.Local {
		b.LocalOnly = &s.LocalOnly
		b.Content = text.PostHTML(s.ContentType, s.Text, r.URLs.resolver(people))
	}
	if !s.Local || s.ContentType != domain.TypePlain {
		plain = text.PlainText(b.Content)
	}
	body, err := open(b)
	if err != nil {
		return nil, err
	}
	f := &statusFragment{body: body, mild: bytes.Index(body, mild) + 1, plain: plain, policy: s.QuotePolicy, collections: p.collections[s.ID]}
	if c := p.cards[s.ID]; c != nil {
		if f.card, err = r.newCardFragment(c); err != nil {
			return nil, err
		}
	}
	if s.Spoiler != "" {
		f.plain = s.Spoiler + "\n" + plain
	}
	for _, title := range p.polls[s.Poll] {
		f.plain += "\n" + title
	}
	for _, a := range p.media[s.ID] {
		f.plain += "\n" + a.Description
	}
	if s.Local {
		f.app, err = application(p.apps[s.App])
	}
	return f, err
}

func (r *Renderer) mention(a *domain.Account) mentionJSON {
	return mentionJSON{ID: a.ID, Username: a.Username, URL: r.URLs.Profile(a), Acct: r.URLs.Acct(a)}
}

func application(a *domain.App) (json.RawMessage, error) {
	if a == nil {
		return json.RawMessage("null"), nil
	}
	return encode(applicationJSON{Name: a.Name, Website: textOrNull(a.Website)})
}

// fragments finds the fragments of the rows, from the cache or the store.
func (r *Renderer) fragments(ctx context.Context, rows []store.PageStatus) (map[domain.ID]*statusFragment, error) {
	out := make(map[domain.ID]*statusFragment, len(rows))
	var missing []domain.ID
	for i := range rows {
		s := &rows[i]
		if f, ok := r.statuses.GetIfPresent(revision{s.ID, s.Rev}); ok {
			out[s.ID] = f
		} else {
			missing = append(missing, s.ID)
		}
	}
	return out, r.loadStatuses(ctx, missing, out)
}
