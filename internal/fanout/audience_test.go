package fanout_test

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func eachHouse(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) { f(t, newHouse(t, o)) })
}

const (
	far      = " far.test/inbox"                // rita and rob share it
	near     = " near.test/users/nora/inbox"    // nora
	stranger = " stranger.test/users/sam/inbox" // sam follows nobody
	relayed  = " relay.test/inbox"              // an accepted relay
)

func (h *house) relay(inbox string, state domain.RelayState) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error { return tx.SaveRelay(&domain.Relay{Inbox: inbox, State: state}) })
}

func (h *house) want(t *testing.T, what string, want ...string) {
	t.Helper()
	got := h.inboxes()
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: sent %q, want %q", what, got, want)
	}
}

// TestAudienceOfEachVisibility: one letter for each inbox, none for a refused
// host, who moved away or is suspended; relays get what is public.
func TestAudienceOfEachVisibility(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.relay("http://relay.test/inbox", domain.RelayAccepted)
		h.relay("http://unanswered.test/inbox", domain.RelayPending)
		for v, want := range map[domain.Visibility][]string{
			domain.Public:   {far, near, relayed, stranger},
			domain.Unlisted: {far, near, stranger},
			domain.Private:  {far, near, stranger},
			domain.Direct:   {stranger},
		} {
			id := h.post("alice", "Hello @sam@stranger.test @umar@refused.test", seenBy(v))
			h.want(t, v.String(), all("Create", want)...)
			h.clock.Add(time.Minute)
			h.must(h.posts.Edit(h.ctx, h.id("alice"), id, domain.Compose{Text: "Hi @sam@stranger.test"}))
			h.want(t, v.String(), all("Update", want)...)
			h.must(h.posts.Delete(h.ctx, h.id("alice"), id))
			h.want(t, v.String(), all("Delete", want)...)
		}
		h.boost("alice", h.theirs("sam", domain.Public))
		h.want(t, "a boost", all("Announce", []string{far, near, stranger})...)
	})
}

func all(activity string, to []string) []string {
	var out []string
	for _, inbox := range to {
		out = append(out, activity+inbox)
	}
	return out
}

// TestSEC28_EditsOfPrivatePostsReachTheirReadersOnly: who once had to do with
// a followers-only post does not get its next wording; only its end.
func TestSEC28_EditsOfPrivatePostsReachTheirReadersOnly(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		for v, edited := range map[domain.Visibility][]string{
			domain.Private: {far, near}, domain.Unlisted: {far, near, stranger},
		} {
			id := h.known(v)
			h.mail()
			h.clock.Add(time.Minute)
			h.must(h.posts.Edit(h.ctx, h.id("alice"), id, domain.Compose{Text: "A secret"}))
			h.want(t, v.String(), all("Update", edited)...)
			h.must(h.posts.Delete(h.ctx, h.id("alice"), id))
			h.want(t, v.String(), all("Delete", []string{far, near, stranger})...)
		}
		parent := h.theirs("sam", domain.Public)
		h.post("alice", "Not for sam", seenBy(domain.Private), func(c *domain.Compose) { c.InReplyTo = parent })
		h.want(t, "a private answer", all("Create", []string{far, near})...)
	})
}

// TestNothingIsSentForOthers has people elsewhere do everything among
// themselves.
func TestNothingIsSentForOthers(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.relay("http://relay.test/inbox", domain.RelayAccepted)
		id := h.theirs("sam", domain.Public)
		for _, kind := range []domain.EventKind{
			domain.EventStatusCreated, domain.EventStatusEdited, domain.EventStatusDeleted, domain.EventFavourited, domain.EventUnfavourited,
			domain.EventPinned, domain.EventUnpinned, domain.EventTagFeatured, domain.EventTagUnfeatured, domain.EventPollVoted,
			domain.EventPollTallied, domain.EventPollEnded, domain.EventFollowed, domain.EventFollowRequested, domain.EventFollowAccepted,
			domain.EventFollowRejected, domain.EventFollowRepeated, domain.EventUnfollowed, domain.EventBlocked, domain.EventUnblocked,
			domain.EventAccountUpdated, domain.EventMoved, domain.EventQuoteRequested, domain.EventQuoteAccepted,
			domain.EventQuoteRejected, domain.EventQuoteRevoked, domain.EventQuotePolicySet, domain.EventStatusRefreshed,
		} {
			h.emit(domain.Event{
				Kind: kind, Actor: h.id("sam"), Target: h.id("rita"), Status: id, Object: id, URI: "http://stranger.test/1",
				Gone: &domain.GoneStatus{URI: "http://stranger.test/2"},
			})
			h.want(t, string(kind))
		}
	})
}

