package apub

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// writer appends a JSON document in the order it is told, so that the same
// values always give the same bytes.
type writer struct {
	b     []byte
	comma bool
}

const hexDigits = "0123456789abcdef"

// appendString appends a JSON string, escaping as little as RFC 8785 does.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += n
			continue
		}
		i++
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, '\\', 'b')
		case '\t':
			b = append(b, '\\', 't')
		case '\n':
			b = append(b, '\\', 'n')
		case '\f':
			b = append(b, '\\', 'f')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			if c < 0x20 {
				b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			} else {
				b = append(b, c)
			}
		}
	}
	return append(b, '"')
}

func (w *writer) sep() {
	if w.comma {
		w.b = append(w.b, ',')
	}
	w.comma = true
}

func (w *writer) open(c byte) {
	w.sep()
	w.b = append(w.b, c)
	w.comma = false
}

func (w *writer) close(c byte) {
	w.b = append(w.b, c)
	w.comma = true
}

func (w *writer) key(k string) {
	w.sep()
	w.b = append(appendString(w.b, k), ':')
	w.comma = false
}

func (w *writer) text(s string) {
	w.sep()
	w.b = appendString(w.b, s)
}

func (w *writer) raw(s string) {
	w.sep()
	w.b = append(w.b, s...)
}

// str writes a member, also when it is empty.
func (w *writer) str(k, v string) {
	w.key(k)
	w.text(v)
}

// opt writes a member unless it is empty.
func (w *writer) opt(k, v string) {
	if v != "" {
		w.str(k, v)
	}
}

// orNull writes null for an empty value.
func (w *writer) orNull(k, v string) {
	if w.key(k); v == "" {
		w.raw("null")
	} else {
		w.text(v)
	}
}

func (w *writer) bool(k string, v bool) {
	w.key(k)
	w.raw(strconv.FormatBool(v))
}

// boolIf writes a member that stands only when it is true.
func (w *writer) boolIf(k string, v bool) {
	if v {
		w.bool(k, v)
	}
}

func (w *writer) int(k string, v int64) {
	w.key(k)
	w.raw(strconv.FormatInt(v, 10))
}

// when writes a time, UTC, with milliseconds only where there are some; a
// zero time is left out.
func (w *writer) when(k string, t time.Time) {
	if !t.IsZero() {
		w.str(k, t.UTC().Format("2006-01-02T15:04:05.999Z07:00"))
	}
}

func (w *writer) list(k string, v []string) {
	w.key(k)
	w.open('[')
	for _, s := range v {
		w.text(s)
	}
	w.close(']')
}

// listIf writes a list that stands only when it has entries.
func (w *writer) listIf(k string, v []string) {
	if len(v) > 0 {
		w.list(k, v)
	}
}

func (w *writer) part(k string, p Part) {
	w.key(k)
	p.write(w)
}

// Part is anything that can stand in a document we send: the Doc types, IRI
// and Tombstone.
type Part interface {
	write(w *writer)
	vocabulary() vocabulary
}

// Encode writes a document with its @context. The same values always give
// the same bytes; encode once and send those.
func Encode(p Part) []byte {
	w := &writer{b: make([]byte, 0, 4096)}
	p.write(w)
	const brace = 1
	out := make([]byte, 0, len(w.b)+2048)
	out = append(out, `{"@context":`...)
	out = append(out, p.vocabulary().context()...)
	if len(w.b) > len("{}") {
		out = append(out, ',')
	}
	return append(out, w.b[brace:]...)
}

// IRI stands for an object by its address alone.
type IRI string

func (i IRI) write(w *writer)              { w.text(string(i)) }
func (IRI) vocabulary() vocabulary         { return plainWords }
func (t Tombstone) vocabulary() vocabulary { return plainWords }

// Tombstone stands for a post that was deleted.
type Tombstone struct{ ID string }

func (t Tombstone) write(w *writer) {
	w.open('{')
	w.str("id", t.ID)
	w.str("type", "Tombstone")
	w.close('}')
}

// vocabulary is which terms a document uses beyond ActivityStreams.
type vocabulary uint8

const (
	plainWords vocabulary = iota
	noteWords
	answerWords // a note with an approval or a collection
	actorWords
	consentWords
	featureWords
	boostWords // a boost with an approval
)

// context is the @context that defines the terms, written the way Mastodon
// writes it, since others look for these very definitions (facts 28, 30).
func (v vocabulary) context() string {
	switch v {
	case noteWords:
		return noteContext + `}]`
	case answerWords:
		return noteContext + approvalTerms + `}]`
	case actorWords:
		return actorContext
	case consentWords:
		return consentContext
	case featureWords:
		return featureContext
	case boostWords:
		return boostContext
	}
	return `"` + nsAS + `"`
}

