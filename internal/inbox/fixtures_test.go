package inbox_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
)

// fixtures are payloads of other software, as package apub has them.
const fixtures = "../apub/testdata/fixtures"

// fixturesAt is shortly after most of the payloads were written.
var fixturesAt = time.Date(2026, 6, 2, 12, 0, 0, 0, time.UTC)

// payload is one of them on its way through a house of its own.
type payload struct {
	*house
	file  string
	body  string
	doc   *apub.Document
	actor domain.Account // who signs it
	posts map[string]domain.Status
}

var (
	httpsHost = regexp.MustCompile(`https://([a-z0-9.-]+\.(?:example|test))\b`)
	ourPost   = regexp.MustCompile(`http://coterie\.example/(?:notes|users/[a-z]+/statuses)/[0-9]+`)
	ourPerson = regexp.MustCompile(`http://coterie\.example/users/([a-z]+)`)
	votedName = regexp.MustCompile(`"name": ?"([^"]+)"`)
)

// plain makes every address one of http, which is all that the lab speaks.
func plain(s string) string {
	return httpsHost.ReplaceAllString(strings.ReplaceAll(s, "another_instance", "another-instance"), "http://$1")
}

func readFixture(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(fixtures, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return plain(string(b))
}

// openPayload makes a house whose strangers answer with the fixtures of one
// software, in which bob follows who signs the payload.
func openPayload(t *testing.T, file string) *payload {
	t.Helper()
	p := &payload{house: single(t, "coterie.example"), file: file, body: readFixture(t, file), posts: map[string]domain.Status{}}
	p.clock.Add(fixturesAt.Sub(p.clock.Now()))
	p.handleRemote()
	for _, name := range []string{"dan", "erin"} {
		p.people[name] = p.join(domain.Account{Username: name})
	}
	p.replacePosts()
	p.serveFixtures()
	var err error
	p.doc, err = apub.Parse([]byte(p.body))
	p.must(err)
	if n := p.doc.Note; n != nil {
		p.docs[n.ID] = p.body
		p.body = `{"id":"` + n.ID + `#create","type":"Create","actor":"` + n.Author + `","object":` + string(p.doc.Raw) + `}`
		p.doc, err = apub.Parse([]byte(p.body))
		p.must(err)
	}
	if a := p.doc.Activity; a != nil && apub.Host(a.Actor) != p.urls.Host {
		p.signs(a.Actor)
	}
	return p
}

// signs makes an actor the one who signs, and bob follow it. Where no fixture
// describes it, it is a plain person, or a group if it passes activities on.
func (p *payload) signs(signer string) {
	if _, ok := p.docs[signer]; !ok || strings.HasPrefix(p.file, "malformed/") {
		d := actor(signer)
		if a := p.doc.Activity; a != nil && a.Type == "Announce" && a.Inner() != nil {
			d["type"] = "Group"
		}
		p.show(d)
		p.docs[fingerAt(nameIn(signer), apub.Host(signer), apub.Host(signer))] = fingerOf(nameIn(signer), signer)
	}
	var err error
	p.actor, err = p.remote.Actor(p.ctx, signer)
	p.must(err)
	p.follow("bob", p.actor)
}

// handleRemote has the house also do in the background what reading strangers
// leads to.
func (p *payload) handleRemote() {
	for kind, f := range map[domain.JobKind]job.Handler{
		domain.JobMovedTo: p.remote.FollowMove, domain.JobBackfill: p.remote.Backfill, domain.JobReplies: p.remote.Replies,
		domain.JobThread: p.remote.Thread, domain.JobQuoteCheck: p.remote.CheckQuote, domain.JobSyncFollowers: p.remote.SyncFollowers,
	} {
		p.runner.Handle(kind, f, job.HandlerOptions{})
	}
}

// replacePosts gives posts of ours that the payload names real addresses.
func (p *payload) replacePosts() {
	p.body = ourPost.ReplaceAllStringFunc(p.body, func(named string) string {
		author := "bob"
		if m := ourPerson.FindStringSubmatch(named); m != nil && p.people[m[1]].ID != 0 {
			author = m[1]
		}
		st, ok := p.posts[named]
		if !ok {
			st, _ = p.post(author, func(c *domain.Compose) {
				if strings.Contains(p.file, "vote") {
					options := []string{"none of them"}
					for _, m := range votedName.FindAllStringSubmatch(p.body, -1) {
						options = append(options, m[1])
					}
					c.Poll = &domain.ComposePoll{Options: options, ExpiresIn: 3600, Multiple: true}
				}
			})
			p.posts[named] = st
		}
		a := p.people[author]
		return p.urls.StatusURI(&st, &a)
	})
	p.heard()
}

// serveFixtures lets strangers answer with everything of the same directory.
func (p *payload) serveFixtures() {
	dir, _, _ := strings.Cut(p.file, "/")
	files, err := filepath.Glob(filepath.Join(fixtures, dir, "*.json"))
	p.must(err)
	for _, f := range files {
		text := readFixture(p.t, dir+"/"+filepath.Base(f))
		d, err := apub.Parse([]byte(text))
		if err != nil || d.ID == "" {
			continue
		}
		if old, ok := p.docs[d.ID]; !ok || d.Actor != nil && d.Actor.MovedTo == "" && !d.Actor.Suspended && len(text) > len(old) {
			p.docs[d.ID] = text
		}
		if d.Activity != nil {
			for _, o := range d.Activity.Objects {
				if o.Doc != nil && o.Doc.Note != nil && o.Doc.Note.Author == d.Activity.Actor {
					p.docs[o.ID] = string(o.Doc.Raw)
				}
			}
		}
	}
}

// arrive has the payload arrive, and settles what follows.
func (p *payload) arrive() { p.raw(p.actor, p.body, 0) }

// TestFixtures has each payload arrive, signed by its actor, in a house whose
// strangers answer with the fixtures, and asserts what the index says of it.
func TestFixtures(t *testing.T) {
	t.Parallel()
	var index []struct{ File, Expect string }
	if err := json.Unmarshal([]byte(readFixture(t, "index.json")), &index); err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, e := range index {
		named[e.File] = true
		if expected[e.File] == nil {
			t.Errorf("%s has no assertion: %s", e.File, e.Expect)
		}
	}
	for file := range expected {
		if !named[file] {
			t.Errorf("%s is asserted, but is no payload", file)
		}
	}
	for file, assert := range expected {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			assert(openPayload(t, file))
		})
	}
}
