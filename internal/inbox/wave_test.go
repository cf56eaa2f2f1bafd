package inbox_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/inbox"
	"coterie/internal/job"
	"coterie/internal/moderation"
	"coterie/internal/store"
)

const waveText = "Great news for all of you today: our brand new server is open, join the biggest chat of the summer and win a fine prize at once"

// writes is a post of a stranger that mentions people here.
func (h *house) writes(by, id, words string, to ...string) doc {
	var tags []doc
	cc := []string{by + "/followers"}
	for _, name := range to {
		tags = append(tags, doc{"type": "Mention", "href": h.uri(name), "name": "@" + name + "@" + h.urls.Host})
		cc = append(cc, h.uri(name))
	}
	return doc{
		"id": id, "type": "Note", "attributedTo": by, "content": "<p>" + words + "</p>", "tag": tags, "cc": cc,
		"to": "https://www.w3.org/ns/activitystreams#Public",
	}
}

func (h *house) creates(by, id, words string, to ...string) {
	h.t.Helper()
	h.says(by, doc{"id": id + "/activity", "type": "Create", "object": h.writes(by, id, words, to...)})
}

func (h *house) waves() []domain.Wave {
	h.t.Helper()
	list, _, err := h.rules.Waves(h.ctx, domain.WaveOpen, domain.Page{Limit: 1000})
	h.must(err)
	return list
}

func (h *house) here(uri string) bool {
	h.t.Helper()
	_, err := h.st.Reader().StatusByURI(h.ctx, uri)
	return err == nil
}

func TestWaveIsHeld(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.runner.Handle(domain.JobRelease, h.remote.Release, job.HandlerOptions{})
		h.runner.Handle(domain.JobPolicy, h.rules.ApplyPolicy, job.HandlerOptions{})
		var by, ids []string
		for i := range 6 {
			by = append(by, fmt.Sprintf("http://s%d.test/users/x", i))
			ids = append(ids, by[i]+"/1")
			h.stranger(by[i])
		}
		for i, to := range []string{"alice", "bob", "carol", "alice", "bob", "carol"} {
			h.creates(by[i], ids[i], fmt.Sprintf("@%s %s %d", to, waveText, i), to)
			if got, want := h.here(ids[i]), i < domain.StrangersReached; got != want {
				t.Errorf("post %d is here: %t", i, got)
			}
		}
		h.creates(by[4], ids[4], waveText, "bob")
		if got := h.outcome(inbox.Held); got != 4 {
			t.Errorf("%d letters held, one of them twice", got)
		}
		h.wantWaveTold(1)
		list := h.waves()
		if len(list) != 3 || list[0].Pattern == 0 || list[0].Pattern != list[1].Pattern || list[0].Host != "s5.test" {
			t.Fatalf("waves: %+v", list)
		}
		held, err := h.rules.HeldPosts(h.ctx, list[1].ID, domain.Page{Limit: 10})
		h.must(err)
		if len(held) != 1 || held[0].URI != ids[4] || held[0].Why != domain.HeldAlike || held[0].Strangers != 1 {
			t.Fatalf("held: %+v", held)
		}
		// The author deletes one: it is gone for good.
		h.says(by[3], doc{"id": by[3] + "#d", "type": "Delete", "object": ids[3]})
		n, err := h.rules.ReleaseWaves(h.ctx, 0, moderation.WaveChoice{IDs: []domain.ID{list[2].ID, list[1].ID}})
		h.must(err)
		h.settle()
		if n != 2 || h.here(ids[3]) || !h.here(ids[4]) {
			t.Errorf("%d released; the deleted one is here: %t, the other: %t", n, h.here(ids[3]), h.here(ids[4]))
		}
		n, err = h.rules.ConfirmWaves(h.ctx, 0, moderation.WaveChoice{All: true}, domain.ActionSuspend)
		h.must(err)
		h.settle()
		author, err := h.st.Reader().AccountByURI(h.ctx, by[5])
		h.must(err)
		if held, err := h.st.Reader().IsHeld(h.ctx, ids[5]); n != 1 || err != nil || held || h.here(ids[5]) || !author.Suspended() {
			t.Errorf("confirmed: %d waves, still held %t (%v), here %t, suspended %t", n, held, err, h.here(ids[5]), author.Suspended())
		}
		if _, err := h.rules.ConfirmWaves(h.ctx, 0, moderation.WaveChoice{IDs: []domain.ID{list[0].ID}}, domain.ActionNone); !domain.Is(err, domain.NotFound) {
			t.Errorf("once more: %v", err)
		}
		log, err := h.rules.AuditLog(h.ctx, 0, domain.Page{Limit: 10})
		h.must(err)
		if len(log) != 4 || log[0].Verb != "confirmed" || log[1].Verb != "suspend" || log[2].Verb != "released" {
			t.Errorf("the audit log: %+v", log)
		}
		// The staff has said that this server sends no spam.
		h.creates(by[4], ids[4]+"b", waveText, "alice", "bob", "carol", "locked")
		if !h.here(ids[4] + "b") {
			t.Error("held just after the release")
		}
	})
}

