package domain

import "time"

// Collection is a set of accounts that Account recommends (FEP-7aa9).
type Collection struct {
	ID           ID
	Account      ID
	URI          string // explicit, of one from elsewhere; "" means derived
	Name         string
	Description  string
	Language     string // "" unknown
	Tag          Tag    // the zero value is none
	Sensitive    bool
	Discoverable bool // shown on the profile
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// ItemState is how somebody who was put into a collection stands to that.
type ItemState string

const (
	ItemPending  ItemState = "pending" // asked
	ItemAccepted ItemState = "accepted"
	ItemRejected ItemState = "rejected"
	ItemRevoked  ItemState = "revoked" // agreed, and does no longer
)

// CollectionItem is an account in a collection.
type CollectionItem struct {
	ID         ID
	Collection ID
	Account    ID
	State      ItemState
	// ApprovalURI is the consent of a member elsewhere; that of ours is derived.
	ApprovalURI string
	CreatedAt   time.Time
}

// Local reports whether the collection was made here.
func (c *Collection) Local() bool { return c.URI == "" }

// Audience is whom news of the collection concerns, as a post of that
// visibility would: its members alone, and followers of the owner if it is
// shown on the profile.
func (c *Collection) Audience() Visibility {
	if c.Discoverable {
		return Unlisted
	}
	return Direct
}

// Limits of collections, in characters and pieces (facts 22).
const (
	MaxCollections           = 10 // of one account
	MaxCollectionItems       = 25
	MaxCollectionName        = 40
	MaxCollectionDescription = 100
)

// FeaturePolicy says who may put an account into collections.
type FeaturePolicy uint8

const (
	FeatureNobody FeaturePolicy = iota // but oneself
	FeatureFollowers
	FeaturePublic
)

// FeatureStanding is what decides whether somebody may put Account into a
// collection.
type FeatureStanding struct {
	Account      ID
	Local        bool
	Discoverable bool
	Locked       bool
	Suspended    bool
	Elsewhere    FeaturePolicy // what an account elsewhere says
	Follows      bool          // whoever asks follows it
	Apart        bool          // either blocks the other
}

// Policy follows from what the account says of itself: who does not want to be
// found is nobody's to show, who approves followers trusts those (facts 9).
// Accounts elsewhere say it themselves, and are asked.
func (s FeatureStanding) Policy() FeaturePolicy {
	switch {
	case s.Suspended:
		return FeatureNobody
	case !s.Local:
		return s.Elsewhere
	case !s.Discoverable:
		return FeatureNobody
	case s.Locked:
		return FeatureFollowers
	}
	return FeaturePublic
}

// Allows reports whether viewer, 0 for nobody, may put the account into a
// collection.
func (s FeatureStanding) Allows(viewer ID) bool {
	if viewer == 0 || s.Suspended || s.Apart {
		return false
	}
	if viewer == s.Account {
		return true
	}
	p := s.Policy()
	return p == FeaturePublic || p == FeatureFollowers && s.Follows
}
