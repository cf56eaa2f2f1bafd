package fedhttp_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/store"
)

// refused demands that a request to an inbox is refused with a status, changes
// nothing, asks nobody, and that the log says why.
func (w *town) refused(what string, r *http.Request, status int) {
	w.t.Helper()
	rows, asked := w.rows(), w.requests()
	w.log.take()
	rec := w.do(r)
	if rec.Code != status {
		w.t.Errorf("%s: status %d, want %d: %s", what, rec.Code, status, rec.Body)
	}
	if log := w.log.take(); !strings.Contains(log, "msg=letter ") || !strings.Contains(log, "why=") {
		w.t.Errorf("%s: the log does not say why: %s", what, log)
	}
	if n := w.rows(); n != rows {
		w.t.Errorf("%s: %d rows became %d", what, rows, n)
	}
	if n := w.requests(); n != asked {
		w.t.Errorf("%s: strangers were asked %d times", what, n-asked)
	}
	if got := rec.Header().Get("WWW-Authenticate"); (got != "") != (status == http.StatusUnauthorized) {
		w.t.Errorf("%s: WWW-Authenticate %q", what, got)
	}
	if got := rec.Header().Get("Cache-Control"); !strings.Contains(got, "no-store") {
		w.t.Errorf("%s: Cache-Control %q", what, got)
	}
}

// taken demands that a request is answered 202, and that rows were written or
// not.
func (w *town) taken(what string, r *http.Request, stored bool) {
	w.t.Helper()
	rows := w.rows()
	if rec := w.do(r); rec.Code != http.StatusAccepted {
		w.t.Fatalf("%s: status %d: %s", what, rec.Code, rec.Body)
	}
	if n := w.rows(); (n != rows) != stored {
		w.t.Errorf("%s: %d rows became %d", what, rows, n)
	}
}

// known makes the strangers known here by a letter of each.
func (w *town) known(ids ...string) {
	w.t.Helper()
	for _, id := range ids {
		w.taken("a letter of "+id, w.request(id, "/inbox", text(w.t, like(id, id+"/likes/hello", "http://one.test/none"))), true)
	}
	w.Settle()
}

// TestSEC08_OnlyTheActorSpeaks: what is not signed by its actor is refused at
// every inbox, without a trace.
func TestSEC08_OnlyTheActorSpeaks(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.known(ann, eve, cy)
	post := w.Post("alice", "hello").Str("uri")
	w.Settle()
	body := text(t, like(ann, ann+"/likes/1", post))
	for _, path := range []string{"/inbox", "/users/alice/inbox", "/actor/inbox"} {
		w.refused("nobody signed, "+path, w.request("", path, body), http.StatusUnauthorized)
		w.refused("another of the same host signed, "+path, w.request(eve, path, body), http.StatusUnauthorized)
		w.refused("another host signed, "+path, w.request(cy, path, body), http.StatusUnauthorized)
	}
	ours := text(t, like("http://one.test/users/bob", "http://one.test/users/bob/likes/1", post))
	w.refused("it says somebody here did it", w.request(ann, "/inbox", ours), http.StatusForbidden)
	r := w.request("", "/inbox", body)
	w.sign(r, "http://one.test/users/bob", body)
	w.refused("the key is said to be ours", r, http.StatusForbidden)
	r = w.request(ann, "/inbox", body)
	r.Header.Set("Authorization", "Signature "+r.Header.Get("Signature"))
	r.Header.Del("Signature")
	w.refused("the signature stands elsewhere", r, http.StatusUnauthorized)
	w.taken("the actor signed", w.request(ann, "/inbox", body), true)
}

// TestSEC09_LettersArriveAsTheyWereSigned: at the door, each part in turn.
func TestSEC09_LettersArriveAsTheyWereSigned(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.known(ann)
	body := text(t, like(ann, ann+"/likes/1", w.Post("alice", "hello").Str("uri")))
	w.Settle()
	for what, change := range map[string]func(r *http.Request) *http.Request{
		"another inbox": func(r *http.Request) *http.Request { r.URL.Path = "/users/alice/inbox"; return r },
		"another body": func(r *http.Request) *http.Request {
			altered := w.request("", "/inbox", strings.Replace(body, "/likes/1", "/likes/2", 1))
			altered.Header = r.Header
			return altered
		},
		"another community": func(r *http.Request) *http.Request {
			r.Host = "two.test"
			w.sign(r, ann, body)
			r.Host = "one.test"
			return r
		},
		"no digest": func(r *http.Request) *http.Request { r.Header.Del("Digest"); return r },
		"another date": func(r *http.Request) *http.Request {
			r.Header.Set("Date", w.Clock.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
			return r
		},
		"a second date":   func(r *http.Request) *http.Request { r.Header.Add("Date", r.Header.Get("Date")); return r },
		"a second digest": func(r *http.Request) *http.Request { r.Header.Add("Digest", "SHA-256=AAAA"); return r },
	} {
		rows, asked := w.rows(), w.requests()
		rec := w.do(change(w.request(ann, "/inbox", body)))
		if rec.Code != http.StatusUnauthorized && rec.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d: %s", what, rec.Code, rec.Body)
		}
		// The key is asked for once more, since it might have been changed.
		if w.rows() != rows || w.requests() > asked+1 {
			t.Errorf("%s: %d rows became %d, strangers were asked %d times", what, rows, w.rows(), w.requests()-asked)
		}
	}
}

