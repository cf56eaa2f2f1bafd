package fedhttp_test

import (
	"database/sql"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// deeds are an activity of each type that the inbox knows, of one actor about
// what is at an address.
func deeds(by, object string) map[string]map[string]any {
	post := func(name string, more map[string]any) any {
		return create(by, name, []string{public, "http://one.test/users/alice"}, more)["object"]
	}
	out := map[string]map[string]any{
		"Create": create(by, "c1", []string{public, "http://one.test/users/alice"}, map[string]any{"inReplyTo": object}),
		"Update": {"object": post("u1", nil)}, "QuoteRequest": {"instrument": post("q1", map[string]any{"quote": object})},
		"ReplyRequest": {"instrument": post("r1", map[string]any{"inReplyTo": object})}, "Move": {"object": by, "target": by + "2"},
		"Flag": {"object": []string{"http://one.test/users/alice", object}, "content": "rude"}, "Add": {"target": by + "/featured"}, "Remove": {"target": by + "/featured"},
		"Accept": {"object": map[string]any{"type": "Follow", "id": object, "actor": "http://one.test/users/alice", "object": by}},
		"Reject": {"object": map[string]any{"type": "Follow", "id": object, "actor": "http://one.test/users/alice", "object": by}},
		"Undo":   {"object": map[string]any{"type": "Like", "id": by + "/l", "actor": by, "object": object}},
		"Delete": {}, "Announce": {}, "Like": {}, "EmojiReact": {"content": "🦊"}, "Follow": {"object": "http://one.test/users/alice"}, "Block": {"object": "http://one.test/users/alice"},
		"FeatureRequest": {"instrument": by + "/collections/1"}, "LikeRequest": {"instrument": by + "/l2"}, "AnnounceRequest": {"instrument": by + "/a2"},
	}
	for kind, a := range out {
		base := like(by, by+"/"+kind, object)
		base["type"], base["to"] = kind, []string{public, "http://one.test/users/alice"}
		maps.Copy(base, a)
		out[kind] = base
	}
	return out
}

// spelt are the ways to write one host and what is beneath it, and how a letter
// from there is answered: a rule holds for those that are hosts to us, and in
// others nobody has a key.
var spelt = []struct {
	host   string
	status int
}{
	{"xn--mnchen-3ya.test", http.StatusForbidden},
	{"XN--MNCHEN-3YA.TEST", http.StatusForbidden},
	{"Mail.xn--mnchen-3ya.test", http.StatusForbidden},
	{"xn--mnchen-3ya.test:8080", http.StatusForbidden},
	{"xn--mnchen-3ya.test.", http.StatusUnauthorized},
	{"münchen.test", http.StatusBadRequest},
	{"MÜNCHEN.test", http.StatusBadRequest},
	{"mu\u0308nchen.test", http.StatusBadRequest},
	{"münchen。test", http.StatusBadRequest},
}

// TestSEC38_EveryTypeOfRefusedHosts: whatever a refused host sends, from
// whichever spelling of its name, leaves no row and asks nobody.
func TestSEC38_EveryTypeOfRefusedHosts(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.known(ann)
	address := w.Post("alice", "hello").Str("uri")
	w.Settle()
	block(t, w.Community, "xn--mnchen-3ya.test")
	for i, s := range spelt {
		by := "http://" + s.host + "/users/cy"
		w.show(by, w.actor(by))
		kinds := deeds(by, address)
		names := slices.Sorted(maps.Keys(kinds))
		if i > 0 {
			names = []string{"Create", "Follow"} // of other spellings, two stand for all
		}
		for _, kind := range names {
			w.refused(kind+" of "+by, w.request(by, "/inbox", text(t, kinds[kind])), s.status)
		}
	}
	if rec := w.do(w.request(ann, "/inbox", text(t, deeds(ann, address)["Like"]))); rec.Code != http.StatusAccepted {
		t.Errorf("of another host: %d", rec.Code)
	}
}

// TestSEC38_RulesInEverySpelling: however the staff or a member writes the
// name, it is the same host that is refused, and the rule is one.
func TestSEC38_RulesInEverySpelling(t *testing.T) {
	t.Parallel()
	for _, said := range []string{
		"xn--mnchen-3ya.test", "XN--MNCHEN-3YA.TEST", "xn--mnchen-3ya.test.", "münchen.test", "MÜNCHEN.test", "mu\u0308nchen.test", "münchen。test", "münchen.test。", " münchen.test ", "https://münchen.test/about",
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			w := newTown(t)
			address := w.Post("alice", "hello").Str("uri")
			w.Settle()
			got := w.As("alice").POST("/api/v1/admin/domain_blocks", testkit.F("domain", said, "severity", "suspend")).Object()
			if got.Str("domain") != "xn--mnchen-3ya.test" {
				t.Errorf("the rule is for %q", got.Str("domain"))
			}
			const by = "http://mail.xn--mnchen-3ya.test/users/cy"
			w.show(by, w.actor(by))
			w.refused("a letter", w.request(by, "/inbox", text(t, like(by, by+"/1", address))), http.StatusForbidden)
			w.As("alice").POST("/api/v1/admin/domain_blocks", testkit.F("domain", "MÜNCHEN.test", "severity", "silence")).Error(http.StatusUnprocessableEntity)
		})
	}
}

