package apub

import "time"

// ActivityDoc is an activity as we send it. The New functions fill it the way
// each kind is sent (facts 14); ID may be "" for Add and Remove only.
type ActivityDoc struct {
	ID, Type, Actor    string
	Published          time.Time
	To, Cc             []string
	Object             Part
	Objects            []string // instead of Object: a list of addresses
	Target             string
	Result, Instrument Part
	Content            string
	Approval           string // of a boost, by the author of what is boosted
}

func (a ActivityDoc) vocabulary() vocabulary {
	v := plainWords
	for _, p := range [...]Part{a.Object, a.Result, a.Instrument} {
		if p != nil {
			v = max(v, p.vocabulary())
		}
	}
	switch {
	case v == plainWords && (a.Type == "QuoteRequest" || a.Type == "FeatureRequest"):
		return consentWords
	case v == plainWords && a.Approval != "":
		return boostWords
	}
	return v
}

func (a ActivityDoc) write(w *writer) {
	w.open('{')
	w.opt("id", a.ID)
	w.str("type", a.Type)
	w.str("actor", a.Actor)
	w.when("published", a.Published)
	w.listIf("to", a.To)
	w.listIf("cc", a.Cc)
	w.opt("content", a.Content)
	if a.Object != nil {
		w.part("object", a.Object)
	} else {
		w.list("object", a.Objects)
	}
	w.opt("target", a.Target)
	w.opt("announceAuthorization", a.Approval)
	w.opt("approvedBy", a.Approval) // the name before GoToSocial 0.21
	if a.Instrument != nil {
		w.part("instrument", a.Instrument)
	}
	if a.Result != nil {
		w.part("result", a.Result)
	}
	w.close('}')
}

// NewCreate is a new post to its own audience.
func NewCreate(id string, n NoteDoc) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Create", Actor: n.Author, Published: n.Published, To: n.To, Cc: n.Cc, Object: n}
}

// NewUpdate is an edit, or new counts of a poll (whose Updated is zero).
func NewUpdate(id string, n NoteDoc, at time.Time) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Update", Actor: n.Author, Published: at, To: n.To, Cc: n.Cc, Object: n}
}

// NewActorUpdate is a changed profile, to everybody.
func NewActorUpdate(id string, a ActorDoc) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Update", Actor: a.ID, To: []string{Public}, Object: a}
}

// NewDelete withdraws a post.
func NewDelete(id, actor, post string) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Delete", Actor: actor, To: []string{Public}, Object: Tombstone{ID: post}}
}

// NewActorDelete withdraws an account for good.
func NewActorDelete(id, actor string) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Delete", Actor: actor, To: []string{Public}, Object: IRI(actor)}
}

// NewRevocation withdraws an authorization.
func NewRevocation(id, actor string, c ConsentDoc) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Delete", Actor: actor, To: []string{Public}, Object: c}
}

// NewAnnounce is a boost. Where the author of the post approved of it, set
// Approval.
func NewAnnounce(id, actor, post string, at time.Time, to, cc []string) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Announce", Actor: actor, Published: at, To: to, Cc: cc, Object: IRI(post)}
}

// NewPrivateAnnounce is a boost of one's own followers-only post, which has
// to be sent along as it cannot be fetched.
func NewPrivateAnnounce(id string, n NoteDoc, at time.Time, to []string) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Announce", Actor: n.Author, Published: at, To: to, Object: n}
}

// NewLike is a favourite.
func NewLike(id, actor, post string) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Like", Actor: actor, Object: IRI(post)}
}

// NewFollow asks to follow; whom is an actor, or Public for a relay.
func NewFollow(id, actor, whom string) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Follow", Actor: actor, Object: IRI(whom)}
}

// NewBlock blocks a remote account.
func NewBlock(id, actor, whom string) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Block", Actor: actor, Object: IRI(whom)}
}

// NewUndo takes an activity back. The audience is that of the activity.
func NewUndo(id string, done ActivityDoc) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Undo", Actor: done.Actor, To: done.To, Cc: done.Cc, Object: done}
}

// NewAccept says yes to a request; result is the authorization given, "" for
// a Follow.
func NewAccept(id, actor string, request ActivityDoc, result string) ActivityDoc {
	a := ActivityDoc{ID: id, Type: "Accept", Actor: actor, To: []string{request.Actor}, Object: request}
	if result != "" {
		a.Result = IRI(result)
	}
	return a
}