const (
	sharedTerms = `"sensitive":"as:sensitive","Hashtag":"as:Hashtag","toot":"http://joinmastodon.org/ns#",` +
		`"Emoji":"toot:Emoji","focalPoint":{"@container":"@list","@id":"toot:focalPoint"},"blurhash":"toot:blurhash",` +
		`"gts":"https://gotosocial.org/ns#","interactionPolicy":{"@id":"gts:interactionPolicy","@type":"@id"},` +
		`"automaticApproval":{"@id":"gts:automaticApproval","@type":"@id"},` +
		`"manualApproval":{"@id":"gts:manualApproval","@type":"@id"}`

	noteContext = `["` + nsAS + `",{"ostatus":"http://ostatus.org#","conversation":"ostatus:conversation",` +
		`"votersCount":"toot:votersCount",` + sharedTerms + `,` +
		`"canQuote":{"@id":"gts:canQuote","@type":"@id"},` +
		`"quote":{"@id":"https://w3id.org/fep/044f#quote","@type":"@id"},` +
		`"quoteUri":"http://fedibird.com/ns#quoteUri",` +
		`"_misskey_quote":"https://misskey-hub.net/ns#_misskey_quote",` +
		`"quoteAuthorization":{"@id":"https://w3id.org/fep/044f#quoteAuthorization","@type":"@id"},` +
		`"QuoteRequest":"https://w3id.org/fep/044f#QuoteRequest"`

	approvalTerms = `,"replyAuthorization":{"@id":"gts:replyAuthorization","@type":"@id"},` +
		`"approvedBy":{"@id":"gts:approvedBy","@type":"@id"},` +
		`"FeaturedCollection":"https://w3id.org/fep/7aa9#FeaturedCollection"`

	boostContext = `["` + nsAS + `",{"gts":"https://gotosocial.org/ns#",` +
		`"announceAuthorization":{"@id":"gts:announceAuthorization","@type":"@id"},` +
		`"approvedBy":{"@id":"gts:approvedBy","@type":"@id"}}]`

	actorContext = `["` + nsAS + `","` + nsSec + `","https://w3id.org/security/multikey/v1",` +
		`"https://purl.archive.org/socialweb/webfinger",` +
		`{"manuallyApprovesFollowers":"as:manuallyApprovesFollowers",` + sharedTerms + `,` +
		`"featured":{"@id":"toot:featured","@type":"@id"},"featuredTags":{"@id":"toot:featuredTags","@type":"@id"},` +
		`"alsoKnownAs":{"@id":"as:alsoKnownAs","@type":"@id"},"movedTo":{"@id":"as:movedTo","@type":"@id"},` +
		`"schema":"http://schema.org#","PropertyValue":"schema:PropertyValue","value":"schema:value",` +
		`"discoverable":"toot:discoverable","suspended":"toot:suspended","memorial":"toot:memorial",` +
		`"indexable":"toot:indexable","attributionDomains":{"@id":"toot:attributionDomains","@type":"@id"},` +
		`"showFeatured":"toot:showFeatured","showMedia":"toot:showMedia","showRepliesInMedia":"toot:showRepliesInMedia",` +
		`"canFeature":{"@id":"https://w3id.org/fep/7aa9#canFeature","@type":"@id"},` +
		`"featuredCollections":{"@id":"https://w3id.org/fep/7aa9#featuredCollections","@type":"@id"}}]`

	featureContext = `["` + nsAS + `","https://w3id.org/fep/7aa9",{"toot":"http://joinmastodon.org/ns#",` +
		`"sensitive":"as:sensitive","discoverable":"toot:discoverable","Hashtag":"as:Hashtag",` +
		`"featuredObjectType":"https://w3id.org/fep/7aa9#featuredObjectType"}]`

	consentContext = `["` + nsAS + `",{"QuoteAuthorization":"https://w3id.org/fep/044f#QuoteAuthorization",` +
		`"QuoteRequest":"https://w3id.org/fep/044f#QuoteRequest",` +
		`"FeatureAuthorization":"https://w3id.org/fep/7aa9#FeatureAuthorization",` +
		`"FeatureRequest":"https://w3id.org/fep/7aa9#FeatureRequest",` +
		`"gts":"https://gotosocial.org/ns#","interactingObject":{"@id":"gts:interactingObject","@type":"@id"},` +
		`"interactionTarget":{"@id":"gts:interactionTarget","@type":"@id"}}]`
)
