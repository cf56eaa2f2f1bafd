package render

import (
	"context"
	"strings"

	"golang.org/x/net/idna"

	"coterie/internal/domain"
	"coterie/internal/text"
)

// AnnouncementJSON is the entity Announcement. Read is there for a viewer only.
type AnnouncementJSON struct {
	ID          domain.ID      `json:"id"`
	Content     string         `json:"content"`
	StartsAt    *string        `json:"starts_at"`
	EndsAt      *string        `json:"ends_at"`
	AllDay      bool           `json:"all_day"`
	PublishedAt string         `json:"published_at"`
	UpdatedAt   string         `json:"updated_at"`
	Read        *bool          `json:"read,omitempty"`
	Mentions    []mentionJSON  `json:"mentions"`
	Statuses    []linkJSON     `json:"statuses"`
	Tags        []tagJSON      `json:"tags"`
	Emojis      []emojiJSON    `json:"emojis"`
	Reactions   []ReactionJSON `json:"reactions"`
}

// linkJSON is a status that an announcement links to.
type linkJSON struct {
	ID  domain.ID `json:"id"`
	URL string    `json:"url"`
}

// ReactionJSON is the entity Reaction. Me is there for a viewer only,
// Announcement in events only, the addresses for custom emoji only.
type ReactionJSON struct {
	Name         string     `json:"name"`
	Count        int64      `json:"count"`
	Me           *bool      `json:"me,omitempty"`
	URL          string     `json:"url,omitempty"`
	StaticURL    string     `json:"static_url,omitempty"`
	Announcement *domain.ID `json:"announcement_id,omitempty"`
}

// notices is what the texts of some announcements need besides their rows.
type notices struct {
	docs     map[domain.ID]text.Doc
	people   map[string]domain.Account // by text.Mention.Key
	statuses map[string]linkJSON       // by the address in the text
	emojis   emojiSet
	given    map[domain.ID][]domain.Reaction
}

// Announcements makes the entities, as the viewer sees them; 0 is nobody in
// particular. At most seven statements.
func (r *Renderer) Announcements(ctx context.Context, viewer domain.ID, list []domain.Announcement) ([]AnnouncementJSON, error) {
	out := make([]AnnouncementJSON, len(list))
	if len(list) == 0 {
		return out, nil
	}
	n, err := r.notices(ctx, viewer, list)
	if err != nil {
		return nil, err
	}
	for i := range list {
		out[i] = r.announcement(&list[i], n)
		if viewer != 0 {
			out[i].Read = &list[i].Read
		}
		for _, x := range n.given[list[i].ID] {
			reaction := r.reaction(x, n.emojis)
			if viewer != 0 {
				reaction.Me = &x.Me
			}
			out[i].Reactions = append(out[i].Reactions, reaction)
		}
	}
	return out, nil
}

// Reaction is the reactions of that name to an announcement, as an event
// carries them.
func (r *Renderer) Reaction(ctx context.Context, announcement domain.ID, name string) (ReactionJSON, error) {
	given, err := r.st.Reactions(ctx, 0, []domain.ID{announcement})
	if err != nil {
		return ReactionJSON{}, err
	}
	x := domain.Reaction{Announcement: announcement, Name: name}
	for _, g := range given {
		if g.Name == name {
			x = g
		}
	}
	emojis, err := r.findEmojis(ctx, map[string][]string{"": {":" + name + ":"}})
	out := r.reaction(x, emojis)
	out.Announcement = &announcement
	return out, err
}

func (r *Renderer) reaction(x domain.Reaction, emojis emojiSet) ReactionJSON {
	out := ReactionJSON{Name: x.Name, Count: x.Count}
	if e, ok := emojis[emojiName{"", x.Name}]; ok {
		j := r.emoji(&e)
		out.URL, out.StaticURL = j.URL, j.StaticURL
	}
	return out
}

func (r *Renderer) announcement(a *domain.Announcement, n *notices) AnnouncementJSON {
	doc := n.docs[a.ID]
	j := AnnouncementJSON{
		ID: a.ID, StartsAt: orNull(a.StartsAt), EndsAt: orNull(a.EndsAt), AllDay: a.AllDay,
		PublishedAt: timestamp(a.PublishedAt), UpdatedAt: timestamp(a.UpdatedAt),
		Mentions: []mentionJSON{}, Statuses: []linkJSON{}, Tags: []tagJSON{}, Reactions: []ReactionJSON{},
		Emojis: r.emojiList(n.emojis, "", a.Text),
	}
	people := map[string]text.Account{}
	for _, m := range doc.Mentions() {
		p, ok := n.people[r.handle(m).key()]
		if _, twice := people[r.URLs.key(&p)]; !ok || twice {
			continue
		}
		j.Mentions = append(j.Mentions, r.mention(&p))
		people[r.URLs.key(&p)] = r.URLs.mentioned(&p)
	}
	for _, t := range doc.Hashtags() {
		j.Tags = append(j.Tags, tagJSON{Name: t.Name, URL: r.URLs.Tag(t.Name)})
	}
	seen := map[domain.ID]bool{}
	for _, t := range doc.Tokens {
		s, ok := n.statuses[doc.Text(t)]
		if ok && t.Kind == text.KindURL && !seen[s.ID] {
			seen[s.ID] = true
			j.Statuses = append(j.Statuses, s)
		}
	}
	j.Content = text.HTML(a.Text, r.URLs.resolver(people))
	return j
}

