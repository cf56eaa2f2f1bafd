package media_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// TestACommunityKeepsItsMediaInS3 is of uploads, parts of them, the copies of
// what is elsewhere, and their end.
func TestACommunityKeepsItsMediaInS3(t *testing.T) {
	t.Parallel()
	address, dir := testkit.S3(t)
	c := testkit.NewInstance(t, testkit.With(func(c *instance.Config) { c.MediaURL = address }))
	m := c.Media("alice", testkit.JPEG(t, testkit.Gradient(300, 200)))
	whole := content(t, c, m.Str("url"))
	if whole.Header.Get("Content-Type") != "image/jpeg" || whole.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("it is served with %v", whole.Header)
	}
	u, err := url.Parse(m.Str("url"))
	if err != nil {
		t.Fatal(err)
	}
	part := c.Anonymous().With("Range", "bytes=10-19").GET(u.RequestURI())
	if part.Status != http.StatusPartialContent || !bytes.Equal(part.Body, whole.Body[10:20]) {
		t.Errorf("a part is %d %q", part.Status, part.Body)
	}
	kept := func() (n int) {
		err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				n++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := kept(); n != 2 {
		t.Errorf("the store has %d objects", n)
	}
	if left, _ := filepath.Glob(filepath.Join(c.Config.DataDir, "media", "*", "*")); len(left) > 0 {
		t.Errorf("on the disk are %v", left)
	}
	c.After(domain.UnusedUploadLife + time.Hour)
	c.Settle()
	if n := kept(); n != 0 {
		t.Errorf("of an upload that nobody used %d objects stay", n)
	}
	c.Anonymous().GET(u.RequestURI()).Want(http.StatusNotFound)
}
