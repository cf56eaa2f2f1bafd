package apub

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden documents anew")

const (
	us      = "https://coterie.example"
	bob     = us + "/users/bob"
	alice   = "https://mastodon.example/users/alice"
	folk    = bob + "/followers"
	post    = bob + "/statuses/1"
	theirs  = alice + "/statuses/2"
	request = bob + "#follows/3"
)

var noon = time.Date(2026, 6, 2, 10, 0, 0, 0, time.UTC)

func fullNote() NoteDoc {
	return NoteDoc{
		ID: post, URL: us + "/@bob/1", Author: bob, Content: "<p>Soup & \"bread\" :blobcat: #soup</p>", Language: "en",
		Spoiler: "Food", Sensitive: true, InReplyTo: theirs,
		Conversation: us + "/contexts/1", Context: us + "/contexts/1", To: []string{Public}, Cc: []string{folk, alice},
		Published: noon, Updated: noon.Add(90*time.Second + 250*time.Millisecond),
		Attachments: []Attachment{
			{URL: us + "/media/1.png", MediaType: "image/png", Description: "A bowl", Blurhash: "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH", Focus: &[2]float64{-0.55, 0.43}, Width: 1200, Height: 800},
			{URL: us + "/media/2.mp4", MediaType: "video/mp4", Duration: 12500 * time.Millisecond, Preview: us + "/media/2.png"},
		},
		Mentions: []Mention{{Href: alice, Name: "@alice@mastodon.example"}}, Hashtags: []Hashtag{{Name: "soup", Href: us + "/tags/soup"}},
		Emojis: []Emoji{{ID: us + "/emojis/1", Shortcode: "blobcat", URL: us + "/emoji/blobcat.png", MediaType: "image/png", Updated: noon}},
		Replies: &CollectionDoc{ID: post + "/replies", Total: -1, FirstPage: &CollectionDoc{
			Page: true, PartOf: post + "/replies", Next: post + "/replies?only_other_accounts=true&page=true", Items: IRIs([]string{bob + "/statuses/3"}),
		}},
		Likes:  &CollectionDoc{ID: post + "/likes", Total: 2, WithoutItems: true},
		Shares: &CollectionDoc{ID: post + "/shares", Total: 1, WithoutItems: true},
		Quote:  Quote{State: QuoteAuthorized, Target: theirs, Authorization: alice + "/quote_authorizations/5"},
		Policy: &Policy{Quote: &Rule{Automatic: []string{Public}, Manual: []string{folk}}},
	}
}

func plainNote() NoteDoc {
	return NoteDoc{ID: post, URL: us + "/@bob/1", Author: bob, Content: "<p>Hello</p>", To: []string{folk}, Cc: nil, Published: noon}
}

func poll() NoteDoc {
	n := plainNote()
	n.To = []string{Public}
	n.Poll = &PollDoc{
		Options: []Option{{Title: "Yes", Votes: 3}, {Title: "No", Votes: 1}}, Voters: 4, EndTime: noon.Add(time.Hour), Closed: noon.Add(time.Hour),
	}
	return n
}

