package apub

import (
	"errors"
	"strings"
	"time"
)

// Activity is somebody doing something to an object. ID may be "": several
// kinds come without one (facts 14).
type Activity struct {
	ID, Type string
	Actor    string
	Objects  []Ref // usually one; votes and flags may have more
	Target   Ref
	// Result is the authorization an Accept names; Instrument is what a
	// request asks for (the quote post of a QuoteRequest).
	Result, Instrument Ref
	// Content is a reaction or a report's comment; Summary a reason.
	Content, Summary string
	Emojis           []Emoji
	To, Cc, Audience []string
	Published        time.Time
	EndTime          time.Time
	RemoveData       bool
	Raw              []byte
}

// Object is the first object, or the zero Ref.
func (a *Activity) Object() Ref {
	if len(a.Objects) == 0 {
		return Ref{}
	}
	return a.Objects[0]
}

// Inner is the embedded activity of an Undo, Accept, Reject or Announce; nil
// when only an id or something else is there.
func (a *Activity) Inner() *Activity {
	if d := a.Object().Doc; d != nil {
		return d.Activity
	}
	return nil
}

// Reaction is the emoji of an EmojiReact or of a Like that carries one:
// a grapheme or ":shortcode:"; "" for a plain favourite (facts 14).
func (a *Activity) Reaction() string {
	if a.Type != "Like" && a.Type != "EmojiReact" || len(a.Content) > MaxShortcode {
		return ""
	}
	return a.Content
}

// Comment is what a Flag says: content, else summary, as plain text.
func (a *Activity) Comment() string {
	if c := plain(a.Content); c != "" {
		return cut(c, MaxSpoiler)
	}
	return cut(plain(a.Summary), MaxSpoiler)
}

// OwnNotes are the embedded posts that are the actor's own and may be
// believed as far as the activity is: of a Create, an Update, or the boost of
// a post of one's own. All other copies are ignored and fetched by id
// (facts 3, SEC-17).
func (a *Activity) OwnNotes() []*Note {
	var out []*Note
	for _, o := range a.Objects {
		if o.Doc != nil && o.Doc.Note != nil && o.Doc.Note.Author == a.Actor && o.Doc.Note.Check() == nil {
			out = append(out, o.Doc.Note)
		}
	}
	return out
}

func (r *reader) activity(n *node, d *Document) *Activity {
	a := &Activity{
		ID: d.ID, Type: d.Type, Raw: d.Raw,
		Actor:      n.get("actor").id(),
		Objects:    r.refs(n.get("object"), MaxObjects),
		Target:     r.ref(n.get("target")),
		Result:     r.ref(n.get("result")),
		Instrument: r.ref(n.get("instrument")),
		Content:    cutBytes(strings.TrimSpace(n.get("content").str()), MaxBio),
		Summary:    cutBytes(strings.TrimSpace(n.get("summary").str()), MaxBio),
		To:         n.get("to").ids(MaxRecipients),
		Cc:         n.get("cc").ids(MaxRecipients),
		Audience:   n.get("audience").ids(MaxRecipients),
		Published:  n.get("published").moment(),
		EndTime:    n.get("endTime").moment(),
		RemoveData: n.get("removeData").bool(),
		Emojis:     readTags(n.get("tag")).emojis,
	}
	if a.Content == "" && (a.Type == "Like" || a.Type == "EmojiReact") {
		a.Content = strings.TrimSpace(n.get("_misskey_reaction").str())
	}
	if a.Type == "Create" || a.Type == "Update" {
		a.lendAudience()
	}
	return a
}

// lendAudience gives the activity's recipients to posts of the same author
// that name none (facts 8).
func (a *Activity) lendAudience() {
	for _, o := range a.Objects {
		if o.Doc == nil || o.Doc.Note == nil {
			continue
		}
		if n := o.Doc.Note; !n.addressed && n.Author == a.Actor {
			n.To, n.Cc = a.To, a.Cc
		}
	}
}

// Errors of Check.
var (
	ErrNoActor       = errors.New("the activity names no actor")
	ErrNoObject      = errors.New("the activity names no object")
	ErrForeignID     = errors.New("the activity's id is on another host than its actor")
	ErrForeignObject = errors.New("the object belongs to another host than the actor")
	ErrForeignAuthor = errors.New("the object belongs to another author than the actor")
	ErrNotAsked      = errors.New("the answer comes from somebody who was not asked")
)

// Check reports whether the actor may do this, as far as the document alone
// can tell (facts 3; SEC-02, SEC-16): what passes may still be refused
// against what is stored, what fails must not be acted on (of a Create, the
// object may be fetched by its id instead). It says nothing about who signed.
func (a *Activity) Check() error {
	if a.Actor == "" {
		return ErrNoActor
	}
	if len(a.Objects) == 0 {
		return ErrNoObject
	}
	if a.ID != "" && !SameOrigin(a.ID, a.Actor) {
		return ErrForeignID
	}
	for _, o := range a.Objects {
		if err := a.checkObject(o); err != nil {
			return err
		}
	}
	return nil
}

func (a *Activity) checkObject(o Ref) error {
	switch a.Type {
	case "Create", "Update":
		if !SameOrigin(o.ID, a.Actor) {
			return ErrForeignObject
		}
		if d := o.Doc; d != nil && (d.Note != nil && d.Note.Author != a.Actor || d.Actor != nil && d.ID != a.Actor) {
			return ErrForeignAuthor
		}
	case "Delete":
		if !SameOrigin(o.ID, a.Actor) {
			return ErrForeignObject
		}
	case "Undo":
		if d := o.Doc; d != nil && d.Activity != nil && d.Activity.Actor != "" && d.Activity.Actor != a.Actor {
			return ErrForeignAuthor
		}
		if o.ID != "" && !SameOrigin(o.ID, a.Actor) {
			return ErrForeignObject
		}
	case "Accept", "Reject":
		if o.Doc != nil && o.Doc.Activity != nil && !a.wasAsked(o.Doc.Activity) {
			return ErrNotAsked
		}
	case "Move":
		if o.ID != a.Actor {
			return ErrForeignAuthor
		}
	}
	return nil
}

// wasAsked reports whether the actor is the one a request went to: itself
// for a Follow (a relay is asked through Public), the owner of a post for
// the others.
func (a *Activity) wasAsked(request *Activity) bool {
	asked := request.Object().ID
	if request.Type == "Follow" || request.Type == "FeatureRequest" {
		return asked == a.Actor || asked == Public
	}
	return SameOrigin(asked, a.Actor)
}
