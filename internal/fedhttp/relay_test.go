package fedhttp_test

import (
	"net/http"
	"testing"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

const us = "http://one.test/actor"

// only demands that strangers got one letter of a type, at an inbox, and
// returns it.
func (w *town) only(what, inbox, kind string) testkit.Object {
	w.t.Helper()
	got := w.sent()
	if len(got) != 1 || got[0].inbox != inbox || got[0].doc.Str("type") != kind {
		w.t.Fatalf("%s: %v", what, got)
	}
	return got[0].doc
}

// TestNobodyFollowsTheCommunity itself: whoever asks hears no.
func TestNobodyFollowsTheCommunity(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.accepted(ann, act("Follow", ann+"/follows/1", ann, us))
	no := w.only("a follow of the community", ann+"/inbox", "Reject")
	if no.Str("actor") != us || no.Obj("object").Str("id") != ann+"/follows/1" || no.Obj("object").Str("object") != us {
		t.Errorf("it is answered %v", no)
	}
}

func act(kind, id, by string, object any) map[string]any {
	return map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": kind, "actor": by, "object": object}
}

// TestRelays follows a relay of each make, takes what comes through it from
// its own host, and ends that.
func TestRelays(t *testing.T) {
	t.Parallel()
	const relay = "http://third.test/users/relay"
	for make, tt := range map[string]struct {
		actor, whom string
		pass        func(note string) map[string]any
	}{
		"Mastodon": {"", public, func(note string) map[string]any {
			forwarded := create(ann, "forwarded", []string{public}, nil)
			forwarded["id"] = note + "/create"
			forwarded["object"].(map[string]any)["id"], forwarded["object"].(map[string]any)["content"] = note, "a lie"
			forwarded["signature"] = map[string]any{"type": "RsaSignature2017", "creator": ann + "#main-key", "created": "2026-01-01T00:00:00Z", "signatureValue": "AAAA"}
			return forwarded
		}},
		"LitePub": {relay, relay, func(note string) map[string]any {
			boost := act("Announce", relay+"/boosts/"+note[len(note)-1:], relay, note)
			boost["to"] = []string{relay + "/followers"}
			return boost
		}},
	} {
		t.Run(make, func(t *testing.T) {
			t.Parallel()
			w := newTown(t)
			actor := w.actor(relay)
			actor["type"] = "Application"
			w.show(relay, actor)
			if _, err := w.AddRelay(t.Context(), instance.RelayAdd{Inbox: relay + "/inbox", Actor: tt.actor}); err != nil {
				t.Fatal(err)
			}
			follow := w.only("the follow", relay+"/inbox", "Follow")
			if follow.Str("actor") != us || follow.Str("object") != tt.whom {
				t.Errorf("the follow is %v", follow)
			}
			if tt.actor != "" {
				w.accepted(relay, act("Follow", relay+"/follows/1", relay, us))
				if yes := w.only("it follows back", relay+"/inbox", "Accept"); yes.Obj("object").Str("id") != relay+"/follows/1" {
					t.Errorf("that is answered %v", yes)
				}
			}
			w.relays(t, "pending")
			w.accepted(ann, act("Accept", ann+"/accepts/1", ann, follow.Str("id")))
			w.relays(t, "pending")
			w.accepted(relay, act("Accept", relay+"/accepts/1", relay, follow.Str("id")))
			w.relays(t, "accepted")

			w.Post("alice", "to the world")
			w.only("a public post", relay+"/inbox", "Create")
			w.Post("alice", "to my followers", "visibility", "private")
			if got := w.sent(); len(got) != 0 {
				t.Errorf("what is not public goes to %v", got)
			}
			passed := func(note string) bool {
				t.Helper()
				w.show(note, map[string]any{"id": note, "type": "Note", "attributedTo": ann, "to": []string{public}, "content": "<p>the truth</p>"})
				if rec := w.send(relay, tt.pass(note)); rec.Code != http.StatusAccepted {
					t.Fatalf("through the relay: status %d", rec.Code)
				}
				w.Settle()
				for _, p := range w.As("alice").GET("/api/v1/timelines/public").List() {
					if p.Str("uri") == note {
						if p.Str("content") != "<p>the truth</p>" || p["reblog"] != nil {
							t.Errorf("it came as %v", p)
						}
						return true
					}
				}
				return false
			}
			if !passed(ann + "/notes/1") {
				t.Error("what the relay passes on is not here")
			}

			w.sent()
			const relays = "/api/coterie/v1/admin/relays"
			list := w.As("alice").GET(relays).List()
			if len(list) != 1 || list[0].Str("inbox") != relay+"/inbox" || list[0].Str("actor") != tt.actor || list[0].Str("state") != "accepted" {
				t.Fatalf("relays: %v", list)
			}
			at := relays + "/" + list[0].Str("id")
			w.As("alice").POST(at+"/disable", nil).OK()
			w.only("the pause", relay+"/inbox", "Undo")
			w.accepted(relay, act("Accept", relay+"/accepts/2", relay, follow.Str("id")))
			w.relays(t, "disabled")
			if got := w.As("alice").POST(at+"/enable", nil).List()[0].Str("state"); got != "pending" {
				t.Errorf("enabled, it is %s", got)
			}
			w.only("the follow again", relay+"/inbox", "Follow")
			if err := w.RemoveRelay(t.Context(), instance.RelayRemove{Address: relay + "/inbox"}); err != nil {
				t.Fatal(err)
			}
			if undo := w.only("the end", relay+"/inbox", "Undo"); undo.Obj("object").Str("id") != follow.Str("id") {
				t.Errorf("the end is %v", undo)
			}
			w.relays(t)
			w.Post("alice", "to the world but for the relay")
			if got := w.sent(); len(got) != 0 {
				t.Errorf("the relay still gets %v", got)
			}
			if passed(ann + "/notes/2") {
				t.Error("the relay is still heard")
			}
		})
	}
}

// relays fails unless the relays stand so.
func (w *town) relays(t *testing.T, want ...string) {
	t.Helper()
	list, err := w.Relays(t.Context())
	if err != nil || len(list) != len(want) {
		t.Fatalf("the relays are %v, %v", list, err)
	}
	for i := range want {
		if string(list[i].State) != want[i] {
			t.Errorf("the relay is %s, want %s", list[i].State, want[i])
		}
	}
}