func fullActor() ActorDoc {
	yes := true
	return ActorDoc{
		ID: bob, Type: "Person", Username: "bob", Webfinger: "bob@coterie.example", Name: "Bob :blobcat:", Summary: "<p>Likes #soup</p>",
		URL: us + "/@bob", Inbox: bob + "/inbox", SharedInbox: us + "/inbox", Outbox: bob + "/outbox", Followers: folk, Following: bob + "/following",
		Featured: bob + "/collections/featured", FeaturedTags: bob + "/collections/tags", Locked: true, Discoverable: true, Indexable: true,
		ShowMedia: &yes, Published: noon.Truncate(24 * time.Hour), CanFeature: &Rule{Automatic: []string{bob}},
		Key:       Key{ID: bob + "#main-key", Owner: bob, PEM: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"},
		Multikeys: []Multikey{{ID: bob + "#ed25519-key", Controller: bob, Multibase: "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"}},
		Emojis:    []Emoji{{ID: us + "/emojis/1", Shortcode: "blobcat", URL: us + "/emoji/blobcat.png", MediaType: "image/png"}},
		Hashtags:  []Hashtag{{Name: "soup", Href: us + "/tags/soup"}}, Fields: []Field{{Name: "Site", Value: `<a href="https://bob.example">bob.example</a>`}},
		Icon: &Image{URL: us + "/a.png", MediaType: "image/png", Description: "Bob in a hat"}, Image: &Image{URL: us + "/h.png", MediaType: "image/png"},
		AlsoKnownAs: []string{alice}, MovedTo: alice, AttributionDomains: []string{"bob.example"},
	}
}

// goldens are the documents we send, by name of the file that holds the
// exact bytes.
func goldens() map[string][]byte {
	featured := FeaturedCollectionDoc{
		ID: bob + "/collections/1", Owner: bob, Name: "Cooks", Summary: "They cook", Language: "en", Discoverable: true,
		Topic: &HashtagDoc{Name: "soup", Href: us + "/tags/soup"}, Published: noon, Updated: noon.Add(time.Minute),
		Items: []FeaturedItemDoc{{ID: bob + "/collection_items/2", Object: alice, ObjectType: "Person", Authorization: alice + "/feature_authorizations/11"}},
	}
	follow := NewFollow(request, bob, alice)
	asked := ActivityDoc{ID: alice + "#quote_requests/9", Type: "QuoteRequest", Actor: alice, Object: IRI(post), Instrument: IRI(theirs)}
	stamp := ConsentDoc{ID: bob + "/quote_authorizations/5", Type: "QuoteAuthorization", AttributedTo: bob, Object: theirs, Target: post}
	instance := ActorDoc{ID: us + "/actor", Type: "Application", Username: "coterie.example", Inbox: us + "/actor/inbox", Locked: true, Key: Key{ID: us + "/actor#main-key", Owner: us + "/actor", PEM: "x"}}
	gone := plainNote()
	gone.Quote.State = QuoteDeleted
	return map[string][]byte{
		"actor":             Encode(fullActor()),
		"actor-bare":        Encode(fullActor().Bare()),
		"actor-instance":    Encode(instance),
		"note":              Encode(fullNote()),
		"note-plain":        Encode(plainNote()),
		"note-quote-gone":   Encode(gone),
		"question":          Encode(poll()),
		"create":            Encode(NewCreate(post+"/activity", fullNote())),
		"update":            Encode(NewUpdate(post+"#updates/1", fullNote(), noon.Add(time.Minute))),
		"update-tally":      Encode(NewUpdate(post+"#updates/2", poll(), noon.Add(time.Minute))),
		"update-actor":      Encode(NewActorUpdate(bob+"#updates/1", fullActor())),
		"delete":            Encode(NewDelete(post+"#delete", bob, post)),
		"delete-actor":      Encode(NewActorDelete(bob+"#delete", bob)),
		"revocation":        Encode(NewRevocation(stamp.ID+"#delete", bob, stamp)),
		"announce":          Encode(NewAnnounce(bob+"/statuses/4/activity", bob, theirs, noon, []string{Public}, []string{alice, folk})),
		"announce-approved": Encode(approvedBoost()),
		"announce-private":  Encode(NewPrivateAnnounce(bob+"/statuses/5/activity", plainNote(), noon, []string{folk})),
		"like":              Encode(NewLike(bob+"#likes/1", bob, theirs)),
		"follow":            Encode(follow),
		"follow-relay":      Encode(NewFollow(us+"/6ae1", us+"/actor", Public)),
		"block":             Encode(NewBlock(bob+"#blocks/1", bob, alice)),
		"undo-follow":       Encode(NewUndo(request+"/undo", follow)),
		"undo-announce":     Encode(NewUndo(bob+"/statuses/4/activity/undo", NewAnnounce(bob+"/statuses/4/activity", bob, theirs, noon, []string{Public}, []string{alice, folk}))),
		"accept-follow":     Encode(NewAccept(bob+"#accepts/1", bob, NewFollow(alice+"#follows/1", alice, bob), "")),
		"accept-no-id":      Encode(NewAccept(bob+"#accepts/2", bob, NewFollow("", alice, bob), "")),
		"accept-quote":      Encode(NewAccept(bob+"#accepts/3", bob, asked, stamp.ID)),
		"reject-follow":     Encode(NewReject(bob+"#rejects/1", bob, NewFollow(alice+"#follows/1", alice, bob))),
		"add":               Encode(NewAdd(bob, IRI(post), bob+"/collections/featured")),
		"add-hashtag":       Encode(NewAdd(bob, HashtagDoc{Name: "soup", Href: us + "/tags/soup"}, bob+"/collections/featured")),
		"remove":            Encode(NewRemove(bob, IRI(post), bob+"/collections/featured")),
		"flag":              Encode(NewFlag(us+"/reports/1", us+"/actor", "spam", []string{alice, theirs})),
		"move":              Encode(NewMove(bob+"#moves/1", bob, alice, folk)),
		"quote-request":     Encode(NewQuoteRequest(bob+"#quote_requests/1", theirs, fullNote(), alice)),
		"quote-stamp":       Encode(stamp),
		"feature-request":   Encode(NewFeatureRequest(bob+"#feature_requests/2", bob, alice, bob+"/collections/1")),
		"collection":        Encode(featured),
		"update-collection": Encode(NewCollectionUpdate(bob+"#updates/3", featured)),
		"add-item":          Encode(NewAdd(bob, featured.Items[0], featured.ID)),
		"vote":              Encode(NewVote(bob+"#votes/1/activity", VoteDoc{ID: bob + "#votes/1", Voter: bob, Question: theirs, PollAuthor: alice, Option: "Yes"})),
		"tombstone":         Encode(Tombstone{ID: post}),
		"outbox":            Encode(CollectionDoc{ID: bob + "/outbox", Ordered: true, Total: 7, First: bob + "/outbox?page=true", Last: bob + "/outbox?min_id=0&page=true"}),
		"outbox-page": Encode(CollectionDoc{
			ID: bob + "/outbox?page=true", Ordered: true, Page: true, PartOf: bob + "/outbox", Next: bob + "/outbox?max_id=1&page=true", Prev: bob + "/outbox?min_id=9&page=true",
			Items: []Part{NewCreate(post+"/activity", plainNote()), NewAnnounce(bob+"/statuses/4/activity", bob, theirs, noon, []string{Public}, []string{alice, folk})},
		}),
		"followers-count": Encode(CollectionDoc{ID: folk, Ordered: true, Total: 3, WithoutItems: true}),
		"followers-sync":  Encode(CollectionDoc{ID: folk + "?domain=a.example", Ordered: true, Total: -1, Items: IRIs([]string{"https://a.example/u"})}),
		"featured":        Encode(CollectionDoc{ID: bob + "/collections/featured", Ordered: true, Total: 1, Items: []Part{plainNote()}}),
		"featured-tags":   Encode(CollectionDoc{ID: bob + "/collections/tags", Total: 1, Items: []Part{HashtagDoc{Name: "soup", Href: us + "/tags/soup"}}}),
		"empty":           Encode(CollectionDoc{ID: bob + "/collections/featured", Ordered: true}),
		"webfinger": FingerDoc{
			Subject: "bob@coterie.example", Aliases: []string{us + "/@bob", bob}, Actor: bob, Profile: us + "/@bob",
			Subscribe: us + "/authorize_interaction?uri={uri}", Avatar: &Image{URL: us + "/a.png", MediaType: "image/png"},
			Intents: []Intent{{"Create", us + "/share?text={content}"}, {"Follow", us + "/authorize_interaction?uri={object}"}},
		}.Encode(),
		"host-meta.xml":      HostMeta(us + "/.well-known/webfinger?resource={uri}&x"),
		"host-meta":          HostMetaJSON(us + "/.well-known/webfinger?resource={uri}"),
		"nodeinfo-wellknown": NodeLinksDoc{NodeInfo20: us + "/nodeinfo/2.0", NodeInfo21: us + "/nodeinfo/2.1", InstanceActor: us + "/actor"}.Encode(),
		"nodeinfo-2.0":       NodeInfoDoc{Software: "coterie", Version: "0.1.0", Homepage: "https://h.example", Users: 3, Month: 2, HalfYear: 3, Posts: 9, Open: true, Name: "A place", Description: "for us"}.Encode("2.0"),
		"nodeinfo-2.1":       NodeInfoDoc{Software: "coterie", Version: "0.1.0", Homepage: "https://h.example"}.Encode("2.1"),
	}
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	all := goldens()
	for name, got := range all {
		file := filepath.Join("testdata", "golden", name)
		if filepath.Ext(name) != ".xml" {
			file += ".json"
			if !json.Valid(got) {
				t.Errorf("%s is not JSON: %s", name, got)
			}
		}
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s\n got %s\nwant %s", name, got, want)
		}
	}
	if files, _ := filepath.Glob("testdata/golden/*"); len(files) != len(all) {
		t.Errorf("%d golden files for %d documents", len(files), len(all))
	}
}

