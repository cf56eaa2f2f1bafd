package domain

import "strings"

// URLs makes and reads the addresses of ours that other servers know (design
// section 6). They never change, and are derived, never stored; an explicit
// URI wins.
type URLs struct {
	Base string // scheme and host, no trailing slash
	Host string // domain of our handles
}

// ActorURI identifies the account to other servers.
func (u URLs) ActorURI(a *Account) string {
	if a.URI != "" {
		return a.URI
	}
	return u.Base + "/users/" + a.Username
}

// Profile is the page of the account for people.
func (u URLs) Profile(a *Account) string {
	switch {
	case a.URL != "":
		return a.URL
	case !a.Local():
		return a.URI
	}
	return u.Base + "/@" + a.Username
}

// StatusURI identifies the status to other servers; that of a boost is its
// activity.
func (u URLs) StatusURI(s *Status, author *Account) string {
	if s.URI != "" {
		return s.URI
	}
	uri := u.Base + "/users/" + author.Username + "/statuses/" + s.ID.String()
	if s.ReblogOf != 0 {
		uri += "/activity"
	}
	return uri
}

// StatusURL is the page of the status for people.
func (u URLs) StatusURL(s *Status, author *Account) string {
	switch {
	case s.URL != "":
		return s.URL
	case !s.Local, s.ReblogOf != 0:
		return u.StatusURI(s, author)
	}
	return u.Base + "/@" + author.Username + "/" + s.ID.String()
}

// DefaultAvatar is the picture of who has none; clients look for its name to
// hide it (behaviours 2.6).
func (u URLs) DefaultAvatar() string { return u.Base + "/avatars/original/missing.png" }

// InstanceActor is the community's own actor, who signs what no person does.
func (u URLs) InstanceActor() string { return u.Base + "/actor" }

// SharedInbox is where letters to several people here go.
func (u URLs) SharedInbox() string { return u.Base + "/inbox" }

// Followers is the collection of a local account's followers.
func (u URLs) Followers(a *Account) string { return u.ActorURI(a) + "/followers" }

// Following is the collection of whom a local account follows.
func (u URLs) Following(a *Account) string { return u.ActorURI(a) + "/following" }

// Featured is the collection of the statuses a local account has pinned.
func (u URLs) Featured(a *Account) string { return u.ActorURI(a) + "/collections/featured" }

// FeaturedTags is the collection of the hashtags on a local account's profile.
func (u URLs) FeaturedTags(a *Account) string { return u.ActorURI(a) + "/collections/tags" }

// Collection identifies a collection of accounts to other servers.
func (u URLs) Collection(owner *Account, c *Collection) string {
	if c.URI != "" {
		return c.URI
	}
	return u.ActorURI(owner) + "/collections/" + c.ID.String()
}

// collectionPages is where the pages of collections are.
const collectionPages = "/collections/"

// CollectionPage is the page of a collection of ours for people, "" for one
// from elsewhere.
func (u URLs) CollectionPage(c *Collection) string {
	if !c.Local() {
		return ""
	}
	return u.Base + collectionPages + c.ID.String()
}

// ParseCollection reads what Collection and CollectionPage wrote of one of
// ours. ok is false for any other address.
func (u URLs) ParseCollection(address string) (id ID, ok bool) {
	if rest, is := strings.CutPrefix(address, u.Base+collectionPages); is {
		return ParseID(rest)
	}
	l, _ := u.Parse(address)
	rest, is := strings.CutPrefix(l.Part, "collections/")
	if !is {
		return 0, false
	}
	return ParseID(rest)
}

// FeaturedCollections is the collection of a local account's collections.
func (u URLs) FeaturedCollections(a *Account) string { return u.ActorURI(a) + "/featured_collections" }

// CollectionItem is an entry of a local account's collection.
func (u URLs) CollectionItem(owner *Account, item ID) string {
	return u.ActorURI(owner) + "/collection_items/" + item.String()
}

// FeatureAuthorization is the document by which a local account agrees to be
// in a collection (FEP-7aa9).
func (u URLs) FeatureAuthorization(member *Account, item ID) string {
	return u.ActorURI(member) + "/feature_authorizations/" + item.String()
}