// A harmless post that becomes spam by an edit says what it said until the
// staff lets the edit through; who fixes a word is not counted twice.
func TestEditIsHeld(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		t := h.t
		h.runner.Handle(domain.JobRelease, h.remote.Release, job.HandlerOptions{})
		edits := 0
		edited := func(by, id, words string, to ...string) {
			edits++
			d := h.writes(by, id, words, to...)
			d["updated"] = h.clock.Now().Add(time.Duration(edits) * time.Second).UTC().Format(time.RFC3339)
			h.clock.Add(time.Minute)
			h.says(by, doc{"id": fmt.Sprintf("%s#u%d", id, edits), "type": "Update", "object": d})
		}
		content := func(id string) string {
			st, err := h.st.Reader().StatusByURI(h.ctx, id)
			h.must(err)
			return st.Content
		}
		names := []string{"alice", "bob", "carol", "locked"}
		var ids, by []string
		for i, to := range names {
			by = append(by, fmt.Sprintf("http://s%d.test/users/x", i))
			ids = append(ids, by[i]+"/1")
			h.stranger(by[i])
			h.creates(by[i], ids[i], "Good morning to you, number "+to, to)
		}
		const fixed = "My very own garden has grown so well this spring that I can hardly see the fence from my kitchen window any more"
		for range 6 {
			edited(by[0], ids[0], fixed, "alice")
		}
		if n := h.outcome(inbox.Held); n != 0 || !strings.Contains(content(ids[0]), "garden") {
			t.Fatalf("a word is fixed: %d held, %s", n, content(ids[0]))
		}
		for i, to := range names {
			edited(by[i], ids[i], waveText, to)
		}
		if n := h.outcome(inbox.Held); n != 1 || strings.Contains(content(ids[3]), "prize") || !strings.Contains(content(ids[2]), "prize") {
			t.Fatalf("%d held; the last says %s", n, content(ids[3]))
		}
		edited(by[3], ids[3], waveText+" indeed", "locked")
		list := h.waves()
		if len(list) != 1 {
			t.Fatalf("waves: %+v", list)
		}
		held, err := h.rules.HeldPosts(h.ctx, list[0].ID, domain.Page{Limit: 10})
		h.must(err)
		if len(held) != 1 || held[0].URI != ids[3] || !strings.Contains(held[0].Text, "indeed") {
			t.Errorf("held: %+v", held)
		}
		_, err = h.rules.ReleaseWaves(h.ctx, 0, moderation.WaveChoice{All: true})
		h.must(err)
		h.settle()
		if !strings.Contains(content(ids[3]), "indeed") {
			t.Errorf("released: %s", content(ids[3]))
		}
		// By an edit that names many, too.
		h.stranger(far)
		h.creates(far, far+"/1", "Good evening", "alice")
		edited(far, far+"/1", "Look here", names...)
		if st := content(far + "/1"); !strings.Contains(st, "evening") {
			t.Errorf("many are named: %s", st)
		}
	})
}

func (h *house) wantWaveTold(want int) {
	h.t.Helper()
	n := 0
	for _, e := range h.events {
		if e.Kind == domain.EventWaveBegan {
			n++
		}
	}
	if n != want {
		h.t.Errorf("the staff heard of %d waves, want %d", n, want)
	}
}

// Whoever is known here, follows or was written to is no stranger.
func TestWhatIsNoWave(t *testing.T) {
	t.Parallel()
	h := single(t, "coterie.test")
	for i := range 4 {
		h.stranger(fmt.Sprintf("http://s%d.test/users/x", i))
	}
	h.clock.Add(domain.NewcomerFor)
	for i := range 4 {
		id := fmt.Sprintf("http://s%d.test/users/x", i)
		h.creates(id, id+"/1", waveText, "alice", "bob", "carol")
	}
	ann := h.stranger(far)
	for _, name := range []string{"alice", "bob", "carol", "locked"} {
		h.write(func(tx *store.Tx) error { return tx.SaveFollow(&domain.Follow{Account: h.id(name), Target: ann.ID}) })
	}
	for i := range 3 {
		h.creates(far, fmt.Sprintf("%s/%d", far, i), waveText, "alice", "bob", "carol", "locked")
	}
	if n := h.outcome(inbox.Held); n != 0 {
		t.Errorf("%d held", n)
	}
}

