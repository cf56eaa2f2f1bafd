package render

import "coterie/internal/domain"

// Marker is a reading position.
type Marker struct {
	LastReadID string `json:"last_read_id"`
	Version    int64  `json:"version"`
	UpdatedAt  string `json:"updated_at"`
}

// Markers makes the object of markers by timeline (behaviours 16.7).
func Markers(list []domain.Marker) map[string]Marker {
	m := make(map[string]Marker, len(list))
	for _, k := range list {
		m[k.Timeline] = Marker{LastReadID: k.LastRead, Version: k.Version, UpdatedAt: timestamp(k.UpdatedAt)}
	}
	return m
}
