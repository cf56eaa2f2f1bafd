//go:build !cgo

// What confines a worker needs a program without C, as the server is built.
package media_test

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"os"
	"strings"
	"testing"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// community is one whose files are looked at by workers.
func community(t *testing.T) *testkit.Community {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return testkit.NewInstance(t, testkit.With(func(c *instance.Config) { c.MediaWorker = []string{self, "media-worker"} }))
}

// TestWorkers is of SEC-57 and SEC-61: what kills a worker costs its own upload
// only.
func TestWorkers_SEC57_SEC61(t *testing.T) {
	t.Parallel()
	c := community(t)
	m := c.Media("alice", testkit.Photo(t, testkit.Gradient(300, 200), 6))
	if m.Obj("meta").Obj("original").Str("size") != "200x300" || m.Str("blurhash") == "" {
		t.Errorf("the attachment is %v", m)
	}
	if g := c.Media("alice", testkit.GIF(t, 40, 30, 3)); g.Str("type") != "image" || g.Obj("meta").Obj("original").Str("size") != "40x30" {
		t.Errorf("an animation is %v", g)
	}
	whole := testkit.JPEG(t, testkit.Gradient(200, 200))
	lying := bytes.Clone(whole)
	at := bytes.Index(lying, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(lying[at+5:], 5700)
	binary.BigEndian.PutUint16(lying[at+7:], 5700)
	for name, b := range map[string][]byte{"cut short": whole[:len(whole)/3], "a lying size": lying[:at+200]} {
		if a := c.As("alice").POST("/api/v2/media", testkit.Upload(t, map[string][]byte{"file": b})); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	c.Media("alice", whole)

	icon := func(b []byte) *testkit.Answer {
		return c.As("alice").POST("/api/coterie/v1/admin/icon", testkit.Upload(t, map[string][]byte{"image": b}))
	}
	icon(lying[:at+200]).Error(http.StatusUnprocessableEntity)
	icon(testkit.JPEG(t, testkit.Gradient(191, 300))).Error(http.StatusUnprocessableEntity)
	icon(testkit.GIF(t, 192, 200, 3)).OK()
	if a := c.Anonymous().GET("/favicon.ico").Want(http.StatusFound); !strings.HasSuffix(a.Header.Get("Location"), ".png") {
		t.Errorf("the icon is at %s", a.Header.Get("Location"))
	}
}
