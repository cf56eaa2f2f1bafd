package render

import (
	"context"
	"encoding/json"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// PollJSON is Poll for a viewer.
type PollJSON struct {
	ID          domain.ID        `json:"id"`
	ExpiresAt   *string          `json:"expires_at"`
	Expired     bool             `json:"expired"`
	Multiple    bool             `json:"multiple"`
	VotesCount  int64            `json:"votes_count"`
	VotersCount *int64           `json:"voters_count"`
	Options     []PollOptionJSON `json:"options"`
	Emojis      []emojiJSON      `json:"emojis"`
	Voted       *bool            `json:"voted,omitempty"`
	OwnVotes    *[]int           `json:"own_votes,omitempty"`
}

// PollOptionJSON is one answer; its votes are null while totals are hidden.
type PollOptionJSON struct {
	Title      string `json:"title"`
	VotesCount *int64 `json:"votes_count"`
}

// Poll is the entity for the viewer, 0 for an anonymous one; own are the
// choices the viewer voted for. The author counts as having voted
// (behaviours 8.13).
func Poll(p *domain.Poll, viewer domain.ID, own []int, now time.Time) PollJSON {
	j := PollJSON{
		ID: p.ID, ExpiresAt: orNull(p.ExpiresAt), Expired: p.Expired(now), Multiple: p.Multiple,
		VotesCount: p.VotesCount, Options: []PollOptionJSON{}, Emojis: []emojiJSON{},
	}
	if p.VotersCount >= 0 {
		j.VotersCount = &p.VotersCount
	}
	for i := range p.Options {
		o := PollOptionJSON{Title: p.Options[i].Title}
		if !p.HideTotals || j.Expired {
			o.VotesCount = &p.Options[i].Votes
		}
		j.Options = append(j.Options, o)
	}
	if viewer != 0 {
		voted := len(own) > 0 || viewer == p.Account
		votes := append([]int{}, own...)
		j.Voted, j.OwnVotes = &voted, &votes
	}
	return j
}

// polls are the entities of these polls as JSON, in one statement.
func (r *Renderer) polls(ctx context.Context, viewer domain.ID, ids []domain.ID) (map[domain.ID][]byte, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := r.st.PagePolls(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	emojis, domains, err := r.pollEmojis(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make(map[domain.ID][]byte, len(list))
	for i := range list {
		j := Poll(&list[i].Poll, viewer, list[i].Own, r.now())
		j.Emojis = r.emojiList(emojis, domains[list[i].Account], titles(&list[i].Poll)...)
		b, err := encode(j)
		if err != nil {
			return nil, err
		}
		out[list[i].ID] = b
	}
	return out, nil
}

func titles(p *domain.Poll) []string {
	out := make([]string, len(p.Options))
	for i := range p.Options {
		out[i] = p.Options[i].Title
	}
	return out
}

// pollEmojis are the emojis in the options of polls and the domains of their
// authors: no statement unless some option may show one.
func (r *Renderer) pollEmojis(ctx context.Context, list []store.PagePoll) (emojiSet, map[domain.ID]string, error) {
	var authors []domain.ID
	for i := range list {
		if len(text.Emojis(titles(&list[i].Poll)...)) > 0 {
			authors = append(authors, list[i].Account)
		}
	}
	if len(authors) == 0 {
		return nil, nil, nil
	}
	accounts, err := r.st.Accounts(ctx, authors)
	if err != nil {
		return nil, nil, err
	}
	domains := make(map[domain.ID]string, len(accounts))
	for i := range accounts {
		domains[accounts[i].ID] = accounts[i].Domain
	}
	texts := map[string][]string{}
	for i := range list {
		if host, ok := domains[list[i].Account]; ok {
			texts[host] = append(texts[host], titles(&list[i].Poll)...)
		}
	}
	set, err := r.findEmojis(ctx, texts)
	return set, domains, err
}

// Poll is the poll with that id as far as the viewer may see its status.
func (r *Renderer) Poll(ctx context.Context, viewer, id domain.ID) (json.RawMessage, error) {
	if _, err := r.st.Poll(ctx, viewer, id); err != nil {
		return nil, err
	}
	list, err := r.polls(ctx, viewer, []domain.ID{id})
	if err == nil && list[id] == nil {
		err = domain.ErrNotFound
	}
	return list[id], err
}
