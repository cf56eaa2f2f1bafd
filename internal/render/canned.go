package render

import "coterie/internal/domain"

// CannedText is a text that the staff shares.
func CannedText(c *domain.CannedText) any {
	return struct {
		ID        domain.ID         `json:"id"`
		Kind      domain.CannedKind `json:"kind"`
		Title     string            `json:"title"`
		Text      string            `json:"text"`
		CreatedAt string            `json:"created_at"`
		UpdatedAt string            `json:"updated_at"`
	}{c.ID, c.Kind, c.Title, c.Text, timestamp(c.CreatedAt), timestamp(c.UpdatedAt)}
}
