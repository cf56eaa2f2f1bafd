package render

import (
	"strconv"
	"time"

	"coterie/internal/domain"
)

// EmailDomainBlock is the entity Admin::EmailDomainBlock. How often it was
// used is not counted.
func EmailDomainBlock(b *domain.EmailDomainBlock, now time.Time) any {
	type day struct {
		Day      string `json:"day"`
		Accounts string `json:"accounts"`
		Uses     string `json:"uses"`
	}
	history := make([]day, 7)
	for i := range history {
		history[i] = day{strconv.FormatInt(now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -i).Unix(), 10), "0", "0"}
	}
	return struct {
		ID        domain.ID `json:"id"`
		Domain    string    `json:"domain"`
		CreatedAt string    `json:"created_at"`
		History   []day     `json:"history"`
		Approval  bool      `json:"allow_with_approval"`
	}{b.ID, b.Domain, timestamp(b.CreatedAt), history, b.AllowApproval}
}

// CanonicalEmailBlock is the entity Admin::CanonicalEmailBlock.
func CanonicalEmailBlock(b *domain.CanonicalEmailBlock) any {
	return struct {
		ID   domain.ID `json:"id"`
		Hash string    `json:"canonical_email_hash"`
	}{b.ID, b.Hash}
}

// IPBlock is the entity Admin::IpBlock.
func IPBlock(b *domain.IPBlock) any {
	return struct {
		ID        domain.ID         `json:"id"`
		IP        string            `json:"ip"`
		Severity  domain.IPSeverity `json:"severity"`
		Comment   string            `json:"comment"`
		CreatedAt string            `json:"created_at"`
		ExpiresAt *string           `json:"expires_at"`
	}{b.ID, b.Network.String(), b.Severity, b.Comment, timestamp(b.CreatedAt), orNull(b.ExpiresAt)}
}
