package apub

import "time"

// ActorDoc is an actor as we serve and send it (facts 9). Only what is set is
// written, apart from the flags Mastodon always writes.
type ActorDoc struct {
	ID, Type                string // Person, Service, Group or Application
	Username, Webfinger     string // Webfinger is user@host
	Name, Summary, URL      string // Summary is HTML
	Inbox, SharedInbox      string
	Outbox                  string
	Followers, Following    string
	Featured, FeaturedTags  string
	FeaturedCollections     string
	Locked                  bool
	Discoverable, Indexable bool
	Memorial, Suspended     bool
	ShowFeatured, ShowMedia *bool
	ShowRepliesInMedia      *bool
	Published               time.Time
	CanFeature              *Rule
	Key                     Key
	Multikeys               []Multikey
	Emojis                  []Emoji
	Hashtags                []Hashtag
	Fields                  []Field
	Icon, Image             *Image
	MovedTo                 string
	AlsoKnownAs             []string
	AttributionDomains      []string
}

func (ActorDoc) vocabulary() vocabulary { return actorWords }

// Bare is the actor as a stranger may see it who did not sign: who it is and
// its key (facts 4.5).
func (a ActorDoc) Bare() ActorDoc {
	return ActorDoc{
		ID: a.ID, Type: a.Type, Username: a.Username, Webfinger: a.Webfinger, URL: a.URL, Inbox: a.Inbox, Outbox: a.Outbox,
		SharedInbox: a.SharedInbox, Key: a.Key, Multikeys: a.Multikeys,
	}
}

func (a ActorDoc) write(w *writer) {
	w.open('{')
	w.str("id", a.ID)
	w.opt("webfinger", a.Webfinger)
	w.str("type", a.Type)
	w.opt("following", a.Following)
	w.opt("followers", a.Followers)
	w.str("inbox", a.Inbox)
	w.opt("outbox", a.Outbox)
	w.opt("featured", a.Featured)
	w.opt("featuredTags", a.FeaturedTags)
	w.str("preferredUsername", a.Username)
	if a.Followers != "" || a.Name != "" {
		w.str("name", a.Name)
		w.str("summary", a.Summary)
	}
	w.opt("url", a.URL)
	w.bool("manuallyApprovesFollowers", a.Locked)
	w.bool("discoverable", a.Discoverable)
	w.bool("indexable", a.Indexable)
	w.when("published", a.Published)
	w.bool("memorial", a.Memorial)
	for _, f := range [...]struct {
		name string
		set  *bool
	}{{"showFeatured", a.ShowFeatured}, {"showMedia", a.ShowMedia}, {"showRepliesInMedia", a.ShowRepliesInMedia}} {
		if f.set != nil {
			w.bool(f.name, *f.set)
		}
	}
	if a.CanFeature != nil {
		w.key("interactionPolicy")
		w.open('{')
		w.rule("canFeature", a.CanFeature)
		w.close('}')
	}
	w.opt("featuredCollections", a.FeaturedCollections)
	a.writeKeys(w)
	w.tags(nil, a.Hashtags, a.Emojis, nil)
	a.writeFields(w)
	if a.SharedInbox != "" {
		w.key("endpoints")
		w.open('{')
		w.str("sharedInbox", a.SharedInbox)
		w.close('}')
	}
	w.image("icon", a.Icon)
	w.image("image", a.Image)
	w.opt("movedTo", a.MovedTo)
	w.listIf("alsoKnownAs", a.AlsoKnownAs)
	w.boolIf("suspended", a.Suspended)
	w.listIf("attributionDomains", a.AttributionDomains)
	w.close('}')
}

func (a ActorDoc) writeKeys(w *writer) {
	if a.Key.ID != "" {
		w.key("publicKey")
		w.open('{')
		w.str("id", a.Key.ID)
		w.str("owner", a.Key.Owner)
		w.str("publicKeyPem", a.Key.PEM)
		w.close('}')
	}
	if len(a.Multikeys) == 0 {
		return
	}
	w.key("assertionMethod")
	w.open('[')
	for _, k := range a.Multikeys {
		w.open('{')
		w.str("id", k.ID)
		w.str("type", "Multikey")
		w.str("controller", k.Controller)
		w.str("publicKeyMultibase", k.Multibase)
		w.close('}')
	}
	w.close(']')
}

func (a ActorDoc) writeFields(w *writer) {
	w.key("attachment")
	w.open('[')
	for _, f := range a.Fields {
		w.open('{')
		w.str("type", "PropertyValue")
		w.str("name", f.Name)
		w.str("value", f.Value)
		w.close('}')
	}
	w.close(']')
}
