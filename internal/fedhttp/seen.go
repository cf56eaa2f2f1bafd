package fedhttp

import (
	"crypto/sha256"
	"encoding/hex"

	"coterie/internal/apub"
	"coterie/internal/store"
)

// see remembers the letter and reports whether it is new (SEC-10). Some do
// again what they took back under the same id (Misskey follows so), and take
// it back again: each of the two makes the other new, while the requests
// themselves stay used.
func (d *delivery) see(tx *store.Tx) (bool, error) {
	name, opposite := d.seenAs()
	if opposite == "" {
		return tx.SeeActivity(name)
	}
	used, err := tx.Seen(d.r.Context(), d.signedAs())
	if err != nil || used {
		return false, err
	}
	fresh, err := tx.SeeActivity(name)
	if err != nil || !fresh {
		return false, err
	}
	if _, err := tx.SeeActivity(d.signedAs()); err != nil {
		return false, err
	}
	return true, tx.ForgetActivity(opposite)
}

// mayReturn reports whether what an activity of that type does may be taken
// back and done again.
func mayReturn(kind string) bool {
	switch kind {
	case "Follow", "Like", "EmojiReact", "Announce", "Block":
		return true
	}
	return false
}

// seenAs is the name under which the letter is remembered: the activity's id
// where its own actor sent it, so that nobody can take up another's ids in
// advance; with its sender where it was forwarded; else the signature. What
// takes something back is named after that. opposite is the name of what the
// letter makes new again, "" for nothing.
func (d *delivery) seenAs() (name, opposite string) {
	a := d.doc.Activity
	if a == nil {
		return d.signedAs(), ""
	}
	own := func(id string) bool { return a.Actor == d.signer.URI && apub.SameOrigin(id, a.Actor) }
	undone := a.Object().ID
	switch {
	case a.Type == "Undo" && own(undone):
		return "undo:" + undone, undone
	case a.ID == "":
		return d.signedAs(), ""
	case own(a.ID) && mayReturn(a.Type):
		return a.ID, "undo:" + a.ID
	case own(a.ID):
		return a.ID, ""
	}
	return "from:" + apub.Host(d.signer.URI) + " " + a.ID, ""
}

// signedAs names the request by its signature, which no honest sender uses
// twice.
func (d *delivery) signedAs() string {
	sum := sha256.Sum256(d.signature.Value)
	return "signature:" + hex.EncodeToString(sum[:])
}
