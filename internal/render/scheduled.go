package render

import "coterie/internal/domain"

// ScheduledStatus is a post that waits for its time.
type ScheduledStatus struct {
	ID               domain.ID       `json:"id"`
	ScheduledAt      string          `json:"scheduled_at"`
	Params           scheduledParams `json:"params"`
	MediaAttachments []any           `json:"media_attachments"`
}

// scheduledParams mirrors the request. Ids are strings, as everywhere
// (behaviours 2.2), where upstream has two numbers.
type scheduledParams struct {
	Text          string             `json:"text"`
	Poll          *scheduledPoll     `json:"poll"`
	MediaIDs      []string           `json:"media_ids"`
	Sensitive     *bool              `json:"sensitive"`
	SpoilerText   *string            `json:"spoiler_text"`
	Visibility    *domain.Visibility `json:"visibility"`
	InReplyToID   *domain.ID         `json:"in_reply_to_id"`
	QuotedID      *domain.ID         `json:"quoted_status_id"`
	Language      *string            `json:"language"`
	ApplicationID domain.ID          `json:"application_id"`
	ScheduledAt   *string            `json:"scheduled_at"`
	Idempotency   *string            `json:"idempotency"`
	WithRateLimit bool               `json:"with_rate_limit"`
}

type scheduledPoll struct {
	Options    []string `json:"options"`
	ExpiresIn  int64    `json:"expires_in"`
	Multiple   bool     `json:"multiple"`
	HideTotals bool     `json:"hide_totals"`
}

// Scheduled is the entity of a scheduled post.
func Scheduled(p *domain.Scheduled) ScheduledStatus {
	c := &p.Params
	j := ScheduledStatus{ID: p.ID, ScheduledAt: timestamp(p.At), MediaAttachments: []any{}, Params: scheduledParams{
		Text: c.Text, Sensitive: c.Sensitive, SpoilerText: textOrNull(c.Spoiler), Visibility: c.Visibility,
		Language: textOrNull(c.Language), ApplicationID: c.App, Idempotency: textOrNull(c.Idempotency),
		InReplyToID: idOrNull(c.InReplyTo), QuotedID: idOrNull(c.Quote),
	}}
	if c.Poll != nil {
		j.Params.Poll = &scheduledPoll{c.Poll.Options, c.Poll.ExpiresIn, c.Poll.Multiple, c.Poll.HideTotals}
	}
	return j
}
