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
	}{
		p.ID, p.Domain, digest(p.Domain), timestamp(p.CreatedAt), severityWords[p.Severity], p.RejectMedia, p.RejectReports,
		textOrNull(p.Private), textOrNull(p.Comment), p.Obfuscate,
	}
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// DomainImpact is what a block would end, with the handles of who loses whom.
func (r *Renderer) DomainImpact(ctx context.Context, sum store.DomainImpact, list []store.CutFollow) (json.RawMessage, error) {
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
	type cut struct {
		Follower string `json:"follower"`
		Followed string `json:"followed"`
	}
	out := struct {
		Accounts  int64 `json:"accounts_count"`
		Statuses  int64 `json:"statuses_count"`
		People    int64 `json:"people_count"` // here who lose follows
		Followers int64 `json:"followers_count"`
		Following int64 `json:"following_count"`
		Follows   []cut `json:"follows"`
	}{sum.Accounts, sum.Statuses, sum.People, sum.Followers, sum.Following, []cut{}}
	for _, c := range list {
		f := cut{handles[c.Remote], handles[c.Local]}
		if c.Following {
			f = cut{handles[c.Local], handles[c.Remote]}
		}
		out.Follows = append(out.Follows, f)
	}
	return encode(out)
}