// TestSEC38_RefusedHostsByWayOfOthers: what others send about a refused host,
// of whatever type, makes no row of it either, and it is not asked.
func TestSEC38_RefusedHostsByWayOfOthers(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.known(ann)
	w.FollowElsewhere("bob", "ann@far.test")
	w.Settle()
	const post = cy + "/posts/1"
	w.show(post, create(cy, "posts/1", []string{public}, nil)["object"].(map[string]any))
	w.show(cy+"2", w.actor(cy+"2"))
	block(t, w.Community, "third.test")
	w.Settle()
	letters := deeds(ann, post)
	letters["Move"]["target"] = cy
	letters["Follow"]["object"] = cy
	letters["Block"]["object"] = cy
	letters["Create that mentions"] = create(ann, "m1", []string{public, cy}, map[string]any{"tag": []any{map[string]any{"type": "Mention", "href": cy, "name": "@cy@third.test"}}})
	letters["Create that quotes"] = create(ann, "q2", []string{public}, map[string]any{"quote": post})
	letters["Create of theirs"] = create(cy, "f1", []string{public}, nil)
	letters["Create in their name"] = create(ann, "f2", []string{public}, map[string]any{"attributedTo": cy})
	letters["Announce with it inside"] = map[string]any{"id": ann + "/boost", "type": "Announce", "actor": ann, "to": []string{public}, "object": create(cy, "posts/2", []string{public}, nil)["object"]}
	for _, kind := range slices.Sorted(maps.Keys(letters)) {
		before := w.requests()
		if rec := w.send(ann, letters[kind]); rec.Code >= 500 {
			t.Errorf("%s: status %d", kind, rec.Code)
		}
		w.Settle()
		if list := w.rowsOf("third.test"); len(list) > 0 {
			t.Errorf("after %s there is %v", kind, list)
		}
		if n := w.askedOf("third.test"); n != 0 {
			t.Errorf("%s: the refused host was asked %d times, of %d", kind, n, w.requests()-before)
		}
	}
	if _, err := w.st.Reader().AccountByURI(t.Context(), cy); !domain.Is(err, domain.NotFound) {
		t.Errorf("cy: %v", err)
	}
}

// rowsOf are the rows that are about a host: what it is, has, and wrote.
func (w *town) rowsOf(host string) []string {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "copy.db")
	if err := w.st.Backup(w.t.Context(), path); err != nil {
		w.t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	var found []string
	for what, query := range map[string]string{
		"an account": `SELECT COUNT(*) FROM accounts WHERE domain = $1 OR uri LIKE '%//' || $1 || '/%'`, "a post": `SELECT COUNT(*) FROM statuses WHERE uri LIKE '%//' || $1 || '/%'`,
		"a host": `SELECT COUNT(*) FROM hosts WHERE host = $1`, "an actor": `SELECT COUNT(*) FROM actors WHERE host = $1`,
	} {
		var n int
		if err := db.QueryRow(query, host).Scan(&n); err != nil {
			w.t.Fatal(err)
		}
		if n > 0 {
			found = append(found, what)
		}
	}
	return found
}

// askedOf is how often a host of strangers was asked.
func (w *town) askedOf(host string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hosts[strings.ToLower(host)]
}
