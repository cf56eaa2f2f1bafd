package fedhttp_test

import (
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