// TestSignedLettersVerify holds a public post's proof and signature against
// the keys that its author publishes.
func TestSignedLettersVerify(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.post("alice", "Hello")
		body := h.mail()[0].body
		doc, err := h.remote.DescribeActor(h.ctx, h.person("alice"))
		h.must(err)
		parsed, err := apub.Parse(apub.Encode(doc))
		h.must(err)
		alice := parsed.Actor
		proof, err := apub.ReadProof(body)
		h.must(err)
		key, err := alice.Ed25519(proof.VerificationMethod)
		h.must(err)
		if _, err := apub.VerifyProof(body, key); err != nil {
			t.Errorf("the proof: %v", err)
		}
		signature, err := apub.ReadLDSignature(body)
		h.must(err)
		published, err := alice.KeyFor(signature.Creator)
		h.must(err)
		var rsaKey *rsa.PublicKey
		rsaKey, err = published.RSA()
		h.must(err)
		if _, err := apub.VerifyLDSignature(body, rsaKey); err != nil {
			t.Errorf("the signature: %v", err)
		}
	})
}

// TestSecureModeSignsNothingThatCanBePassedOn, but for the end of an account.
func TestSecureModeSignsNothingThatCanBePassedOn(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		set, err := h.moderation.Settings(h.ctx)
		h.must(err)
		set.SecureMode, set.Title, set.Registrations = true, "Coterie", domain.RegistrationsClosed
		h.must(h.moderation.SaveSettings(h.ctx, set))
		h.post("alice", "Hello")
		for _, r := range h.mail() {
			if _, err := apub.ReadProof(r.body); err == nil || strings.Contains(string(r.body), `"signature"`) {
				t.Errorf("signed: %s", r.body)
			}
		}
		h.must(h.accounts.Delete(h.ctx, h.id("alice")))
		mail := h.mail()
		if len(mail) == 0 || !strings.Contains(string(mail[0].body), `"signature"`) {
			t.Errorf("the end of the account is not signed: %q", mail)
		}
	})
}

// TestAnEventThatFailsIsSentOnce has the job of an event fail, then work.
func TestAnEventThatFailsIsSentOnce(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.trouble = errors.New("the settings cannot be read")
		h.post("alice", "Hello")
		if _, err := h.runner.Step(h.ctx); err == nil {
			t.Fatal("the job did not fail")
		}
		h.clock.Add(time.Hour)
		h.want(t, "a post", all("Create", []string{far, near})...)
		h.want(t, "afterwards")
	})
}

// TestOneLetterForEachInbox has a thousand followers on three servers, and as
// many as do not fit one write on servers of their own.
func TestOneLetterForEachInbox(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		for i := range 300 {
			name := fmt.Sprintf("f%d", i)
			h.meet(name, fmt.Sprintf("h%d.test", i%3), fmt.Sprintf("http://h%d.test/inbox", i%3))
			h.follows(name, "bob")
		}
		h.post("bob", "Hello")
		h.want(t, "a post", "Create h0.test/inbox", "Create h1.test/inbox", "Create h2.test/inbox")
		for i := range store.MaxDeliveries {
			name := fmt.Sprintf("g%d", i)
			h.meet(name, name+".test", "")
			h.follows(name, "bob")
		}
		h.post("bob", "Hello again")
		if got := h.inboxes(); len(got) != store.MaxDeliveries+3 || len(slices.Compact(got)) != len(got) {
			t.Errorf("%d letters arrived", len(got))
		}
	})
}

// TestForwardedLettersAreNotTouched: the bytes that came are the bytes that
// go, or their signatures would break.
func TestForwardedLettersAreNotTouched(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		l := store.Letter{Signer: h.id("sam"), Host: "stranger.test", Body: "{ \"type\" :\t\"Create\", \"id\": \"http://stranger.test/1\", \"a\": \"\\u00e9<\" }\n"}
		h.write(func(tx *store.Tx) error {
			if err := tx.InsertLetter(&l); err != nil {
				return err
			}
			return tx.Emit(domain.Event{Kind: domain.EventLetterForwarded, Actor: h.id("sam"), Target: h.id("alice"), Object: l.ID})
		})
		mail := h.mail()
		if len(mail) != 2 {
			t.Errorf("it went to %d inboxes", len(mail))
		}
		for _, r := range mail {
			if string(r.body) != l.Body || !strings.HasSuffix(r.key, "/users/alice#main-key") {
				t.Errorf("%s got %q by %s", r.inbox, r.body, r.key)
			}
		}
	})
}
