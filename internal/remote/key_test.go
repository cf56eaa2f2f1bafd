package remote_test

import (
	"crypto"
	"crypto/ed25519"
	"net/http"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/testkit/dbtest"
)

func equalKeys(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(x crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

// Every form of a key id leads to its owner (facts 4.3).
func TestKeyIDForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		id    string // of the key, after the actor's
		shown func(p *peer, key map[string]any)
		asked string // instead of the id
	}{
		"fragment": {id: "#main-key"},
		"stub": {id: "/main-key", shown: func(p *peer, key map[string]any) {
			p.show("/users/ann/main-key", map[string]any{"id": key["owner"], "type": "Person", "preferredUsername": "ann", "publicKey": key})
		}},
		"key document": {id: "/publickey", shown: func(p *peer, key map[string]any) {
			p.show("/users/ann/publickey", map[string]any{"id": key["id"], "type": "Key", "owner": key["owner"], "publicKeyPem": key["publicKeyPem"]})
		}},
		"slash and fragment": {id: "/#main-key", shown: func(p *peer, _ map[string]any) {
			p.on("/users/ann/", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/users/ann", http.StatusMovedPermanently)
			})
		}},
		"the bare actor": {id: ""},
		"its handle":     {id: "#main-key", asked: "acct:ann@far.test"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, dbtest.SQLite(t))
			p := l.peer("far.test")
			uri := "http://far.test/users/ann"
			key := map[string]any{"id": uri + c.id, "owner": uri, "publicKeyPem": newPEM(t)}
			p.settle(t, "ann", map[string]any{"publicKey": key})
			if c.shown != nil {
				c.shown(p, key)
			}
			asked := uri + c.id
			if c.asked != "" {
				asked = c.asked
			}
			pem, _ := key["publicKeyPem"].(string)
			want, err := fetch.DecodePublicPEM(pem)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				got, a, err := l.s.Key(t.Context(), asked)
				if err != nil || a.URI != uri || !equalKeys(got, want) {
					t.Errorf("%s: %+v: %v", asked, a, err)
				}
			}
			if n := p.hits("/users/ann"); n > 2 {
				t.Errorf("the actor was asked for %d times", n)
			}
		})
	}
}

// A key counts only if it names its owner and its owner names it.
func TestSEC11KeysAreVouchedForByBothSides(t *testing.T) {
	t.Parallel()
	victim := "http://good.test/users/ann"
	for name, shown := range map[string]map[string]any{
		"a key of somebody elsewhere":      {"id": "http://evil.test/key", "type": "Key", "owner": victim},
		"a key that calls itself another":  {"id": "http://evil.test/other", "type": "Key", "owner": "http://evil.test/users/eve"},
		"a key that its owner never named": {"id": "http://evil.test/key", "type": "Key", "owner": "http://evil.test/users/eve"},
		"an actor of another host":         {"id": victim, "type": "Person", "preferredUsername": "ann", "inbox": "http://evil.test/in"},
		"a stub of another host":           {"id": victim, "type": "Person"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, dbtest.SQLite(t))
			good, evil := l.peer("good.test"), l.peer("evil.test")
			good.settle(t, "ann", nil)
			evil.settle(t, "eve", nil)
			shown["publicKeyPem"] = newPEM(t)
			if shown["type"] == "Person" {
				shown["publicKey"] = map[string]any{"id": "http://evil.test/key", "owner": victim, "publicKeyPem": newPEM(t)}
			}
			evil.show("/key", shown)
			if key, a, err := l.s.Key(t.Context(), "http://evil.test/key"); err == nil {
				t.Errorf("%v of %+v", key, a)
			}
			before := evil.hits("")
			if _, _, err := l.s.Key(t.Context(), "http://evil.test/key"); err == nil || evil.hits("") != before {
				t.Errorf("asked again at once: %v", err)
			}
		})
	}
}

// What one actor publishes cannot take the key of another away.
func TestSEC11KeysAreNotShared(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		ann := l.actor(p.settle(t, "ann", nil))
		id := ann.URI + "#main-key"
		want, _, err := l.s.Key(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		p.settle(t, "eve", map[string]any{"publicKey": map[string]any{"id": id, "owner": "http://far.test/users/eve", "publicKeyPem": newPEM(t)}})
		l.actor("http://far.test/users/eve")
		if got, a, err := l.s.Key(t.Context(), id); err != nil || a.ID != ann.ID || !equalKeys(got, want) {
			t.Errorf("%+v: %v", a, err)
		}
	})
}

func TestRefreshKeyFollowsRotation(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		uri := p.settle(t, "ann", nil)
		old, _, err := l.s.Key(t.Context(), uri+"#main-key")
		if err != nil {
			t.Fatal(err)
		}
		p.settle(t, "ann", nil)
		fresh, a, err := l.s.RefreshKey(t.Context(), uri+"#main-key")
		if err != nil || a.URI != uri || equalKeys(old, fresh) {
			t.Errorf("%+v: %v", a, err)
		}
		if got, _, err := l.s.Key(t.Context(), uri+"#main-key"); err != nil || !equalKeys(got, fresh) {
			t.Errorf("the old key is still kept: %v", err)
		}
		before := p.hits("")
		if _, _, err := l.s.RefreshKey(t.Context(), uri+"#main-key"); !domain.Is(err, domain.RateLimited) || p.hits("") != before {
			t.Errorf("asked again at once: %v", err)
		}
		l.clock.Add(2 * time.Minute)
		if _, _, err := l.s.RefreshKey(t.Context(), uri+"#main-key"); err != nil {
			t.Errorf("later: %v", err)
		}
	})
}

func TestMultikey(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		p := l.peer("far.test")
		k, err := fetch.GenerateEd25519()
		if err != nil {
			t.Fatal(err)
		}
		public, _ := k.Public().(ed25519.PublicKey)
		uri := "http://far.test/users/ann"
		p.settle(t, "ann", map[string]any{"assertionMethod": []any{
			map[string]any{"id": uri + "#ed25519-key", "type": "Multikey", "controller": uri, "publicKeyMultibase": fetch.EncodeMultikey(public)},
			map[string]any{"id": uri + "#alien", "type": "Multikey", "controller": "http://far.test/users/eve", "publicKeyMultibase": fetch.EncodeMultikey(public)},
		}})
		if got, a, err := l.s.Multikey(t.Context(), uri+"#ed25519-key"); err != nil || a.URI != uri || !public.Equal(got) {
			t.Errorf("%+v: %v", a, err)
		}
		if _, _, err := l.s.Multikey(t.Context(), uri+"#alien"); err == nil {
			t.Error("a key of another controller counts")
		}
	})
}

func TestUnreachableHostsRest(t *testing.T) {
	t.Parallel()
	l := newLab(t, dbtest.SQLite(t))
	p := l.peer("far.test")
	uri := p.settle(t, "ann", nil)
	p.setDown(true)
	if _, _, err := l.s.Key(t.Context(), uri+"#main-key"); !domain.Is(err, domain.Unavailable) {
		t.Errorf("while it is down: %v", err)
	}
	p.setDown(false)
	if _, _, err := l.s.Key(t.Context(), uri+"#main-key"); !domain.Is(err, domain.Unavailable) || p.hits("") > 0 {
		t.Errorf("it was asked again at once: %v", err)
	}
	l.clock.Add(6 * time.Minute)
	if _, _, err := l.s.Key(t.Context(), uri+"#main-key"); err != nil {
		t.Errorf("later: %v", err)
	}
}
