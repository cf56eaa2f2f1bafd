package remote_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/remote"
	"coterie/internal/store"
)

const webHost = "http://web.test"

// web is a house that can reach one strange server, web.test, where ann and
// bob live.
type web struct {
	*house
	ann, bob domain.Account
	runner   *job.Runner

	mu    sync.Mutex
	pages map[string]doc // by path
	asked map[string]int
}

func eachWeb(t *testing.T, f func(t *testing.T, w *web)) {
	t.Helper()
	eachHouse(t, func(t *testing.T, h *house) {
		w := &web{house: h, pages: map[string]doc{}, asked: map[string]int{}}
		server := httptest.NewServer(w)
		t.Cleanup(server.Close)
		log := slog.New(slog.DiscardHandler)
		client := fetch.New(fetch.Config{
			UserAgent: "test", Dev: true, Now: h.clock.Now, Log: log,
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
			},
		})
		t.Cleanup(client.Close)
		h.s = remote.New(remote.Config{
			Store: h.st, Client: client, URLs: ours, Signer: signer(t), Now: h.clock.Now, Log: log,
			Policy: func(host string) domain.DomainPolicy { return h.policies[host] },
		})
		w.ann, w.bob = w.person("ann"), w.person("bob")
		w.runner = job.NewRunner(h.st, job.Options{Log: log})
		w.runner.Handle(domain.JobFanout, func(context.Context, *job.Job) error { return nil }, job.HandlerOptions{})
		w.runner.Handle(domain.JobThread, h.s.Thread, job.HandlerOptions{})
		w.runner.Handle(domain.JobReplies, h.s.Replies, job.HandlerOptions{})
		w.runner.Handle(domain.JobQuoteCheck, h.s.CheckQuote, job.HandlerOptions{})
		w.runner.Handle(domain.JobPollRefresh, h.s.RefreshPoll, job.HandlerOptions{})
		w.runner.Handle(domain.JobSyncFollowers, h.s.SyncFollowers, job.HandlerOptions{})
		f(t, w)
	})
}

func (w *web) person(name string) domain.Account {
	return w.stranger(name, func(a *domain.Account, actor *domain.Actor) {
		uri := webHost + "/users/" + name
		a.Domain, a.URI, actor.Host = "web.test", uri, "web.test"
		actor.Inbox, actor.Followers = uri+"/inbox", uri+"/followers"
	})
}

func (w *web) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	page := w.pages[r.URL.RequestURI()]
	w.asked[r.URL.RequestURI()]++
	w.mu.Unlock()
	if page == nil {
		http.NotFound(out, r)
		return
	}
	out.Header().Set("Content-Type", "application/activity+json")
	_ = json.NewEncoder(out).Encode(page)
}

// publish serves a document at its id's path, or takes it away.
func (w *web) publish(path string, page doc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pages[path] = page
}

// post serves a public post by ann.
func (w *web) post(path string, members doc) string {
	page := doc{
		"type": "Note", "id": webHost + path, "attributedTo": w.ann.URI, "content": "<p>" + path + "</p>",
		"to": apub.Public, "published": "2026-03-01T11:00:00Z",
	}
	for k, v := range members {
		page[k] = v
	}
	w.publish(path, page)
	return webHost + path
}

func (w *web) settle() {
	w.t.Helper()
	for range 300 {
		n, err := w.runner.Step(w.t.Context())
		if err != nil {
			w.t.Logf("step: %v", err)
		}
		if n == 0 {
			return
		}
	}
	w.t.Fatal("the work has no end")
}

func (w *web) fetch(uri string) domain.Status {
	w.t.Helper()
	st, err := w.s.Status(w.t.Context(), uri)
	if err != nil {
		w.t.Fatal(err)
	}
	return st
}

func TestThreadsAreFetchedUpwards(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		w.post("/1", nil)
		for i := 2; i <= 5; i++ {
			w.post(fmt.Sprintf("/%d", i), doc{"inReplyTo": fmt.Sprintf("%s/%d", webHost, i-1)})
		}
		leaf := w.fetch(webHost + "/5")
		w.settle()
		root := w.fetch(webHost + "/1")
		chain, err := w.st.Reader().Ancestors(t.Context(), 0, leaf.ID, 100)
		if err != nil || len(chain) != 4 || chain[0].ID != root.ID {
			t.Fatalf("%+v %v", chain, err)
		}
		if leaf = w.look(leaf.ID); leaf.Conversation != root.ID || root.RepliesCount != 1 {
			t.Errorf("%+v\n%+v", leaf, root)
		}
		lost := w.fetch(w.post("/6", doc{"inReplyTo": webHost + "/nowhere"}))
		w.settle()
		if lost = w.look(lost.ID); lost.InReplyTo != 0 || lost.InReplyToURI == "" {
			t.Errorf("%+v", lost)
		}
	})
}