// TestSEC10_ReplaysDoNothing: the same letter again, late, early, or for
// another community.
func TestSEC10_ReplaysDoNothing(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.known(ann, cy)
	body := text(t, like(ann, ann+"/likes/1", w.Post("alice", "hello").Str("uri")))
	w.Settle()
	old := w.request(ann, "/inbox", body)
	for what, shift := range map[string]time.Duration{"too old": -13 * time.Hour, "ahead of time": 2 * time.Hour} {
		r := w.request("", "/inbox", body)
		if err := fetch.Sign(r, []byte(body), w.key(ann+"#main-key"), fetch.Cavage, w.Clock.Now().Add(shift)); err != nil {
			t.Fatal(err)
		}
		w.refused(what, r, http.StatusUnauthorized)
	}
	other := w.request("", "/inbox", body)
	other.Host = "two.test"
	w.sign(other, ann, body)
	w.refused("for another community", other, http.StatusUnauthorized)
	w.taken("the first time", old, true)
	w.taken("again", w.request(ann, "/inbox", body), false)
	w.taken("again, to another inbox", w.request(ann, "/users/alice/inbox", body), false)

	// Nobody takes up the ids of others in advance.
	w.taken("an id of another host", w.request(cy, "/inbox", text(t, like(cy, ann+"/likes/2", "http://one.test/none"))), true)
	w.taken("the id's own actor", w.request(ann, "/inbox", text(t, like(ann, ann+"/likes/2", "http://one.test/none"))), true)
}

// TestSEC10_WhatWasTakenBackMayBeDoneAgain: under the same id, as Misskey
// does it, though no request counts twice.
func TestSEC10_WhatWasTakenBackMayBeDoneAgain(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.known(ann)
	post := w.Post("alice", "hello")
	w.Settle()
	path := "/api/v1/statuses/" + post.Str("id")
	alice := "/api/v1/accounts/" + w.Person("alice").ID.String()
	public := []string{"https://www.w3.org/ns/activitystreams#Public"}
	for what, tt := range map[string]struct {
		deed       map[string]any
		path, many string
	}{
		"Follow":   {map[string]any{"object": "http://one.test/users/alice"}, alice, "followers_count"},
		"Like":     {map[string]any{"object": post.Str("uri")}, path, "favourites_count"},
		"Announce": {map[string]any{"object": post.Str("uri"), "to": public}, path, "reblogs_count"},
	} {
		tt.deed["id"], tt.deed["type"], tt.deed["actor"] = ann+"/deeds/"+what, what, ann
		deed := text(t, tt.deed)
		undo := text(t, map[string]any{"id": ann + "/deeds/" + what + "/undo", "type": "Undo", "actor": ann, "object": tt.deed})
		counts := func(when string, want float64) {
			t.Helper()
			w.Settle()
			if got := w.As("alice").GET(tt.path).Object().Num(tt.many); got != want {
				t.Errorf("%s, %s: %v, want %v", what, when, got, want)
			}
		}
		var used []*http.Request
		for range 3 {
			for _, body := range []string{deed, undo} {
				used = append(used, w.request(ann, "/inbox", body))
				again := used[len(used)-1].Clone(t.Context())
				again.Body = io.NopCloser(strings.NewReader(body))
				w.taken(what, used[len(used)-1], true)
				w.taken(what+" sent anew", w.request(ann, "/inbox", body), false)
				counts("after "+body, map[string]float64{deed: 1, undo: 0}[body])
				used[len(used)-1] = again
				w.Clock.Add(time.Second)
			}
		}
		for _, r := range used {
			w.taken(what+", an old request", r, false)
		}
		counts("at last", 0)
	}
}

