package fanout_test

import (
	"testing"
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/moderation"
	"coterie/internal/relation"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// verb is one thing that somebody does, and what was there before.
type verb struct {
	before func(h *house) domain.ID
	do     func(h *house, id domain.ID)
}

var verbs = map[string]verb{
	"create-public": {do: func(h *house, _ domain.ID) { h.post("alice", "Hello @sam@stranger.test #soup") }},
	"create-unlisted": {do: func(h *house, _ domain.ID) {
		h.post("alice", "Hello", seenBy(domain.Unlisted))
	}},
	"create-private": {do: func(h *house, _ domain.ID) { h.post("alice", "Hello", seenBy(domain.Private)) }},
	"create-direct": {do: func(h *house, _ domain.ID) {
		h.post("alice", "Hello @sam@stranger.test @bob", seenBy(domain.Direct))
	}},
	"create-reply": {
		before: func(h *house) domain.ID { return h.theirs("sam", domain.Public) },
		do: func(h *house, id domain.ID) {
			h.post("bob", "Quite", func(c *domain.Compose) { c.InReplyTo = id })
		},
	},
	"edit": {
		before: func(h *house) domain.ID { return h.known(domain.Public) },
		do: func(h *house, id domain.ID) {
			h.clock.Add(time.Minute)
			h.must(h.posts.Edit(h.ctx, h.id("alice"), id, domain.Compose{Text: "Goodbye"}))
		},
	},
	"delete": {
		before: func(h *house) domain.ID { return h.known(domain.Public) },
		do:     func(h *house, id domain.ID) { h.must(h.posts.Delete(h.ctx, h.id("alice"), id)) },
	},
	"delete-private": {
		before: func(h *house) domain.ID { return h.known(domain.Private) },
		do:     func(h *house, id domain.ID) { h.must(h.posts.Delete(h.ctx, h.id("alice"), id)) },
	},
	"boost": {
		before: func(h *house) domain.ID { return h.theirs("sam", domain.Public) },
		do:     func(h *house, id domain.ID) { h.boost("alice", id) },
	},
	"boost-approved": {
		before: func(h *house) domain.ID {
			id := h.theirs("sam", domain.Public)
			h.boost("alice", id)
			return id
		},
		do: func(h *house, id domain.ID) {
			b, err := h.st.Reader().BoostBy(h.ctx, h.id("alice"), id)
			h.must(err)
			h.must(h.posts.ReplyApproved(h.ctx, h.id("sam"), b.ID, "http://stranger.test/approvals/1"))
		},
	},
	"boost-private": {
		before: func(h *house) domain.ID { return h.post("alice", "For you", seenBy(domain.Private)) },
		do:     func(h *house, id domain.ID) { h.boost("alice", id) },
	},
	"unboost": {
		before: func(h *house) domain.ID {
			id := h.theirs("sam", domain.Public)
			h.boost("alice", id)
			return id
		},
		do: func(h *house, id domain.ID) {
			_, err := h.posts.Unreblog(h.ctx, h.id("alice"), id)
			h.must(err)
		},
	},
	"unboost-gone": {
		before: func(h *house) domain.ID {
			id := h.theirs("sam", domain.Public)
			h.boost("alice", id)
			return id
		},
		do: func(h *house, id domain.ID) {
			h.write(func(tx *store.Tx) error {
				st, err := tx.AnyStatus(h.ctx, id)
				if err != nil {
					return err
				}
				return tx.RemoveStatus(&st)
			})
		},
	},
	"pin": {
		before: func(h *house) domain.ID { return h.post("alice", "Look") },
		do: func(h *house, id domain.ID) {
			_, err := h.posts.Pin(h.ctx, h.id("alice"), id)
			h.must(err)
			_, err = h.posts.Unpin(h.ctx, h.id("alice"), id)
			h.must(err)
		},
	},
	"collection": {do: func(h *house, _ domain.ID) { h.collection("alice") }},
	"collection-change": {
		before: func(h *house) domain.ID { return h.asked("alice", "sam") },
		do: func(h *house, id domain.ID) {
			h.clock.Add(time.Minute)
			name := "Old friends"
			_, err := h.relation.ChangeCollection(h.ctx, h.id("alice"), h.item(id).Collection, relation.CollectionChange{Name: &name})
			h.must(err)
		},
	},
	"collection-delete": {
		before: func(h *house) domain.ID { return h.asked("alice", "sam") },
		do: func(h *house, id domain.ID) {
			h.must(h.relation.DeleteCollection(h.ctx, h.id("alice"), h.item(id).Collection))
		},
	},
	"feature-request": {do: func(h *house, _ domain.ID) { h.asked("alice", "sam") }},
	"feature-accepted": {
		before: func(h *house) domain.ID { return h.asked("alice", "sam") },
		do: func(h *house, id domain.ID) {
			h.must(h.relation.FeatureAnswered(h.ctx, h.id("sam"), id, "http://stranger.test/consents/1"))
		},
	},
	"feature-removed": {
		before: func(h *house) domain.ID { return h.asked("alice", "sam") },
		do: func(h *house, id domain.ID) {
			h.must(h.relation.RemoveFromCollection(h.ctx, h.id("alice"), h.item(id).Collection, id))
		},
	},
	"feature-consent": {do: func(h *house, _ domain.ID) { h.requested("sam", "alice") }},
	"feature-refusal": {
		before: func(h *house) domain.ID { h.must(h.relation.Block(h.ctx, h.id("bob"), h.id("sam"))); return 0 },
		do:     func(h *house, _ domain.ID) { h.requested("sam", "bob") },
	},
	"collection-hidden": {
		before: func(h *house) domain.ID { return h.asked("alice", "sam") },
		do: func(h *house, id domain.ID) {
			_, err := h.relation.ChangeCollection(h.ctx, h.id("alice"), h.item(id).Collection, relation.CollectionChange{Discoverable: new(bool)})
			h.must(err)
		},
	},
	"feature-tag": {do: func(h *house, _ domain.ID) {
		tag := domain.Tag{Name: "soup", Display: "Soup"}
		for range 2 {
			_, err := h.relation.FeatureTag(h.ctx, h.id("alice"), tag)
			h.must(err)
		}
		_, err := h.relation.UnfeatureTag(h.ctx, h.id("alice"), tag)
		h.must(err)
	}},
	"poll-tally": {
		before: func(h *house) domain.ID { return h.poll("alice") },
		do: func(h *house, poll domain.ID) {
			h.must(h.posts.Vote(h.ctx, h.id("sam"), poll, []int{1}))
			h.must(h.posts.Vote(h.ctx, h.id("bob"), poll, []int{0}))
			h.settle()
			h.clock.Add(4 * time.Minute)
		},
	},
	"poll-end": {
		before: func(h *house) domain.ID { return h.poll("alice") },
		do:     func(h *house, _ domain.ID) { h.clock.Add(2 * time.Hour) },
	},
	"vote": {
		before: func(h *house) domain.ID { return h.theirPoll("sam") },
		do:     func(h *house, poll domain.ID) { h.must(h.posts.Vote(h.ctx, h.id("alice"), poll, []int{0, 1})) },
	},
	"account-update": {
		before: func(h *house) domain.ID { return h.post("alice", "Hello @sam@stranger.test") },
		do: func(h *house, _ domain.ID) {
			name := "Alice A."
			h.must(h.accounts.Update(h.ctx, h.id("alice"), account.Update{DisplayName: &name}))
		},
	},
	"account-delete": {
		before: func(h *house) domain.ID { return h.post("alice", "Hello") },
		do:     func(h *house, _ domain.ID) { h.must(h.accounts.Delete(h.ctx, h.id("alice"))) },
	},
	"move": {do: func(h *house, _ domain.ID) {
		h.emit(domain.Event{Kind: domain.EventMoved, Actor: h.id("alice"), Target: h.id("sam")})
	}},
	"report": {do: func(h *house, _ domain.ID) {
		id := h.theirs("sam", domain.Public)
		for _, forward := range []bool{false, true} {
			_, err := h.moderation.Report(h.ctx, moderation.NewReport{
				By: h.id("bob"), Target: h.id("sam"), Category: domain.ReportSpam, Comment: "Too loud", Statuses: []domain.ID{id}, Forward: forward,
			})
			h.must(err)
		}
	}},
	"favourite": {
		before: func(h *house) domain.ID { return h.theirs("rita", domain.Public) },
		do: func(h *house, id domain.ID) {
			_, err := h.posts.Favourite(h.ctx, h.id("bob"), id)
			h.must(err)
			h.settle()
			_, err = h.posts.Unfavourite(h.ctx, h.id("bob"), id)
			h.must(err)
		},
	},
	"follow": {do: func(h *house, _ domain.ID) {
		h.must(h.relation.Follow(h.ctx, h.id("bob"), h.id("rita"), relation.FollowOptions{}))
		h.settle()
		h.must(h.relation.Unfollow(h.ctx, h.id("bob"), h.id("rita")))
	}},
	"followed": {do: func(h *house, _ domain.ID) {
		for _, uri := range []string{"/follows/1", "/follows/2"} { // it lost state in between
			h.must(h.relation.Follow(h.ctx, h.id("rita"), h.id("bob"), relation.FollowOptions{URI: h.person("rita").URI + uri}))
			h.settle()
		}
		h.must(h.relation.RemoveFollower(h.ctx, h.id("bob"), h.id("rita")))
	}},
	"follow-request": {do: func(h *house, _ domain.ID) {
		yes := true
		h.must(h.accounts.Update(h.ctx, h.id("bob"), account.Update{Locked: &yes}))
		h.mail()
		for _, name := range []string{"rita", "nora"} {
			h.must(h.relation.Follow(h.ctx, h.id(name), h.id("bob"), relation.FollowOptions{URI: h.person(name).URI + "/follows/1"}))
		}
		h.settle()
		h.must(h.relation.AcceptRequest(h.ctx, h.id("bob"), h.id("rita")))
		h.must(h.relation.RejectRequest(h.ctx, h.id("bob"), h.id("nora")))
	}},
	"block": {do: func(h *house, _ domain.ID) {
		h.must(h.relation.Block(h.ctx, h.id("alice"), h.id("rita")))
		h.settle()
		err := h.relation.Follow(h.ctx, h.id("rita"), h.id("alice"), relation.FollowOptions{URI: h.person("rita").URI + "/follows/9"})
		if err == nil {
			h.t.Error("the blocked may follow")
		}
		h.settle()
		h.must(h.relation.Unblock(h.ctx, h.id("alice"), h.id("rita")))
	}},
	"relay": {do: func(h *house, _ domain.ID) {
		for _, actor := range []string{"", "http://relay.test/relay"} {
			r, err := h.moderation.AddRelay(h.ctx, 0, "http://relay.test/inbox", actor)
			h.must(err)
			h.settle()
			h.must(h.moderation.RemoveRelay(h.ctx, r.Inbox))
			h.settle()
		}
	}},
	"quote-request": {
		before: func(h *house) domain.ID { return h.theirs("sam", domain.Public) },
		do:     func(h *house, id domain.ID) { h.post("alice", "See", func(c *domain.Compose) { c.Quote = id }) },
	},
	"quote-granted": {
		before: func(h *house) domain.ID {
			id := h.theirs("sam", domain.Public)
			return h.post("alice", "See", func(c *domain.Compose) { c.Quote = id })
		},
		do: func(h *house, quote domain.ID) {
			h.must(h.posts.QuoteAccepted(h.ctx, h.id("sam"), quote, h.person("sam").URI+"/grants/1"))
		},
	},
	"quote-answer": {
		before: func(h *house) domain.ID { return h.post("alice", "Quote me") },
		do: func(h *house, id domain.ID) {
			quote := h.quoted("sam", id)
			h.must(h.posts.AnswerQuoteRequest(h.ctx, h.id("sam"), quote, id, h.person("sam").URI+"/requests/1"))
			h.settle()
			h.must(h.posts.RevokeQuote(h.ctx, h.id("alice"), id, quote))
		},
	},
	"quote-refusal": {
		before: func(h *house) domain.ID {
			nobody := domain.QuoteNobody
			return h.post("alice", "Do not", func(c *domain.Compose) { c.QuotePolicy = &nobody })
		},
		do: func(h *house, id domain.ID) {
			quote := h.quoted("sam", id)
			h.must(h.posts.AnswerQuoteRequest(h.ctx, h.id("sam"), quote, id, h.person("sam").URI+"/requests/1"))
		},
	},
	"forward": {do: func(h *house, _ domain.ID) {
		l := store.Letter{Activity: "http://far.test/1", Signer: h.id("rita"), Host: "far.test", Body: `{ "type" : "Create","id":"http://far.test/1" }`}
		h.write(func(tx *store.Tx) error {
			if err := tx.InsertLetter(&l); err != nil {
				return err
			}
			return tx.Emit(domain.Event{Kind: domain.EventLetterForwarded, Actor: h.id("rita"), Target: h.id("alice"), Object: l.ID})
		})
		h.settle()
		if _, err := h.st.Reader().Letter(h.ctx, l.ID); !domain.Is(err, domain.NotFound) {
			h.t.Errorf("the letter is still kept: %v", err)
		}
	}},
}

// TestLettersOfEveryVerb compares every activity that each verb sends, and to
// whom, with a golden file; on both engines, since ids are all that differs.
func TestLettersOfEveryVerb(t *testing.T) {
	t.Parallel()
	for name, v := range verbs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
				h := newHouse(t, o)
				var id domain.ID
				if v.before != nil {
					id = v.before(h)
					h.mail()
				}
				v.do(h, id)
				compare(t, name, script(t, h.mail()))
			})
		})
	}
}

