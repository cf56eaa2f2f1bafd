package apub

// QuoteState is what a post itself says about its quote. It is a claim: an
// authorization must be fetched and matched before the quote is shown.
type QuoteState uint8

const (
	QuoteNone       QuoteState = iota
	QuoteLegacy                // named the old way; no consent was asked
	QuotePending               // FEP-044f, no authorization yet
	QuoteAuthorized            // FEP-044f, names an authorization
	QuoteDeleted               // the quoted post is gone
)

// Quote is what a post quotes. Target is "" only when there is none, or for
// QuoteDeleted.
type Quote struct {
	State         QuoteState
	Target        string
	Authorization string
}

const relQuote = "https://misskey-hub.net/ns#_misskey_quote"

// readQuote takes the first usable of quote, _misskey_quote, quoteUrl,
// quoteUri (facts 13), then an object link (FEP-e232). A quote that is no
// address (BookWyrm's is text) is none.
func readQuote(n *node, links []LinkTag) Quote {
	q := n.get("quote").first()
	if q.is("Tombstone") {
		return Quote{State: QuoteDeleted}
	}
	if id := q.id(); id != "" && id != Public {
		out := Quote{State: QuotePending, Target: id, Authorization: n.get("quoteAuthorization").id()}
		if out.Authorization != "" {
			out.State = QuoteAuthorized
		}
		return out
	}
	for _, name := range [...]string{"_misskey_quote", "quoteUrl", "quoteUri"} {
		if id := n.get(name).id(); id != "" && id != Public {
			return Quote{State: QuoteLegacy, Target: id}
		}
	}
	for _, l := range links {
		if l.objectLink() {
			return Quote{State: QuoteLegacy, Target: l.Href}
		}
	}
	return Quote{}
}

// objectLink reports a link to an ActivityPub object.
func (l LinkTag) objectLink() bool {
	return l.Rel == relQuote || isActivityType(l.MediaType)
}