// TestSEC13_WhoIsNotHeard: blocked hosts, suspended and deleted signers can
// neither send nor read, whether reading is open or not.
func TestSEC13_WhoIsNotHeard(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.known(ann, eve, cy)
	address := w.Post("alice", "hello").Str("uri")
	w.Settle()
	a, err := w.st.Reader().AccountByURI(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.st.Write(t.Context(), func(tx *store.Tx) error { return tx.Suspend(a.ID, domain.ByStaff) }); err != nil {
		t.Fatal(err)
	}
	block(t, w.Community, "third.test")
	w.hide(eve)
	w.taken("the account deletes itself", w.request(eve, "/inbox", text(t, map[string]any{"id": eve + "#delete", "type": "Delete", "actor": eve, "object": eve})), true)
	w.Settle()
	for id, want := range map[string]int{ann: http.StatusForbidden, cy: http.StatusForbidden, eve: http.StatusUnauthorized} {
		w.do(w.request(id, "/inbox", text(t, like(id, id+"/likes/0", address)))) // the key of eve is looked for
		w.refused("a like of "+id, w.request(id, "/inbox", text(t, like(id, id+"/likes/1", address))), want)
	}
	// Somebody whom only alice blocks reads nothing of hers.
	const dan = "http://far.test/users/dan"
	w.show(dan, w.actor(dan))
	stranger := w.FindAccount("alice", "dan@far.test").Str("id")
	w.As("alice").POST("/api/v1/accounts/"+stranger+"/block", nil).OK()
	w.Settle()
	for _, secure := range []bool{false, true} {
		w.Configure(func(s *domain.Settings) { s.SecureMode = secure })
		// Whose key cannot be had any more is nobody: who is nobody reads what
		// anybody may, or nothing.
		nobody := http.StatusOK
		if secure {
			nobody = http.StatusUnauthorized
		}
		for id, want := range map[string]int{ann: http.StatusForbidden, cy: http.StatusForbidden, eve: nobody, dan: http.StatusNotFound} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept", activityJSON)
			w.sign(r, id, "")
			rec := w.do(r)
			if rec.Code != want || !strings.Contains(rec.Header().Get("Cache-Control"), "no-store") {
				t.Errorf("%s reads, secure mode %v: status %d, %q", id, secure, rec.Code, rec.Header().Get("Cache-Control"))
			}
		}
	}
}

// TestSEC38_NothingOfRefusedHostsIsKept: a rule for a name counts for what is
// beneath it, in every spelling, and no account is made.
func TestSEC38_NothingOfRefusedHostsIsKept(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	block(t, w.Community, "third.test")
	for _, id := range []string{cy, "http://a.b.third.test/users/cy", "http://THIRD.test/users/cy"} {
		w.refused("a letter of "+id, w.request(id, "/inbox", text(t, like(id, id+"/likes/1", "http://one.test/none"))), http.StatusForbidden)
	}
}

// TestSEC59_LettersThatAreTooMuch: before a key is looked for.
func TestSEC59_LettersThatAreTooMuch(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	big := `{"id":"` + strings.Repeat("a", 1<<20) + `"}`
	w.refused("a large body", w.request(ann, "/inbox", big), http.StatusRequestEntityTooLarge)
	chunked := w.request(ann, "/inbox", big)
	chunked.ContentLength = -1
	w.refused("a large body of unknown length", chunked, http.StatusRequestEntityTooLarge)
	packed := w.request(ann, "/inbox", "{}")
	packed.Header.Set("Content-Encoding", "gzip")
	w.refused("a compressed body", packed, http.StatusBadRequest)
	for i, body := range []string{
		"", "[]", "null", "{", `"x"`, strings.Repeat("[", 10_000), strings.Repeat(`{"a":`, 10_000), `{"type":"Like"}`,
		`{"type":"Note","id":"` + ann + `/1"}`, "{\"type\":\"Like\",\"content\":\"\xff\"}", "{\"type\":\"Like\",\"content\":\"\x00\"}",
	} {
		w.refused(fmt.Sprintf("body %d", i), w.request(ann, "/inbox", body), http.StatusBadRequest)
	}
}

// TestRefusalsAreCountedAndSaid: each kind of refusal, at the door and once a
// letter is read, has a counter of its own and a line in the log.
func TestRefusalsAreCountedAndSaid(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.known(ann, cy)
	block(t, w.Community, "third.test")
	count := func(name, outcome string) string {
		t.Helper()
		rec := httptest.NewRecorder()
		w.Metrics().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		_, after, found := strings.Cut(rec.Body.String(), fmt.Sprintf("%s{outcome=%q} ", name, outcome))
		if !found {
			t.Fatalf("nothing counts %s in %s", outcome, name)
		}
		n, _, _ := strings.Cut(after, "\n")
		return n
	}
	body := text(t, like(ann, ann+"/likes/1", "http://one.test/none"))
	for _, c := range []struct {
		outcome string
		r       *http.Request
		status  int
	}{
		{"bad_signature", w.request("", "/inbox", body), http.StatusUnauthorized},
		{"not_allowed", w.request(cy, "/inbox", text(t, like(cy, cy+"/likes/1", "http://one.test/none"))), http.StatusForbidden},
		{"malformed", w.request(ann, "/inbox", `{"type":`), http.StatusBadRequest},
		{"no_inbox", w.request(ann, "/users/nobody/inbox", body), http.StatusNotFound},
	} {
		w.refused(c.outcome, c.r, c.status)
		if n := count("coterie_letters_received_total", c.outcome); n != "1" {
			t.Errorf("%s was counted %s times", c.outcome, n)
		}
	}
	before := count("coterie_letters_read_total", "refused")
	w.log.take()
	w.accepted(ann, act("Follow", ann+"/follows/1", ann, "http://one.test/users/nobody"))
	log := w.log.take()
	for _, want := range []string{`msg="letter read"`, "outcome=refused", "host=far.test", "activity=" + ann + "/follows/1", `why="there is no http://one.test/users/nobody here to follow"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %s: %s", want, log)
		}
	}
	if after := count("coterie_letters_read_total", "refused"); before != "0" || after != "1" {
		t.Errorf("letters refused when they were read: %s, then %s", before, after)
	}
}