func TestRepliesAreWalked(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		root := w.fetch(w.post("/1", doc{"replies": webHost + "/1/replies"}))
		w.publish("/1/replies", doc{
			"type": "Collection", "id": webHost + "/1/replies",
			"first": doc{"type": "CollectionPage", "partOf": webHost + "/1/replies", "items": []string{webHost + "/2"}, "next": webHost + "/1/replies?page=2"},
		})
		w.publish("/1/replies?page=2", doc{"type": "CollectionPage", "id": webHost + "/1/replies?page=2", "items": []string{webHost + "/3", webHost + "/gone"}})
		w.post("/2", doc{"inReplyTo": webHost + "/1", "replies": webHost + "/2/replies"})
		w.post("/3", doc{"inReplyTo": webHost + "/1"})
		w.publish("/2/replies", doc{"type": "Collection", "id": webHost + "/2/replies", "items": []string{webHost + "/4"}})
		w.post("/4", doc{"inReplyTo": webHost + "/2"})
		walk := func() {
			if _, err := w.s.WalkReplies(t.Context(), root.ID); err != nil {
				t.Fatal(err)
			}
			w.settle()
		}
		walk()
		walk() // too soon
		below, err := w.st.Reader().Descendants(t.Context(), 0, root.ID, 10)
		if err != nil || len(below) != 3 {
			t.Fatalf("%+v %v", below, err)
		}
		if n := w.asked["/1/replies"]; n != 1 {
			t.Errorf("walked %d times", n)
		}
		w.clock.Add(16 * time.Minute)
		walk()
		if n := w.asked["/1/replies"]; n != 2 {
			t.Errorf("walked %d times", n)
		}
		if n := w.look(root.ID).RepliesCount; n != 2 {
			t.Errorf("%d replies", n)
		}
		// What is gone since is removed, and all of it once the post itself is.
		w.clock.Add(2 * time.Hour)
		w.publish("/3", nil)
		walk()
		below, err = w.st.Reader().Descendants(t.Context(), 0, root.ID, 10)
		if err != nil || len(below) != 2 || w.look(root.ID).RepliesCount != 1 {
			t.Errorf("after /3 is gone: %+v %v", below, err)
		}
		w.clock.Add(2 * time.Hour)
		w.publish("/1", nil)
		walk()
		if _, err := w.st.Reader().AnyStatus(t.Context(), root.ID); !domain.Is(err, domain.NotFound) {
			t.Errorf("the post that is gone: %v", err)
		}
	})
}

// TestSEC16NotToBeSeenIsNotGone: a host that does not show a post for some to
// everybody has not deleted it, whoever says so.
func TestSEC16NotToBeSeenIsNotGone(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		st := w.fetch(w.post("/1", doc{"to": []string{webHost + "/ann/followers"}}))
		if st.Visibility.Listed() {
			t.Fatalf("it is %v", st.Visibility)
		}
		open := w.fetch(w.post("/2", nil))
		for _, path := range []string{"/1", "/2"} {
			w.publish(path, nil)
			err := w.s.Confirm(t.Context(), webHost+path)
			if hidden := path == "/1"; domain.Is(err, domain.NotFound) != hidden || !hidden && err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		if _, err := w.st.Reader().AnyStatus(t.Context(), st.ID); err != nil {
			t.Errorf("the hidden post: %v", err)
		}
		if _, err := w.st.Reader().AnyStatus(t.Context(), open.ID); !domain.Is(err, domain.NotFound) {
			t.Errorf("the open post: %v", err)
		}
	})
}

func TestSEC20OnlyTheRightAuthorizationLetsQuote(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		quoted := w.fetch(w.post("/1", doc{"attributedTo": w.bob.URI}))
		stamp := func(path string, members doc) string {
			page := doc{
				"type": "QuoteAuthorization", "id": webHost + path, "attributedTo": w.bob.URI,
				"interactingObject": webHost + "/2", "interactionTarget": webHost + "/1",
			}
			for k, v := range members {
				page[k] = v
			}
			w.publish(path, page)
			return webHost + path
		}
		state := func(id domain.ID) domain.QuoteState {
			q, err := w.st.Reader().Quote(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return q.State
		}
		st := w.fetch(w.post("/2", doc{"quote": quoted.URI}))
		for path, members := range map[string]doc{
			"/s/other-post": {"interactingObject": webHost + "/3"}, "/s/other-target": {"interactionTarget": webHost + "/3"},
			"/s/self": {"attributedTo": w.ann.URI}, "/s/type": {"type": "FeatureAuthorization"},
		} {
			w.edit(w.pages[w.page("/2", stamp(path, members))])
			w.settle()
			if got := state(st.ID); got != domain.QuotePending {
				t.Errorf("%s: %s", path, got)
			}
		}
		w.edit(w.pages[w.page("/2", "https://evil.test/stamp")])
		w.settle()
		right := stamp("/s/right", nil)
		w.edit(w.pages[w.page("/2", right)])
		w.settle()
		if got := state(st.ID); got != domain.QuoteAccepted || w.look(quoted.ID).QuotesCount != 1 || w.look(st.ID).Quote != quoted.ID {
			t.Errorf("%s, %d quotes", got, w.look(quoted.ID).QuotesCount)
		}
		if err := w.s.Deleted(t.Context(), w.bob, quoted.URI); err != nil {
			t.Fatal(err)
		}
		if got := state(st.ID); got != domain.QuoteDeleted {
			t.Error(got)
		}
	})
}

