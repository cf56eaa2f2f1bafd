package fedhttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/testkit"
)

const public = "https://www.w3.org/ns/activitystreams#Public"

// create is a new post of an actor.
func create(by, name string, to []string, more map[string]any) map[string]any {
	note := map[string]any{"id": by + "/" + name, "type": "Note", "attributedTo": by, "content": "<p>hi</p>", "to": to}
	for k, v := range more {
		note[k] = v
	}
	return map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": by + "/" + name + "/create", "type": "Create", "actor": by, "to": to, "object": note}
}

func mention(id string) map[string]any {
	return map[string]any{"tag": []any{map[string]any{"type": "Mention", "href": id, "name": "@alice@one.test"}}}
}

func (w *town) accepted(by string, activities ...map[string]any) {
	w.t.Helper()
	for _, a := range activities {
		if rec := w.send(by, a); rec.Code != http.StatusAccepted {
			w.t.Fatalf("%v: status %d", a["id"], rec.Code)
		}
		w.Settle()
	}
}

// told are the types of the notifications that somebody here has.
func (w *town) told(name string) []string {
	w.t.Helper()
	var out []string
	for _, n := range w.As(name).GET("/api/v1/notifications").List() {
		if kind := n.Str("type"); kind != "admin.sign_up" {
			out = append(out, kind)
		}
	}
	return out
}

// TestSEC36_BlocksHoldForStrangers: whom alice has blocked, or whose server,
// cannot reach her by anything that servers send, nor read her, and the others
// see no trace.
func TestSEC36_BlocksHoldForStrangers(t *testing.T) {
	t.Parallel()
	for what, block := range map[string]func(w *town){
		"a person": func(w *town) {
			w.As("alice").POST("/api/v1/accounts/"+w.FindAccount("alice", "ann@far.test").Str("id")+"/block", nil).OK()
		},
		"a server": func(w *town) {
			w.FindAccount("alice", "ann@far.test")
			w.As("alice").POST("/api/v1/domain_blocks", testkit.F("domain", "far.test")).OK()
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			holdsForStrangers(t, block)
		})
	}
}

func holdsForStrangers(t *testing.T, block func(w *town)) {
	t.Helper()
	w := newTown(t)
	const me = "http://one.test/users/alice"
	const bob = "http://one.test/users/bob"
	post := w.Post("alice", "hello")
	address, id := post.Str("uri"), post.Str("id")
	w.accepted(ann, create(ann, "0", []string{public, bob}, mention(bob)))
	block(w)
	w.Settle()
	act := func(kind, name, object string, more map[string]any) map[string]any {
		a := like(ann, ann+"/"+name, object)
		a["type"] = kind
		for k, v := range more {
			a[k] = v
		}
		return a
	}
	edited := create(ann, "0", []string{public, bob, me}, map[string]any{"content": "<p>edited</p>", "updated": "2026-03-01T12:30:00Z", "tag": append(mention(bob)["tag"].([]any), mention(me)["tag"].([]any)...)})["object"]
	w.accepted(ann,
		act("Update", "10", "", map[string]any{"object": edited}),
		act("Follow", "1", me, nil),
		act("Like", "2", address, nil),
		act("EmojiReact", "3", address, map[string]any{"content": "🦊"}),
		act("Announce", "4", address, map[string]any{"to": []string{public}}),
		create(ann, "5", []string{public, me}, map[string]any{"inReplyTo": address, "tag": mention(me)["tag"]}),
		create(ann, "6", []string{me}, mention(me)),
		create(ann, "7", []string{public}, map[string]any{"quote": address}),
		act("QuoteRequest", "8", address, map[string]any{"instrument": create(ann, "9", []string{public}, map[string]any{"quote": address})["object"]}),
	)
	if got := w.told("alice"); len(got) != 0 {
		t.Errorf("alice was told of %v", got)
	}
	if got := w.told("bob"); !slices.Contains(got, "mention") {
		t.Errorf("bob was told of %v", got)
	}
	if got := w.As("bob").GET("/api/v1/notifications?types[]=mention").List()[0].Obj("status").Str("content"); got != "<p>edited</p>" {
		t.Errorf("bob reads %s", got)
	}
	if list := w.As("alice").GET("/api/v1/accounts/" + w.Person("alice").ID.String() + "/followers").List(); len(list) != 0 {
		t.Errorf("alice is followed by %v", list)
	}
	if list := w.As("alice").GET("/api/v1/conversations").List(); len(list) != 0 {
		t.Errorf("alice has conversations: %v", list)
	}
	got := w.As("alice").GET("/api/v1/statuses/" + id).Object()
	for _, count := range []string{"favourites_count", "reblogs_count", "quotes_count"} {
		if got.Num(count) != 0 {
			t.Errorf("%s is %v", count, got.Num(count))
		}
	}
	var context struct{ Descendants []testkit.Object }
	w.As("alice").GET("/api/v1/statuses/" + id + "/context").OK().Into(&context)
	if len(context.Descendants) != 0 {
		t.Errorf("alice sees answers: %v", context.Descendants)
	}
	for by, want := range map[string]int{ann: http.StatusNotFound, cy: http.StatusOK} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", activityJSON)
		w.sign(r, by, "")
		if rec := w.do(r); rec.Code != want || !strings.Contains(rec.Header().Get("Cache-Control"), "no-store") {
			t.Errorf("%s reads: status %d, %q", by, rec.Code, rec.Header().Get("Cache-Control"))
		}
	}
}

