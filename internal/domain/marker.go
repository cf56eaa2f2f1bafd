package domain

import "time"

// Marker is a reading position (behaviours 16.7).
type Marker struct {
	Timeline  string // "home" or "notifications"
	LastRead  string // whatever the client sent
	Version   int64
	UpdatedAt time.Time
}
