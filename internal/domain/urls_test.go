package domain

import "testing"

func TestLocalURIsAreReadAsTheyAreMade(t *testing.T) {
	t.Parallel()
	u := URLs{Base: "https://coterie.test", Host: "coterie.test"}
	alice := &Account{Username: "Alice"}
	post := &Status{ID: 12, Local: true}
	for uri, want := range map[string]LocalURI{
		u.ActorURI(alice):                                {Username: "Alice"},
		u.Profile(alice):                                 {Username: "Alice"},
		u.KeyID(u.ActorURI(alice)):                       {Username: "Alice"},
		u.StatusURI(post, alice):                         {Username: "Alice", Status: 12},
		u.StatusURL(post, alice):                         {Username: "Alice", Status: 12},
		u.StatusURI(&Status{ID: 13, ReblogOf: 1}, alice): {Username: "Alice", Status: 13, Part: "activity"},
		u.Followers(alice):                               {Username: "Alice", Part: "followers"},
		u.InstanceActor():                                {},
	} {
		if got, ok := u.Parse(uri); !ok || got != want {
			t.Errorf("%s is read as %+v, %v; want %+v", uri, got, ok, want)
		}
	}
	for _, uri := range []string{
		"", "https://coterie.test", "https://coterie.test/", "https://coterie.test/about", "https://coterie.test/users/",
		"https://coterie.test/@", "https://coterie.test/@alice/x", "https://coterie.test/users/alice/statuses/0",
		"https://coterie.test.evil/users/alice", "http://coterie.test/users/alice",
	} {
		if got, ok := u.Parse(uri); ok {
			t.Errorf("%q is read as %+v", uri, got)
		}
	}
}