// TestRoundTrip reads what we write with our own reader.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	all := goldens()
	for name, want := range map[string]string{
		"note":             `Note id=//coterie.example/users/bob/statuses/1 by=//coterie.example/users/bob public content="<p>Soup & \"bread\" :blobcat: #soup</p>" lang=en spoiler=Food sensitive url=//coterie.example/@bob/1 published=2026-06-02T10:00:00Z edited reply=//mastodon.example/users/alice/statuses/2 context=//coterie.example/contexts/1 image=//coterie.example/media/1.png alt="A bowl" blurhash focus="[-0.55 0.43]" size=1200x800 video=//coterie.example/media/2.mp4 plays=12.5s thumb=//coterie.example/media/2.png mention=//mastodon.example/users/alice|@alice@mastodon.example notify=1 hashtag=soup emoji=blobcat|//coterie.example/emoji/blobcat.png likes=2. shares=1. quote=authorized quotes=//mastodon.example/users/alice/statuses/2 stamp=//mastodon.example/users/alice/quote_authorizations/5 canQuote=PUBLIC canQuoteAsking=//coterie.example/users/bob/followers`,
		"note-plain":       `Note id=//coterie.example/users/bob/statuses/1 by=//coterie.example/users/bob private content=<p>Hello</p> url=//coterie.example/@bob/1 published=2026-06-02T10:00:00Z`,
		"question":         `Question id=//coterie.example/users/bob/statuses/1 by=//coterie.example/users/bob public content=<p>Hello</p> url=//coterie.example/@bob/1 published=2026-06-02T10:00:00Z oneOf=Yes:3,No:1 voters=4 ends=2026-06-02T11:00:00Z closed`,
		"vote":             `Create id=//coterie.example/users/bob#votes/1/activity actor=//coterie.example/users/bob object=(Note id=//coterie.example/users/bob#votes/1 by=//coterie.example/users/bob direct limited title=Yes reply=//mastodon.example/users/alice/statuses/2 VOTE=Yes)`,
		"actor":            `Person id=//coterie.example/users/bob handle=bob@coterie.example name="Bob :blobcat:" bio="<p>Likes #soup</p>" url=//coterie.example/@bob inbox=//coterie.example/users/bob/inbox shared=//coterie.example/inbox outbox=//coterie.example/users/bob/outbox followers=//coterie.example/users/bob/followers following=//coterie.example/users/bob/following featured=//coterie.example/users/bob/collections/featured tagsCollection=//coterie.example/users/bob/collections/tags icon=//coterie.example/a.png alt="Bob in a hat" header=//coterie.example/h.png locked discoverable indexable showMedia=true published=2026-06-02T00:00:00Z badkey=//coterie.example/users/bob#main-key multikeys=1 field="Site|<a href=\"//bob.example\">bob.example</a>" emoji=blobcat hashtag=soup aka=//mastodon.example/users/alice moved=//mastodon.example/users/alice domains=bob.example canFeature=//coterie.example/users/bob`,
		"accept-quote":     `Accept id=//coterie.example/users/bob#accepts/3 actor=//coterie.example/users/bob object=(QuoteRequest id=//mastodon.example/users/alice#quote_requests/9 actor=//mastodon.example/users/alice object=//coterie.example/users/bob/statuses/1 instrument=//mastodon.example/users/alice/statuses/2) result=//coterie.example/users/bob/quote_authorizations/5`,
		"quote-stamp":      `QuoteAuthorization id=//coterie.example/users/bob/quote_authorizations/5 by=//coterie.example/users/bob object=//mastodon.example/users/alice/statuses/2 target=//coterie.example/users/bob/statuses/1`,
		"announce-private": `Announce id=//coterie.example/users/bob/statuses/5/activity actor=//coterie.example/users/bob object=(Note id=//coterie.example/users/bob/statuses/1 by=//coterie.example/users/bob private content=<p>Hello</p> url=//coterie.example/@bob/1 published=2026-06-02T10:00:00Z) visibility=private`,
		"flag":             `Flag id=//coterie.example/reports/1 actor=//coterie.example/actor object=//mastodon.example/users/alice object=//mastodon.example/users/alice/statuses/2 comment=spam`,
		"followers-sync":   `OrderedCollection id=//coterie.example/users/bob/followers?domain=a.example total=-1. item=//a.example/u`,
	} {
		if got := describe(parse(t, string(all[name]))); got != want {
			t.Errorf("%s\n got %s\nwant %s", name, got, want)
		}
	}
	for name, body := range all {
		if name == "host-meta.xml" {
			if _, err := ParseHostMeta(body); err != nil {
				t.Error(err)
			}
			continue
		}
		if name == "webfinger" {
			f, err := ParseFinger(body)
			if err != nil || f.Subject != "bob@coterie.example" || f.Self != bob || f.Subscribe == "" {
				t.Errorf("%+v, %v", f, err)
			}
			continue
		}
		d, err := Parse(body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.Activity != nil {
			if err := d.Activity.Check(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestSignedDocuments adds both kinds of signature to what we send, checks
// them, and sees that the document still says the same. This also proves
// that all our contexts are bundled and do not contradict each other.
func TestSignedDocuments(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	all := goldens()
	for _, name := range []string{"create", "update", "update-actor", "delete", "announce", "delete-actor", "quote-request", "update-tally", "accept-quote", "revocation", "update-collection", "add-item"} {
		proven, err := AddProof(all[name], bob+"#ed25519-key", priv, noon)
		if err != nil {
			t.Fatal(name, err)
		}
		signed, err := AddLDSignature(proven, bob+"#main-key", rsaKey, noon)
		if err != nil {
			t.Fatal(name, err)
		}
		if p, err := VerifyProof(proven, pub); err != nil || p.VerificationMethod != bob+"#ed25519-key" || !p.Created.Equal(noon) {
			t.Errorf("%s: proof %+v, %v", name, p, err)
		}
		if s, err := VerifyLDSignature(signed, &rsaKey.PublicKey); err != nil || s.Creator != bob+"#main-key" {
			t.Errorf("%s: signature %+v, %v", name, s, err)
		}
		changed := bytes.Replace(signed, []byte("coterie.example/users/bob"), []byte("coterie.example/users/bop"), 1)
		if _, err := VerifyLDSignature(changed, &rsaKey.PublicKey); err == nil {
			t.Errorf("%s: changed and still valid", name)
		}
		if a, b := describe(parse(t, string(all[name]))), describe(parse(t, string(signed))); a != b {
			t.Errorf("%s says something else once signed:\n%s\n%s", name, a, b)
		}
	}
}

func TestRSAKeyForms(t *testing.T) {
	t.Parallel()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	der := x509.MarshalPKCS1PublicKey(&small.PublicKey)
	text := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: der}))
	if k, err := (&Key{PEM: text}).RSA(); err != nil || !k.Equal(&small.PublicKey) {
		t.Error(err)
	}
	for _, bad := range []string{"", "x", "-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"} {
		if _, err := (&Key{PEM: bad}).RSA(); err == nil {
			t.Errorf("%q is a key", bad)
		}
	}
}

func approvedBoost() ActivityDoc {
	a := NewAnnounce(bob+"/statuses/4/activity", bob, theirs, noon, []string{Public}, []string{alice, folk})
	a.Approval = "https://gts.example/users/turtle/approvals/1"
	return a
}