// QuoteAuthorization is the document by which a local account allows a status
// to quote one of its own (FEP-044f).
func (u URLs) QuoteAuthorization(quoted *Account, quote ID) string {
	return u.ActorURI(quoted) + "/quote_authorizations/" + quote.String()
}

// PushUnsubscribe is where a push service ends a subscription.
func (u URLs) PushUnsubscribe(ticket string) string {
	return u.Base + "/api/web/push_subscriptions/" + ticket
}

// KeyID is the id of the main key of an actor of ours.
func (u URLs) KeyID(actorURI string) string { return actorURI + "#main-key" }

// ProofKeyID is the id of the key with which an actor of ours makes proofs.
func (u URLs) ProofKeyID(actorURI string) string { return actorURI + "#ed25519-key" }

// LocalURI is what an address of ours names.
type LocalURI struct {
	Username string // "" is the community's own actor
	Status   ID     // 0: the account itself
	// Part is what follows: "activity", "followers", "inbox" …, "" if nothing.
	Part string
}

// Parse reads an address of ours, of an actor, a status or a part of them, in
// the form of servers or of people. ok is false for addresses of others.
func (u URLs) Parse(uri string) (l LocalURI, ok bool) {
	path, ok := strings.CutPrefix(uri, u.Base+"/")
	if !ok {
		return l, false
	}
	path, _, _ = strings.Cut(path, "#")
	if path == "actor" {
		return l, true
	}
	seg := strings.Split(path, "/")
	switch {
	case seg[0] == "users" && len(seg) > 1:
		seg = seg[1:]
		if len(seg) > 2 && seg[1] == "statuses" {
			seg = append(seg[:1:1], seg[2:]...)
		} else if len(seg) > 1 {
			l.Username, l.Part = seg[0], strings.Join(seg[1:], "/")
			return l, l.Username != ""
		}
	case strings.HasPrefix(seg[0], "@"):
		seg[0] = seg[0][1:]
	default:
		return l, false
	}
	l.Username = seg[0]
	if len(seg) > 1 {
		if l.Status, ok = ParseID(seg[1]); !ok {
			return l, false
		}
		l.Part = strings.Join(seg[2:], "/")
	}
	return l, l.Username != ""
}

// Deed names the kinds of activity whose id is derived from the row that
// remembers them.
type Deed string

const (
	DeedFollow Deed = "follows"
	DeedLike   Deed = "likes"
	DeedBlock  Deed = "blocks"
	DeedQuote  Deed = "quote_requests" // the row is the status that quotes

	DeedFeature Deed = "feature_requests" // the row is the item of the collection
)

// DeedURI is the id of an activity of the actor, by its row.
func (u URLs) DeedURI(actor *Account, d Deed, row ID) string {
	return u.ActorURI(actor) + "#" + string(d) + "/" + row.String()
}

// ParseDeed reads what DeedURI wrote. ok is false for addresses of others.
func (u URLs) ParseDeed(uri string) (username string, d Deed, row ID, ok bool) {
	address, fragment, found := strings.Cut(uri, "#")
	kind, id, split := strings.Cut(fragment, "/")
	l, ours := u.Parse(address)
	if !found || !split || !ours || l.Username == "" || l.Status != 0 || l.Part != "" {
		return "", "", 0, false
	}
	switch d = Deed(kind); d {
	case DeedFollow, DeedLike, DeedBlock, DeedQuote, DeedFeature:
		row, ok = ParseID(id)
	}
	return l.Username, d, row, ok
}

// RelayFollow is the id of the activity by which the community follows a relay.
func (u URLs) RelayFollow(relay ID) string {
	return u.InstanceActor() + "#follows/" + relay.String()
}

// ParseRelayFollow reads what RelayFollow wrote. ok is false for addresses of
// others.
func (u URLs) ParseRelayFollow(uri string) (relay ID, ok bool) {
	id, ok := strings.CutPrefix(uri, u.InstanceActor()+"#follows/")
	if !ok {
		return 0, false
	}
	return ParseID(id)
}
