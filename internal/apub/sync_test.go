package apub

import (
	"encoding/json"
	"testing"
)

func TestFollowersDigest(t *testing.T) {
	t.Parallel()
	var file struct {
		Vectors []struct {
			Followers []string
			Digest    string
		}
		Header string `json:"header_example"`
	}
	if err := json.Unmarshal(readFixture(t, "signatures/fep-8fcf-followers-digest.json"), &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) == 0 {
		t.Fatal("no vectors")
	}
	for _, v := range file.Vectors {
		if got := FollowersDigest(v.Followers); got != v.Digest {
			t.Errorf("%v: %s, want %s", v.Followers, got, v.Digest)
		}
	}
	s, err := ParseSync(file.Header)
	if err != nil || s.Digest != file.Vectors[0].Digest || s.Collection != "https://example.org/users/1/followers" {
		t.Errorf("%+v, %v", s, err)
	}
	if again, err := ParseSync(s.String()); err != nil || again != s {
		t.Errorf("written and read again: %+v, %v", again, err)
	}
}

func FuzzParseSync(f *testing.F) {
	digest := FollowersDigest(nil)
	f.Add(`collectionId="https://a.example/f", url="https://a.example/s", digest="` + digest + `"`)
	f.Add(`collectionId="https://a.example/f",url="https://b.example/s",digest="` + digest + `"`)
	f.Add(`url=x, digest=""`)
	f.Fuzz(func(t *testing.T, header string) {
		s, err := ParseSync(header)
		if err == nil && (!SameOrigin(s.Collection, s.URL) || len(s.Digest) != len(digest)) {
			t.Errorf("%q gave %+v", header, s)
		}
	})
}
