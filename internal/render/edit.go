package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/text"
)

// statusEdit is StatusEdit.
type statusEdit struct {
	Content          string          `json:"content"`
	SpoilerText      string          `json:"spoiler_text"`
	Sensitive        bool            `json:"sensitive"`
	CreatedAt        string          `json:"created_at"`
	Account          json.RawMessage `json:"account"`
	Poll             *editedPoll     `json:"poll,omitempty"`
	MediaAttachments []mediaJSON     `json:"media_attachments"`
	Emojis           []emojiJSON     `json:"emojis"`
}

type editedPoll struct {
	Options []editedOption `json:"options"`
}

type editedOption struct {
	Title string `json:"title"`
}

// History are the revisions of the status, or of what the boost with that id
// boosts, the oldest first; a status that was never edited has one
// (behaviours 8.10).
func (r *Renderer) History(ctx context.Context, viewer, id domain.ID) (json.RawMessage, error) {
	s, err := r.original(ctx, viewer, id)
	if err != nil {
		return nil, err
	}
	edits, err := r.st.Edits(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	if len(edits) == 0 {
		e, err := r.asEdit(ctx, &s)
		if err != nil {
			return nil, err
		}
		edits = append(edits, e)
	}
	author, err := r.Account(ctx, viewer, s.Account)
	if err != nil {
		return nil, err
	}
	people, err := r.everMentioned(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	media, err := r.everAttached(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	out := make([]statusEdit, len(edits))
	for i := range edits {
		out[i] = r.edit(&s, &edits[i], people)
		for _, m := range edits[i].Media {
			if a := media[m.ID]; a != nil {
				shown := r.media(a)
				shown.Description = textOrNull(m.Description)
				out[i].MediaAttachments = append(out[i].MediaAttachments, shown)
			}
		}
		out[i].Account = author
	}
	return encode(out)
}

// asEdit is a status that was never edited as its own only revision.
func (r *Renderer) asEdit(ctx context.Context, s *domain.Status) (domain.Edit, error) {
	e := domain.Edit{Text: s.Text, ContentType: s.ContentType, Content: s.Content, Spoiler: s.Spoiler, Sensitive: s.Sensitive, CreatedAt: s.CreatedAt}
	media, err := r.st.Attachments(ctx, []domain.ID{s.ID})
	if err != nil {
		return e, err
	}
	for i := range media {
		e.Media = append(e.Media, domain.EditedMedia{ID: media[i].ID, Description: media[i].Description})
	}
	if s.Poll == 0 {
		return e, nil
	}
	p, err := r.st.AnyPoll(ctx, s.Poll)
	for _, o := range p.Options {
		e.PollOptions = append(e.PollOptions, o.Title)
	}
	return e, err
}

// everAttached are the attachments that any revision has, by id.
func (r *Renderer) everAttached(ctx context.Context, status domain.ID) (map[domain.ID]*domain.Attachment, error) {
	list, err := r.st.AttachmentsEver(ctx, status)
	out := make(map[domain.ID]*domain.Attachment, len(list))
	for i := range list {
		out[list[i].ID] = &list[i]
	}
	return out, err
}

// everMentioned are those whom any revision mentions.
func (r *Renderer) everMentioned(ctx context.Context, status domain.ID) (map[string]text.Account, error) {
	mentions, err := r.st.Mentions(ctx, []domain.ID{status})
	if err != nil {
		return nil, err
	}
	var ids []domain.ID
	for _, m := range mentions {
		ids = append(ids, m.Account)
	}
	accounts, err := r.st.Accounts(ctx, ids)
	people := make(map[string]text.Account, len(accounts))
	for i := range accounts {
		people[r.URLs.key(&accounts[i])] = r.URLs.mentioned(&accounts[i])
	}
	return people, err
}

func (r *Renderer) edit(s *domain.Status, e *domain.Edit, people map[string]text.Account) statusEdit {
	j := statusEdit{
		Content: e.Content, SpoilerText: e.Spoiler, Sensitive: e.Sensitive, CreatedAt: timestamp(e.CreatedAt),
		MediaAttachments: []mediaJSON{}, Emojis: []emojiJSON{},
	}
	if s.Local {
		j.Content = text.PostHTML(e.ContentType, e.Text, r.URLs.resolver(people))
	}
	if len(e.PollOptions) > 0 {
		j.Poll = &editedPoll{}
		for _, title := range e.PollOptions {
			j.Poll.Options = append(j.Poll.Options, editedOption{title})
		}
	}
	return j
}
