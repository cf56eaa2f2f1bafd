package fedhttp_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

// TestSEC36_QuoteAuthorizationsHoldUntilRevoked reads the leave that alice
// gave bob.
func TestSEC36_QuoteAuthorizationsHoldUntilRevoked(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	post := c.Post("alice", "look").Str("id")
	quote := c.Post("bob", "indeed", "quoted_status_id", post).Str("id")
	address := alice + "/quote_authorizations/" + quote
	d := parse(t, document(c, address).OK())
	if d.Type != "QuoteAuthorization" || d.ID != address || d.Consent.AttributedTo != alice ||
		d.Consent.Target != alice+"/statuses/"+post || d.Consent.Object != "http://coterie.test/users/bob/statuses/"+quote {
		t.Errorf("%+v", d.Consent)
	}
	document(c, "/users/bob/quote_authorizations/"+quote).Want(404)
	document(c, alice+"/quote_authorizations/"+post).Want(404)
	document(c, alice+"/quote_authorizations/x").Want(404)
	c.As("alice").POST("/api/v1/statuses/"+post+"/quotes/"+quote+"/revoke", nil).OK()
	document(c, address).Want(404)
}

// TestSEC28_AuthorizationsOfHiddenQuotesAreHidden from whom may not see what
// quotes.
func TestSEC28_AuthorizationsOfHiddenQuotesAreHidden(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.show(ann, w.actor(ann))
	post := w.Post("alice", "look").Str("id")
	quote := w.Post("bob", "between us", "quoted_status_id", post, "visibility", "private").Str("id")
	w.accepted(ann, act("Follow", ann+"/follows/1", ann, "http://one.test/users/bob"))
	w.known(cy)
	address := "http://one.test/users/alice/quote_authorizations/" + quote
	w.reads(address, map[string]int{"": http.StatusNotFound, cy: http.StatusNotFound, ann: http.StatusOK})

	note := ann + "/notes/1"
	quoting := map[string]any{"id": note, "type": "Note", "attributedTo": ann, "content": "<p>hm</p>", "to": []string{ann + "/followers"}, "cc": []string{"http://one.test/users/alice"}, "quote": "http://one.test/users/alice/statuses/" + post}
	request := act("QuoteRequest", ann+"/requests/1", ann, "http://one.test/users/alice/statuses/"+post)
	request["instrument"] = quoting
	w.accepted(ann, request)
	yes := w.sent()
	if len(yes) == 0 || yes[len(yes)-1].doc.Str("type") != "Accept" {
		t.Fatalf("the request is answered %v", yes)
	}
	w.reads(yes[len(yes)-1].doc.Str("result"), map[string]int{"": http.StatusNotFound, cy: http.StatusNotFound, eve: http.StatusOK})
}

// reads demands how a document is answered to strangers, "" for nobody.
func (w *town) reads(address string, want map[string]int) {
	w.t.Helper()
	for by, status := range want {
		r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			w.t.Fatal(err)
		}
		r.Header.Set("Accept", activityJSON)
		if by != "" {
			w.sign(r, by, "")
		}
		rec := w.do(r)
		if rec.Code != status || by != "" && !strings.Contains(rec.Header().Get("Cache-Control"), "no-store") {
			w.t.Errorf("%q reads %s: status %d, %q", by, address, rec.Code, rec.Header().Get("Cache-Control"))
		}
	}
}

// TestSEC20_ALeaveToQuoteIsLookedAt: what the quoted author answers counts
// when the authorization that it names says the same.
func TestSEC20_ALeaveToQuoteIsLookedAt(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	note := ann + "/notes/1"
	w.show(note, map[string]any{
		"id": note, "type": "Note", "attributedTo": ann, "to": []string{public}, "content": "<p>quote me</p>",
		"interactionPolicy": map[string]any{"canQuote": map[string]any{"automaticApproval": []string{public}}},
	})
	quote := w.Post("alice", "see this", "quoted_status_id", w.FindStatus("alice", note).Str("id"))
	var request testkit.Object
	for _, l := range w.sent() {
		if l.doc.Str("type") == "QuoteRequest" {
			request = l.doc
		}
	}
	state := func(what, want string) {
		t.Helper()
		if got := w.As("alice").GET("/api/v1/statuses/" + quote.Str("id")).Object().Obj("quote").Str("state"); got != want {
			t.Errorf("%s: the quote is %s, want %s", what, got, want)
		}
	}
	leave := func(id, of string) map[string]any {
		return map[string]any{"id": id, "type": "QuoteAuthorization", "attributedTo": ann, "interactingObject": of, "interactionTarget": note}
	}
	w.show(ann+"/leaves/other", leave(ann+"/leaves/other", quote.Str("uri")+"0"))
	w.show(ann+"/leaves/right", leave(ann+"/leaves/right", quote.Str("uri")))
	for i, name := range []string{"none", "other", "right"} {
		yes := act("Accept", fmt.Sprintf("%s/accepts/%d", ann, i), ann, request.Str("id"))
		yes["result"] = ann + "/leaves/" + name
		w.accepted(ann, yes)
		state("with "+name, map[bool]string{true: "accepted", false: "pending"}[name == "right"])
	}
	// Somebody passes on that it is over: its own host is asked.
	over := act("Delete", ann+"/deletes/1", ann, ann+"/leaves/right")
	over["signature"] = map[string]any{"type": "RsaSignature2017", "creator": ann + "#main-key", "created": "2026-01-01T00:00:00Z", "signatureValue": "AAAA"}
	w.accepted(cy, over)
	state("somebody lies", "accepted")
	w.hide(ann + "/leaves/right")
	over["id"] = ann + "/deletes/2"
	w.accepted(cy, over)
	state("its host says so, too", "revoked")
}
