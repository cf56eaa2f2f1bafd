package render

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// severityWords are the API's words for what holds a domain off.
var severityWords = map[domain.Severity]string{
	domain.SeverityNoop: "noop", domain.SeverityLimit: "silence", domain.SeveritySuspend: "suspend",
}

// DomainAllow is the entity Admin::DomainAllow.
func DomainAllow(p *domain.DomainPolicy) any {
	return struct {
		ID        domain.ID `json:"id"`
		Domain    string    `json:"domain"`
		CreatedAt string    `json:"created_at"`
	}{p.ID, p.Domain, timestamp(p.CreatedAt)}
}

// AdminDomainBlock is the entity Admin::DomainBlock.
func AdminDomainBlock(p *domain.DomainPolicy) any {
	return struct {
		ID            domain.ID `json:"id"`
		Domain        string    `json:"domain"`
		Digest        string    `json:"digest"`
		CreatedAt     string    `json:"created_at"`
		Severity      string    `json:"severity"`
		RejectMedia   bool      `json:"reject_media"`
		RejectReports bool      `json:"reject_reports"`
		Private       *string   `json:"private_comment"`
		Public        *string   `json:"public_comment"`
		Obfuscate     bool      `json:"obfuscate"`
		ByLists       bool      `json:"by_lists"` // ours
	}{
		p.ID, p.Domain, digest(p.Domain), timestamp(p.CreatedAt), severityWords[p.Severity], p.RejectMedia, p.RejectReports,
		textOrNull(p.Private), textOrNull(p.Comment), p.Obfuscate, p.ByLists,
	}
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Cut is a follow that a decision about a domain ends, by handles.
type Cut struct {
	Follower string `json:"follower"`
	Followed string `json:"followed"`
}

// Cuts are follows that are ended, with the handles of who loses whom.
func (r *Renderer) Cuts(ctx context.Context, list []store.CutFollow) ([]Cut, error) {
	var ids []domain.ID
	for _, c := range list {
		ids = append(ids, c.Local, c.Remote)
	}
	people, err := r.st.Accounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	handles := map[domain.ID]string{}
	for i := range people {
		handles[people[i].ID] = r.URLs.Acct(&people[i])
	}
	out := []Cut{}
	for _, c := range list {
		f := Cut{handles[c.Remote], handles[c.Local]}
		if c.Following {
			f = Cut{handles[c.Local], handles[c.Remote]}
		}
		out = append(out, f)
	}
	return out, nil
}

// DomainImpact is what a block would end, with the handles of who loses whom.
func (r *Renderer) DomainImpact(ctx context.Context, sum store.DomainImpact, list []store.CutFollow) (json.RawMessage, error) {
	follows, err := r.Cuts(ctx, list)
	if err != nil {
		return nil, err
	}
	return encode(struct {
		Accounts  int64 `json:"accounts_count"`
		Statuses  int64 `json:"statuses_count"`
		People    int64 `json:"people_count"` // here who lose follows
		Followers int64 `json:"followers_count"`
		Following int64 `json:"following_count"`
		Follows   []Cut `json:"follows"`
	}{sum.Accounts, sum.Statuses, sum.People, sum.Followers, sum.Following, follows})
}

// SeverityWord is the API's word for what holds a domain off, "none" for
// nothing.
func SeverityWord(s domain.Severity) string {
	if s == domain.SeverityNone {
		return "none"
	}
	return severityWords[s]
}

// DomainList is a block list that the community subscribes to.
func DomainList(d *domain.DomainList) any {
	return struct {
		ID        domain.ID `json:"id"`
		URL       string    `json:"url"`
		Title     string    `json:"title"`
		Active    bool      `json:"active"`
		Entries   int64     `json:"entries"`
		Error     *string   `json:"error"`
		TriedAt   *string   `json:"tried_at"`
		FetchedAt *string   `json:"fetched_at"`
		CreatedAt string    `json:"created_at"`
	}{d.ID, d.URL, d.Title, d.Active, d.Entries, textOrNull(d.Error), orNull(d.TriedAt), orNull(d.FetchedAt), timestamp(d.CreatedAt)}
}
