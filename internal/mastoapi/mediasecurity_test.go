package mastoapi_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

func TestOthersMediaCannotBeUsed_SEC30(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		bob := c.As("bob")
		m := c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4)))
		path := "/api/v1/media/" + m.Str("id")
		bob.GET(path).Want(http.StatusNotFound)
		bob.PUT(path, testkit.F("description", "mine")).Want(http.StatusNotFound)
		bob.DELETE(path, nil).Want(http.StatusNotFound)
		bob.POST("/api/v1/statuses", testkit.F("status", "x", "media_ids[]", m.Str("id"))).Want(http.StatusUnprocessableEntity)
		p := c.Post("bob", "mine")
		bob.PUT("/api/v1/statuses/"+p.Str("id"), testkit.F("status", "x", "media_ids[]", m.Str("id"))).Want(http.StatusUnprocessableEntity)
		for _, id := range []string{p.Str("id"), "0", "-1", "x", "99999999999999999999", "../1"} {
			bob.POST("/api/v1/statuses", testkit.F("status", "x", "media_ids[]", id)).Want(http.StatusUnprocessableEntity)
		}
		bob.POST("/api/v1/statuses", testkit.Form{"media_ids[]": {m.Str("id"), m.Str("id")}}).Want(http.StatusUnprocessableEntity)
		posted := c.Post("alice", "hers", "media_ids[]", m.Str("id"))
		bob.PUT("/api/v1/statuses/"+p.Str("id"), testkit.F("status", "x", "media_ids[]", m.Str("id"))).Want(http.StatusUnprocessableEntity)
		bob.PUT("/api/v1/statuses/"+p.Str("id"), testkit.F("status", "x", "media_attributes[][id]", m.Str("id"), "media_attributes[][description]", "y")).Want(http.StatusNotFound)
		c.Anonymous().GET(path).Want(http.StatusUnauthorized)
		other := c.Post("alice", "another")
		c.As("alice").PUT("/api/v1/statuses/"+other.Str("id"), testkit.F("status", "x", "media_ids[]", m.Str("id"))).Want(http.StatusUnprocessableEntity)
		if got := c.As("alice").GET("/api/v1/statuses/" + posted.Str("id")).Object(); len(media(got)) != 1 {
			t.Errorf("it has lost its picture: %v", got)
		}
	})
}

// TestOnlyPicturesAreTaken is of SEC-04 and SEC-56: what is taken is written
// anew, so nothing of another format remains in it.
func TestOnlyPicturesAreTaken_SEC04_SEC56(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	script := "<script>alert(1)</script>"
	note := `{"@context":"https://www.w3.org/ns/activitystreams","type":"Note","id":"http://coterie.test/x"}`
	for name, b := range map[string]string{
		"svg": `<svg xmlns="http://www.w3.org/2000/svg">` + script + `</svg>`, "html": "<!DOCTYPE html>" + script, "xml": "<?xml version='1.0'?><a/>",
		"pdf": "%PDF-1.7\n", "playlist": "#EXTM3U\nfile:///etc/passwd", "concat": "ffconcat version 1.0\nfile /etc/passwd", "json": note,
		"tiff": "II*\x00\x08\x00\x00\x00", "nothing": "", "a GIF's head before a script": "GIF89a=1;/*" + script, "JPEG's head": "\xff\xd8\xff" + note,
	} {
		if got := c.As("alice").POST("/api/v2/media", testkit.Upload(t, map[string][]byte{"file": []byte(b)})).Error(http.StatusUnprocessableEntity); !strings.HasPrefix(got, "Validation failed: File") {
			t.Errorf("%s: %s", name, got)
		}
	}
	for _, b := range [][]byte{testkit.PNG(t, testkit.Gradient(9, 9)), testkit.JPEG(t, testkit.Gradient(9, 9)), testkit.GIF(t, 9, 9, 1), testkit.GIF(t, 9, 9, 3)} {
		m := c.Media("alice", append(bytes.Clone(b), []byte(script+note)...))
		a := fetched(c, m.Str("url")).OK()
		if bytes.Contains(a.Body, []byte("script")) || bytes.Contains(a.Body, []byte("activitystreams")) {
			t.Errorf("a %s keeps what came behind it", a.Header.Get("Content-Type"))
		}
		if got := a.Header.Get("Content-Type"); !strings.HasPrefix(got, "image/") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("served as %q", got)
		}
	}
}

func TestNamesOfFilesLeadNowhere_SEC58(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	m := c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4)))
	name := m.Str("url")[strings.LastIndex(m.Str("url"), "/")+1:]
	for _, path := range []string{
		"..%2fcoterie.db", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e", name[:2], name[:2] + "%2f" + name, name + "%00", name + ".png", strings.ToUpper(name),
		name[:len(name)-4], strings.Replace(name, ".png", ".html", 1), "unfinished", strings.Repeat("a", 26) + ".png", "%ff.png",
	} {
		c.Anonymous().GET("/media/" + path).Want(http.StatusNotFound)
	}
}

func TestLimitsOfUploads_SEC57(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	refused := func(what string, file []byte, pairs ...string) {
		t.Helper()
		if a := alice.POST("/api/v2/media", testkit.Upload(t, map[string][]byte{"file": file}, pairs...)); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
	}
	bomb := testkit.PNG(t, testkit.Gradient(1, 1))
	copy(bomb[16:], "\x00\x00\xff\xff\x00\x00\xff\xff")
	refused("a bomb", bomb)
	refused("a large GIF", testkit.GIF(t, 1000, 1000, 1))
	refused("too many bytes", append(testkit.PNG(t, testkit.Gradient(4, 4)), make([]byte, 16<<20)...))
	refused("a long description", testkit.PNG(t, testkit.Gradient(4, 4)), "description", strings.Repeat("x", 10_001))
	refused("a focus that is none", testkit.PNG(t, testkit.Gradient(4, 4)), "focus", "NaN,0")
	alice.POST("/api/v2/media", testkit.F("file", "no file")).Want(http.StatusUnprocessableEntity)
	var ids testkit.Form = testkit.Form{}
	for range 5 {
		ids.Add("media_ids[]", c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4))).Str("id"))
	}
	if got := alice.POST("/api/v1/statuses", ids).Error(http.StatusUnprocessableEntity); got != "Cannot attach more than 4 files" {
		t.Errorf("five files: %s", got)
	}
}

func TestFilesOfTheSuspendedAreHidden(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		m := c.Media("bob", testkit.PNG(t, testkit.Gradient(4, 4)))
		c.Post("bob", "x", "media_ids[]", m.Str("id"))
		fetched(c, m.Str("url")).OK()
		if _, err := c.AccountDelete(t.Context(), instance.AccountDelete{Name: "bob"}); err != nil {
			t.Fatal(err)
		}
		fetched(c, m.Str("url")).Want(http.StatusNotFound)
		c.Settle()
		fetched(c, m.Str("url")).Want(http.StatusNotFound)
	})
}

func TestLocalFileNamesCannotBeGuessed_SEC30(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	seen := map[string]bool{}
	for i := range 8 {
		m := c.Media("alice", testkit.PNG(t, testkit.Gradient(2+i, 2)))
		for _, key := range []string{"url", "preview_url"} {
			name := m.Str(key)[strings.LastIndex(m.Str(key), "/")+1:]
			if len(name) != 30 || seen[name[:4]] || strings.Contains(name, m.Str("id")) {
				t.Errorf("the name %s", name)
			}
			seen[name[:4]] = true
		}
	}
	if len(seen) != 16 {
		t.Error(fmt.Sprint(seen))
	}
}