// NewReject says no to a request, or ends an accepted follow.
func NewReject(id, actor string, request ActivityDoc) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Reject", Actor: actor, To: []string{request.Actor}, Object: request}
}

// NewAdd pins a post (an IRI) or features a hashtag.
func NewAdd(actor string, what Part, collection string) ActivityDoc {
	return ActivityDoc{Type: "Add", Actor: actor, Object: what, Target: collection}
}

// NewRemove is the reverse of NewAdd.
func NewRemove(actor string, what Part, collection string) ActivityDoc {
	return ActivityDoc{Type: "Remove", Actor: actor, Object: what, Target: collection}
}

// NewFlag reports an account and posts of it, in the name of the instance
// actor.
func NewFlag(id, instanceActor, comment string, objects []string) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Flag", Actor: instanceActor, Content: comment, Objects: objects}
}

// NewMove tells the followers where the account is now.
func NewMove(id, actor, target, followers string) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Move", Actor: actor, Object: IRI(actor), Target: target, To: []string{followers}}
}

// NewQuoteRequest asks the author of a post for leave to quote it.
func NewQuoteRequest(id, quoted string, quote NoteDoc, author string) ActivityDoc {
	return ActivityDoc{
		ID: id, Type: "QuoteRequest", Actor: quote.Author, To: []string{author}, Object: IRI(quoted), Instrument: quote,
	}
}

// NewVote sends one vote.
func NewVote(id string, v VoteDoc) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Create", Actor: v.Voter, To: []string{v.PollAuthor}, Object: v}
}

// Request gives back a received request in the form we embed in an answer:
// its id and who asked whom, nothing else of the stranger's.
func (a *Activity) Request() ActivityDoc {
	d := ActivityDoc{ID: a.ID, Type: a.Type, Actor: a.Actor, Object: IRI(a.Object().ID)}
	if a.Instrument.ID != "" {
		d.Instrument = IRI(a.Instrument.ID)
	}
	return d
}

// ConsentDoc is an authorization we gave, as others fetch it (FEP-044f,
// FEP-7aa9).
type ConsentDoc Consent

func (ConsentDoc) vocabulary() vocabulary { return consentWords }

func (c ConsentDoc) write(w *writer) {
	w.open('{')
	w.str("id", c.ID)
	w.str("type", c.Type)
	w.opt("attributedTo", c.AttributedTo)
	w.opt("interactingObject", c.Object)
	w.opt("interactionTarget", c.Target)
	w.close('}')
}

// CollectionDoc is a collection or a page of one. Total below 0 is left out;
// so is what is empty. A page, and a collection without First, writes its
// items.
type CollectionDoc struct {
	ID            string
	Ordered, Page bool
	Total         int64
	First, Last   string
	FirstPage     *CollectionDoc
	Next, Prev    string
	PartOf        string
	AttributedTo  string
	Items         []Part
	WithoutItems  bool // a count only, such as likes
}

func (c CollectionDoc) vocabulary() vocabulary {
	v := plainWords
	for _, i := range c.Items {
		v = max(v, i.vocabulary())
	}
	return v
}

func (c CollectionDoc) write(w *writer) {
	typ, items := "Collection", "items"
	if c.Ordered {
		typ, items = "OrderedCollection", "orderedItems"
	}
	if c.Page {
		typ += "Page"
	}
	w.open('{')
	w.opt("id", c.ID)
	w.str("type", typ)
	if c.Total >= 0 && !c.Page {
		w.int("totalItems", c.Total)
	}
	w.opt("attributedTo", c.AttributedTo)
	if c.FirstPage != nil {
		w.part("first", *c.FirstPage)
	} else {
		w.opt("first", c.First)
	}
	w.opt("last", c.Last)
	w.opt("next", c.Next)
	w.opt("prev", c.Prev)
	w.opt("partOf", c.PartOf)
	if c.Page || c.First == "" && c.FirstPage == nil && !c.WithoutItems {
		w.key(items)
		w.open('[')
		for _, i := range c.Items {
			i.write(w)
		}
		w.close(']')
	}
	w.close('}')
}

// IRIs makes items of addresses.
func IRIs(list []string) []Part {
	out := make([]Part, len(list))
	for i, s := range list {
		out[i] = IRI(s)
	}
	return out
}