// page adds an authorization to the post that is served at a path.
func (w *web) page(path, authorization string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pages[path]["quoteAuthorization"] = authorization
	return path
}

func TestQuotesThatCameFirst(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		n := h.note(doc{"id": farHost + "/p/2", "quoteUrl": farHost + "/p/1"})
		// What is quoted cannot be had: it was deleted, as far as is known.
		h.write(func(tx *store.Tx) error { return tx.BuryFor(farHost+"/p/1", h.clock.Now().Add(time.Hour)) })
		st, _, err := h.s.Accept(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		q, err := h.st.Reader().Quote(t.Context(), st.ID)
		if err != nil || q.State != domain.QuoteDeleted {
			t.Fatalf("%+v %v", q, err)
		}
	})
}

// TestQuotesAreJoinedLater with what they quote, once that is here.
func TestQuotesAreJoinedLater(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		w.publish("/stamp", doc{
			"type": "QuoteAuthorization", "id": webHost + "/stamp", "attributedTo": w.bob.URI,
			"interactingObject": webHost + "/2", "interactionTarget": webHost + "/1",
		})
		allowed := w.fetch(w.post("/2", doc{"quote": webHost + "/1", "quoteAuthorization": webHost + "/stamp"}))
		own := w.fetch(w.post("/3", doc{"quote": webHost + "/1", "attributedTo": w.bob.URI}))
		asked := w.fetch(w.post("/4", doc{"quote": webHost + "/1"}))
		hidden := w.fetch(w.post("/5", doc{"quote": webHost + "/hidden"}))
		w.settle()
		for _, st := range []domain.Status{allowed, own, asked, hidden} {
			if q, err := w.st.Reader().Quote(t.Context(), st.ID); err != nil || q.State != domain.QuotePending || q.Quoted != 0 {
				t.Errorf("before: %+v %v", q, err)
			}
		}
		quoted := w.fetch(w.post("/1", doc{"attributedTo": w.bob.URI}))
		w.fetch(w.post("/hidden", doc{"attributedTo": w.bob.URI, "to": []string{w.bob.URI + "/followers"}}))
		w.settle()
		for st, want := range map[domain.ID]domain.QuoteState{
			allowed.ID: domain.QuoteAccepted, own.ID: domain.QuoteAccepted, asked.ID: domain.QuotePending, hidden.ID: domain.QuoteRejected,
		} {
			q, err := w.st.Reader().Quote(t.Context(), st)
			if err != nil || q.State != want || q.Quoted == 0 || w.look(st).Quote != q.Quoted {
				t.Errorf("%s: %+v %v, want %s", w.look(st).URI, q, err, want)
			}
		}
		if n := w.look(quoted.ID).QuotesCount; n != 2 {
			t.Errorf("%d quotes are counted", n)
		}
	})
}