// known is a post of alice that sam answered.
func (h *house) known(v domain.Visibility) domain.ID {
	h.t.Helper()
	id := h.post("alice", "Hello", seenBy(v))
	h.answers("sam", id)
	return id
}

func (h *house) answers(name string, id domain.ID) {
	h.t.Helper()
	h.theirs(name, domain.Public, func(tx *store.Tx, s *domain.Status) error {
		s.ID, s.URI, s.InReplyTo = tx.NewID(), s.URI+"/reply", id
		return tx.InsertStatus(s, "")
	})
}

func (h *house) boost(name string, id domain.ID) {
	h.t.Helper()
	_, err := h.posts.Reblog(h.ctx, h.id(name), id, nil, 0)
	h.must(err)
}

// poll publishes a poll and returns its id.
func (h *house) poll(name string) domain.ID {
	h.t.Helper()
	id := h.post(name, "Soup?", func(c *domain.Compose) {
		c.Poll = &domain.ComposePoll{Options: []string{"Yes", "No"}, ExpiresIn: 3600}
	})
	st, err := h.st.Reader().AnyStatus(h.ctx, id)
	h.must(err)
	return st.Poll
}

func (h *house) theirPoll(name string) domain.ID {
	h.t.Helper()
	var poll domain.ID
	h.theirs(name, domain.Public, func(tx *store.Tx, s *domain.Status) error {
		s.ID, s.URI, s.Poll = tx.NewID(), s.URI+"/poll", tx.NewID()
		if err := tx.InsertStatus(s, ""); err != nil {
			return err
		}
		poll = s.Poll
		return tx.InsertPoll(&domain.Poll{
			ID: poll, Status: s.ID, Account: s.Account, Multiple: true, ExpiresAt: tx.Now().Add(time.Hour),
			Options: []domain.PollOption{{Title: "Yes"}, {Title: "No"}},
		})
	})
	return poll
}

// quoted mirrors a post that quotes one of ours and waits for leave.
func (h *house) quoted(name string, id domain.ID) domain.ID {
	h.t.Helper()
	return h.theirs(name, domain.Public, func(tx *store.Tx, s *domain.Status) error {
		return tx.SaveQuote(domain.Quote{Status: s.ID, Account: s.Account, Quoted: id, QuotedAccount: h.id("alice"), State: domain.QuotePending})
	})
}