func (r *Renderer) notices(ctx context.Context, viewer domain.ID, list []domain.Announcement) (*notices, error) {
	n := &notices{docs: map[domain.ID]text.Doc{}, given: map[domain.ID][]domain.Reaction{}}
	var ids []domain.ID
	var named []text.Mention
	var texts, links []string
	for _, a := range list {
		doc := text.Parse(a.Text)
		n.docs[a.ID], ids, texts = doc, append(ids, a.ID), append(texts, a.Text)
		named = append(named, doc.Mentions()...)
		for _, t := range doc.Tokens {
			if t.Kind == text.KindURL {
				links = append(links, doc.Text(t))
			}
		}
	}
	given, err := r.st.Reactions(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	for _, x := range given {
		n.given[x.Announcement] = append(n.given[x.Announcement], x)
		texts = append(texts, ":"+x.Name+":")
	}
	if n.emojis, err = r.findEmojis(ctx, map[string][]string{"": texts}); err != nil {
		return nil, err
	}
	if n.people, err = r.peopleNamed(ctx, named); err != nil {
		return nil, err
	}
	n.statuses, err = r.statusesAt(ctx, viewer, links)
	return n, err
}

// handle is how the store finds an account: a lower-case name and an ASCII
// domain, "" for ours.
type handle struct{ name, domain string }

func (h handle) key() string { return h.name + "@" + h.domain }

func (r *Renderer) handle(m text.Mention) handle {
	h := handle{domain.NameKey(m.User), text.NormalizeDomain(m.Domain)}
	if h.domain == text.NormalizeDomain(r.URLs.Host) {
		h.domain = ""
	} else if ascii, err := idna.Lookup.ToASCII(h.domain); err == nil {
		h.domain = ascii
	}
	return h
}

// peopleNamed are the accounts known here that are mentioned, by handle.
func (r *Renderer) peopleNamed(ctx context.Context, named []text.Mention) (map[string]domain.Account, error) {
	if len(named) == 0 {
		return nil, nil
	}
	var names, domains []string
	for _, m := range named {
		h := r.handle(m)
		names, domains = append(names, h.name), append(domains, h.domain)
	}
	list, err := r.st.Addressees(ctx, names, domains)
	out := make(map[string]domain.Account, len(list))
	for _, a := range list {
		out[handle{domain.NameKey(a.Username), a.Domain}.key()] = a
	}
	return out, err
}

// statusesAt are the listed statuses at these addresses that the viewer may
// see, by address: pages or ids of ours, ids of others.
func (r *Renderer) statusesAt(ctx context.Context, viewer domain.ID, links []string) (map[string]linkJSON, error) {
	var ids []domain.ID
	at := map[domain.ID][]string{}
	var elsewhere []string
	for _, link := range links {
		if l, ours := r.URLs.Parse(link); ours {
			ids, at[l.Status] = append(ids, l.Status), append(at[l.Status], link)
		} else if strings.HasPrefix(link, "http") {
			elsewhere = append(elsewhere, link)
		}
	}
	if len(elsewhere) > 0 {
		found, err := r.st.StatusesByURI(ctx, elsewhere)
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			ids, at[s.ID] = append(ids, s.ID), append(at[s.ID], s.URI)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return r.linked(ctx, viewer, ids, at)
}

// linked makes the links to those of the statuses that are listed.
func (r *Renderer) linked(ctx context.Context, viewer domain.ID, ids []domain.ID, at map[domain.ID][]string) (map[string]linkJSON, error) {
	rows, err := r.st.PageStatuses(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	var listed, writers []domain.ID
	for _, s := range rows {
		if s.Visibility.Listed() && s.ReblogOf == 0 {
			listed, writers = append(listed, s.ID), append(writers, s.Author.ID)
		}
	}
	statuses, err := r.st.PageTexts(ctx, listed)
	if err != nil {
		return nil, err
	}
	authors, err := r.st.Accounts(ctx, writers)
	byID := make(map[domain.ID]*domain.Account, len(authors))
	for i := range authors {
		byID[authors[i].ID] = &authors[i]
	}
	out := map[string]linkJSON{}
	for i := range statuses {
		if author := byID[statuses[i].Account]; author != nil {
			for _, address := range at[statuses[i].ID] {
				out[address] = linkJSON{statuses[i].ID, r.URLs.StatusURL(&statuses[i], author)}
			}
		}
	}
	return out, err
}