// TestManyTakeOnePostAtOnce: as jobs do that work on letters about the same.
func TestManyTakeOnePostAtOnce(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		parent := w.fetch(w.post("/1", nil))
		w.post("/2", doc{"inReplyTo": webHost + "/1"})
		var all sync.WaitGroup
		ids := make([]domain.ID, 8)
		for i := range ids {
			all.Go(func() {
				st, err := w.s.Status(t.Context(), webHost+"/2")
				if err == nil && i%2 == 1 {
					err = w.s.Confirm(t.Context(), st.URI)
				}
				if err != nil {
					t.Error(err)
				}
				ids[i] = st.ID
			})
		}
		all.Wait()
		w.settle()
		for _, id := range ids {
			if id == 0 || id != ids[0] {
				t.Errorf("one post has the ids %v", ids)
				break
			}
		}
		if n := w.look(parent.ID).RepliesCount; n != 1 {
			t.Errorf("%d replies are counted", n)
		}
		if err := w.s.Deleted(t.Context(), w.ann, webHost+"/2"); err != nil {
			t.Error(err)
		}
		for range 4 {
			all.Go(func() { _ = w.s.Confirm(t.Context(), webHost+"/1") })
			all.Go(func() {
				if err := w.s.Deleted(t.Context(), w.ann, webHost+"/1"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if _, err := w.st.Reader().AnyStatus(t.Context(), parent.ID); !domain.Is(err, domain.NotFound) {
			t.Errorf("what was deleted and asked for at once: %v", err)
		}
	})
}

func TestFollowersAreCompared(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		alice, carol := w.account(domain.Account{Username: "alice"}), w.account(domain.Account{Username: "carol"})
		w.write(func(tx *store.Tx) error {
			if err := tx.SaveFollow(&domain.Follow{Account: alice.ID, Target: w.ann.ID}); err != nil {
				return err
			}
			return tx.SaveFollow(&domain.Follow{Account: carol.ID, Target: w.ann.ID, Pending: true})
		})
		url := w.ann.URI + "/followers_synchronization"
		w.publish("/users/ann/followers_synchronization", doc{"type": "OrderedCollection", "id": url, "orderedItems": []string{ours.ActorURI(&carol)}})
		compare := func(collection string) {
			header := apub.Sync{Collection: collection, URL: url, Digest: apub.FollowersDigest([]string{ours.ActorURI(&carol)})}.String()
			w.write(func(tx *store.Tx) error {
				_, err := job.Enqueue(tx, domain.JobSyncFollowers, remote.SyncJob{Actor: w.ann.ID, Header: header})
				return err
			})
			w.settle()
		}
		compare(w.bob.URI + "/followers") // not ann's
		if _, err := w.st.Reader().Follow(t.Context(), alice.ID, w.ann.ID); err != nil {
			t.Fatal(err)
		}
		compare(w.ann.URI + "/followers")
		_, err := w.st.Reader().Follow(t.Context(), alice.ID, w.ann.ID)
		wants(t, "alice", err, domain.NotFound)
		if f, err := w.st.Reader().Follow(t.Context(), carol.ID, w.ann.ID); err != nil || f.Pending {
			t.Errorf("%+v %v", f, err)
		}
	})
}

func TestPollsAreFetchedWhenSeen(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		poll := question(1, 1)
		st := w.fetch(w.post("/1", poll))
		w.clock.Add(5 * time.Minute)
		w.post("/1", question(3, 1))
		for range 2 {
			if err := w.s.PollViewed(t.Context(), st.Poll); err != nil {
				t.Fatal(err)
			}
		}
		w.settle()
		p, err := w.st.Reader().AnyPoll(t.Context(), st.Poll)
		if err != nil || p.VotesCount != 4 || w.asked["/1"] != 2 {
			t.Errorf("%+v, asked %d times, %v", p, w.asked["/1"], err)
		}
	})
}

func TestSweepForgets(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		st := h.accept(nil)
		sweep := func() []byte {
			if err := h.s.Sweep(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			o, err := h.st.Reader().RemoteObject(t.Context(), st.ID)
			if err != nil {
				t.Fatal(err)
			}
			return o.JSON
		}
		if len(sweep()) == 0 {
			t.Error("forgotten too soon")
		}
		h.clock.Add(31 * 24 * time.Hour)
		if len(sweep()) != 0 {
			t.Error("kept too long")
		}
	})
}

func TestSEC01FetchedPostsComeFromTheirOwnId(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		w.publish("/forged", doc{"type": "Note", "id": farHost + "/p/1", "attributedTo": farHost + "/users/eve", "content": "forged", "to": apub.Public})
		w.publish("/other", doc{"type": "Note", "id": webHost + "/absent", "attributedTo": w.ann.URI, "content": "forged", "to": apub.Public})
		for _, path := range []string{"/forged", "/other"} {
			if st, err := w.s.Status(t.Context(), webHost+path); err == nil {
				t.Errorf("%s: %+v", path, st)
			}
		}
		group := w.stranger("group", func(a *domain.Account, actor *domain.Actor) { a.Group, a.Domain = true, "group.test" })
		uri := w.post("/1", nil)
		forged := doc{"type": "Announce", "actor": group.URI, "object": doc{
			"type": "Create", "id": uri + "/c", "actor": w.ann.URI, "object": doc{"type": "Note", "id": uri, "attributedTo": w.ann.URI, "content": "forged"},
		}}
		if err := w.s.Boost(t.Context(), group, w.parse(forged).Activity); err != nil {
			t.Fatal(err)
		}
		if st := w.fetch(uri); st.Content != "<p>/1</p>" {
			t.Errorf("%+v", st)
		}
	})
}
