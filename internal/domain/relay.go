package domain

import "time"

// RelayState is how a relay stands to us.
type RelayState string

const (
	RelayPending  RelayState = "pending"
	RelayAccepted RelayState = "accepted"
	RelayRejected RelayState = "rejected"
	// RelayDisabled is not followed until it is enabled again.
	RelayDisabled RelayState = "disabled"
	// RelayRemoved waits for fan-out to say so to the relay.
	RelayRemoved RelayState = "removed"
)

// Relay passes public posts on to everybody who follows it (facts 17). One
// with an Actor is followed as an actor (LitePub), another through its inbox.
type Relay struct {
	ID        ID
	Inbox     string
	Actor     string
	State     RelayState
	CreatedAt time.Time
}
