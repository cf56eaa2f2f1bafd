package render

import (
	"context"
	"encoding/json"
	"net/url"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// cardBody is the part of PreviewCard that is the same for everyone. Missing
// texts are empty, not null (behaviours 8.15). A picture is shown under an
// address of ours: a reader's device asks strangers for nothing.
type cardBody struct {
	URL              string          `json:"url"`
	Title            string          `json:"title"`
	Description      string          `json:"description"`
	Language         *string         `json:"language"`
	Type             domain.CardType `json:"type"`
	AuthorName       string          `json:"author_name"`
	AuthorURL        string          `json:"author_url"`
	ProviderName     string          `json:"provider_name"`
	ProviderURL      string          `json:"provider_url"`
	HTML             string          `json:"html"`
	Width            int             `json:"width"`
	Height           int             `json:"height"`
	Image            *string         `json:"image"`
	ImageDescription string          `json:"image_description"`
	EmbedURL         string          `json:"embed_url"`
	Blurhash         *string         `json:"blurhash"`
	PublishedAt      *string         `json:"published_at"`
}

// cardAuthor is the entity PreviewCardAuthor up to its account.
type cardAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// cardFragment is the JSON of a card up to its authors.
type cardFragment struct {
	body    []byte   // without the last brace
	authors [][]byte // the same; the first one is the creator
	creator domain.ID
	host    string // whose pages the creator must let name him
}

func (f *cardFragment) weight() uint32 {
	if f == nil {
		return 0
	}
	n := len(f.body) + len(f.host) + 64
	for _, a := range f.authors {
		n += len(a)
	}
	return uint32(n)
}

func (r *Renderer) newCardFragment(c *domain.Card) (*cardFragment, error) {
	b := cardBody{
		URL: c.Link, Title: c.Title, Description: c.Description, Language: textOrNull(c.Language), Type: c.Type,
		ProviderName: c.Provider, ProviderURL: c.ProviderURL, HTML: c.HTML, Width: c.Width, Height: c.Height,
		Image: textOrNull(r.URLs.absolute(domain.RemotePath(c.ImageKey, domain.VariantSmall))), ImageDescription: c.ImageDescription, EmbedURL: c.EmbedURL, PublishedAt: orNull(c.PublishedAt),
	}
	f := &cardFragment{creator: c.Creator}
	if u, err := url.Parse(c.Link); err == nil {
		f.host = u.Hostname()
	}
	authors := c.Authors
	if len(authors) > 0 {
		b.AuthorName, b.AuthorURL = authors[0].Name, authors[0].URL
	} else if c.Creator != 0 {
		authors = []domain.CardAuthor{{}}
	}
	for _, a := range authors {
		one, err := open(cardAuthor(a))
		if err != nil {
			return nil, err
		}
		f.authors = append(f.authors, one)
	}
	var err error
	f.body, err = open(b)
	return f, err
}

// append writes the card for a viewer, up to its last brace: the creator only
// if the account lets pages of that host name it, by what it says now. One who
// may have forgotten to is told, and nobody else (behaviours 8.15).
func (f *cardFragment) append(b []byte, viewer domain.ID, accounts *accountSet) []byte {
	b = append(b, f.body...)
	creator := accounts.fragments[f.creator]
	credited := creator != nil && domain.Attributable(f.host, creator.attribution)
	b = append(b, `,"authors":[`...)
	written := 0
	for i, a := range f.authors {
		if string(a) == noAuthor && !credited {
			continue
		}
		if written++; written > 1 {
			b = append(b, ',')
		}
		b = append(append(b, a...), `,"account":`...)
		ok := false
		if i == 0 && credited {
			b, ok = accounts.append(b, f.creator)
		}
		if !ok {
			b = append(b, `null`...)
		}
		b = append(b, '}')
	}
	b = append(b, ']')
	if viewer != 0 {
		missing := viewer == f.creator && creator != nil && !credited
		b = appendFlag(b, `,"missing_attribution":`, missing)
	}
	return b
}

// noAuthor is an author of whom only the account is known.
const noAuthor = `{"name":"","url":""`

// appendCard writes the card of a status.
func (p *statusPage) appendCard(b []byte, s domain.ID) []byte {
	f := p.fragments[s].card
	if f == nil {
		return append(b, `,"card":null`...)
	}
	b = append(b, `,"card":`...)
	return append(f.append(b, p.viewer, p.accounts), '}')
}

// creators are the accounts that cards name as their authors.
func creators(cards []*cardFragment) []domain.ID {
	var ids []domain.ID
	for _, f := range cards {
		if f != nil && f.creator != 0 {
			ids = append(ids, f.creator)
		}
	}
	return ids
}

// withCreators adds to the rows of a page the accounts that its cards name.
func (r *Renderer) withCreators(ctx context.Context, rows []store.PageAccount, cards []*cardFragment) ([]store.PageAccount, error) {
	ids := creators(cards)
	if len(ids) == 0 {
		return rows, nil
	}
	more, err := r.st.PageAccounts(ctx, ids)
	return append(rows, more...), err
}

// TrendLinks are the cards with these ids, in their order, each with the
// history of its link (entity Trends::Link): four statements at most.
func (r *Renderer) TrendLinks(ctx context.Context, viewer domain.ID, ids []domain.ID) ([]json.RawMessage, error) {
	shown, err := r.trendLinks(ctx, viewer, ids)
	out := []json.RawMessage{}
	for _, id := range ids {
		if b := shown[id]; b != nil {
			out = append(out, b)
		}
	}
	return out, err
}

// trendLinks are they by id.
func (r *Renderer) trendLinks(ctx context.Context, viewer domain.ID, ids []domain.ID) (map[domain.ID]json.RawMessage, error) {
	out := map[domain.ID]json.RawMessage{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := r.st.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	today := r.now().Unix() / secondsPerDay
	cards, fragments, histories := map[domain.ID]*cardFragment{}, make([]*cardFragment, len(list)), map[domain.ID]History{}
	for i := range list {
		if fragments[i], err = r.newCardFragment(&list[i]); err != nil {
			return nil, err
		}
		cards[list[i].ID], histories[list[i].ID] = fragments[i], newHistory(today)
	}
	days, err := r.st.LinkDays(ctx, ids, historySince(today))
	if err != nil {
		return nil, err
	}
	for _, d := range days {
		histories[d.Card].set(today-d.Day, d.Uses, d.Accounts)
	}
	rows, err := r.withCreators(ctx, nil, fragments)
	if err != nil {
		return nil, err
	}
	accounts, err := r.accountSet(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		f := cards[id]
		if f == nil {
			continue
		}
		history, err := encode(histories[id])
		if err != nil {
			return nil, err
		}
		b := append(f.append(nil, viewer, accounts), `,"history":`...)
		out[id] = append(append(b, history...), '}')
	}
	return out, nil
}