// TestSEC34_NobodyIsToldOfWhatIsHidden: who is named in a post that is not for
// them, or by somebody they mute, hears nothing.
func TestSEC34_NobodyIsToldOfWhatIsHidden(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	const me = "http://one.test/users/alice"
	with := w.actor(ann)
	with["followers"] = ann + "/followers"
	w.show(ann, with)
	stranger := w.FindAccount("bob", "ann@far.test").Str("id")
	w.As("bob").POST("/api/v1/accounts/"+stranger+"/follow", nil).OK()
	w.Settle()
	w.accepted(ann,
		map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": ann + "/accept", "type": "Accept", "actor": ann, "object": map[string]any{"type": "Follow", "actor": "http://one.test/users/bob", "object": ann}},
		create(ann, "1", []string{ann + "/followers"}, mention(me)))
	if got := w.Home("bob"); len(got) != 1 {
		t.Errorf("bob, who follows, has %d posts", len(got))
	}
	if got := w.told("alice"); len(got) != 0 {
		t.Errorf("alice was told of what is not for her: %v", got)
	}
	w.As("alice").POST("/api/v1/accounts/"+stranger+"/mute", nil).OK()
	w.accepted(ann, create(ann, "2", []string{public, me}, mention(me)))
	if got := w.told("alice"); len(got) != 0 {
		t.Errorf("alice was told by whom she mutes: %v", got)
	}
	w.As("alice").POST("/api/v1/accounts/"+stranger+"/unmute", nil).OK()
	w.accepted(ann, create(ann, "3", []string{public, me}, mention(me)))
	if got := w.told("alice"); len(got) != 1 {
		t.Errorf("alice was told of %v", got)
	}
}

// TestSEC11_ReadersCauseNoLookUps: what anybody may read is answered without a
// question to the host that a signature names, however wrong that is.
func TestSEC11_ReadersCauseNoLookUps(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.known(ann)
	address := w.Post("alice", "hello").Str("uri")
	w.Settle()
	asked := w.requests()
	for _, by := range []string{ann, cy} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", activityJSON)
		w.sign(r, by, "")
		r.Header.Set("Date", w.Clock.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
		if rec := w.do(r); rec.Code != http.StatusOK {
			t.Errorf("%s: status %d", by, rec.Code)
		}
	}
	if n := w.requests(); n != asked {
		t.Errorf("strangers were asked %d times", n-asked)
	}
}