func TestWaveReplay(t *testing.T) {
	t.Parallel()
	replayWave(t, 25, 500, 50)
}

// replayWave sends a wave of posts, two mentions each, from many servers. It
// reaches three people, and the strangers who write for the first time
// meanwhile, some of them from the same servers, are all heard.
func replayWave(t *testing.T, origins, spam, strangers int) {
	t.Helper()
	h := single(t, "coterie.test")
	random := rand.New(rand.NewPCG(1, 2))
	var people []string
	for i := range 50 {
		name := fmt.Sprintf("member%d", i)
		h.people[name] = h.join(domain.Account{Username: name})
		people = append(people, name)
	}
	known := map[string]domain.Account{}
	author := func(id string) domain.Account {
		a, ok := known[id]
		if !ok {
			a = h.stranger(id)
			h.hide(id, false) // among fewer the others are found sooner
			known[id] = a
		}
		return a
	}
	var batch []*store.Letter
	flush := func() {
		h.write(func(tx *store.Tx) error {
			for _, l := range batch {
				if err := tx.InsertLetter(l); err != nil {
					return err
				}
			}
			return nil
		})
		batch = batch[:0]
		h.clock.Add(time.Second)
		h.settle()
	}
	send := func(by, id, words string, to ...string) {
		a := author(by)
		body := encode(doc{
			"@context": "https://www.w3.org/ns/activitystreams", "id": id + "/activity", "type": "Create", "actor": by,
			"object": h.writes(by, id, words, to...),
		})
		batch = append(batch, &store.Letter{Activity: id + "/activity", Signer: a.ID, Host: apub.Host(by), Body: body})
		if len(batch) == 500 {
			flush()
		}
	}
	vocabulary := strings.Fields(strings.Repeat("garden river bridge winter music book train coffee letter window mountain paper question answer friend morning evening city village picture ", 3) + waveText)
	sentence := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(vocabulary[random.IntN(len(vocabulary))] + " ")
		}
		return b.String()
	}
	short := []string{"Happy birthday!", "Hello, nice to meet you", "Thanks for the follow", "I love this", "お誕生日おめでとう", "Which camera is that?"}
	genuine := func(i int) {
		by := fmt.Sprintf("http://h%d.test/users/g%d", i%200, i)
		if i%5 == 0 {
			by = fmt.Sprintf("http://s%d.test/users/g%d", i%origins, i)
		}
		words := sentence(10 + random.IntN(30))
		switch i % 3 {
		case 0:
			words = short[random.IntN(len(short))]
		case 1:
			if i%5 != 0 {
				words += fmt.Sprintf(`<a href="https://news.test/%d">look</a>`, i)
			}
		}
		send(by, fmt.Sprintf("%s/1", by), words, people[random.IntN(len(people))])
	}
	for i := range spam {
		origin := i % origins
		by := fmt.Sprintf("http://s%d.test/users/x", origin)
		words := strings.Replace(waveText, "biggest", vocabulary[random.IntN(len(vocabulary))], random.IntN(2))
		words = fmt.Sprintf(`%s <a href="https://spam%d.test/%d">here</a> %d`, words, random.IntN(40), i, i)
		one := random.IntN(len(people))
		send(by, fmt.Sprintf("%s/%d", by, i), words, people[one], people[(one+1+random.IntN(len(people)-1))%len(people)])
		if i%(spam/strangers) == 0 {
			genuine(i * strangers / spam)
		}
	}
	flush()
	reached, heard := 0, 0
	for i := range spam {
		if h.here(fmt.Sprintf("http://s%d.test/users/x/%d", i%origins, i)) {
			reached += 2
		}
	}
	for i := range strangers {
		for _, host := range []string{fmt.Sprintf("h%d", i%200), fmt.Sprintf("s%d", i%origins)} {
			if h.here(fmt.Sprintf("http://%s.test/users/g%d/1", host, i)) {
				heard++
			}
		}
	}
	if reached > domain.StrangersReached {
		t.Errorf("spam reached %d people", reached)
	}
	if heard != strangers {
		t.Errorf("%d of %d strangers were heard", heard, strangers)
	}
	if list := h.waves(); len(list) != origins {
		t.Errorf("%d waves", len(list))
	}
}
