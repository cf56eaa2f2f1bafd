package ownapi_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// unzip reads the files of an archive.
func unzip(t *testing.T, file []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(rc)
		if err != nil || rc.Close() != nil {
			t.Fatal(err)
		}
		if _, twice := out[f.Name]; twice {
			t.Errorf("%s is in the archive twice", f.Name)
		}
		out[f.Name] = string(b)
	}
	return out
}

// An archive has everything that its owner wrote and nothing that they may not
// see; nobody else gets it, and it goes after a week.
func TestSEC33_TheArchiveIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		bob := in.As("bob").In(t)
		picture := testkit.PNG(t, image.NewGray(image.Rect(0, 0, 4, 4)))
		bob.PATCH("/api/v1/accounts/update_credentials", testkit.Upload(t, map[string][]byte{"avatar": picture})).OK()
		for range 120 {
			in.Post("bob", "one of many")
		}
		secret := in.Post("bob", "@alice between us", "visibility", "direct")
		in.Post("bob", "with a picture", "media_ids[]", in.Media("bob", picture, "description", "grey").Str("id"))
		theirs, hidden := in.Post("alice", "boost me"), in.Post("carol", "not for bob")
		bob.POST("/api/v1/statuses/"+theirs.Str("id")+"/reblog", nil).OK()
		for _, id := range []string{theirs.Str("id"), hidden.Str("id")} {
			bob.POST("/api/v1/statuses/"+id+"/favourite", nil).OK()
			bob.POST("/api/v1/statuses/"+id+"/bookmark", nil).OK()
		}
		in.As("carol").In(t).POST("/api/v1/accounts/"+in.Person("bob").ID.String()+"/block", nil).OK()
		in.Settle()

		if got := bob.GET(base + "/archive").Object(); got.Str("state") != "none" {
			t.Errorf("at first: %v", got)
		}
		bob.GET(base + "/archive/file").Error(http.StatusNotFound)
		if got := bob.POST(base+"/archive", nil).Object(); got.Str("state") != "working" || got.Num("total") != 124 {
			t.Errorf("asked for: %v", got)
		}
		bob.POST(base+"/archive", nil).Error(http.StatusUnprocessableEntity)
		bob.GET(base + "/archive/file").Error(http.StatusNotFound)
		in.Settle()
		made := bob.GET(base + "/archive").Object()
		answer := bob.GET(base + "/archive/file").OK()
		if made.Str("state") != "done" || made.Num("done") != 124 || int(made.Num("size")) != len(answer.Body) || made.Str("expires_at") == "" {
			t.Errorf("made: %v, %d bytes", made, len(answer.Body))
		}
		if got := answer.Header.Get("Cache-Control"); got != "private, no-store" {
			t.Errorf("Cache-Control: %s", got)
		}
		in.As("alice").In(t).GET(base + "/archive/file").Error(http.StatusNotFound)
		in.Anonymous().In(t).GET(base + "/archive/file").Error(http.StatusUnauthorized)

		files := unzip(t, answer.Body)
		for _, name := range []string{"actor.json", "outbox.json", "likes.json", "bookmarks.json", "following.csv", "filters.json", "avatar.png"} {
			if files[name] == "" {
				t.Errorf("%s is missing", name)
			}
		}
		var actor struct {
			PreferredUsername string
			Icon              struct{ URL string }
		}
		if err := json.Unmarshal([]byte(files["actor.json"]), &actor); err != nil || actor.PreferredUsername != "bob" || actor.Icon.URL != "avatar.png" {
			t.Errorf("actor: %s, %v", files["actor.json"], err)
		}
		var outbox struct {
			TotalItems   int
			OrderedItems []struct {
				Type   string
				Object json.RawMessage
			}
		}
		if err := json.Unmarshal([]byte(files["outbox.json"]), &outbox); err != nil || outbox.TotalItems != 123 || len(outbox.OrderedItems) != 123 {
			t.Fatalf("outbox: %d items, %v", outbox.TotalItems, err)
		}
		if first := outbox.OrderedItems[0]; first.Type != "Announce" || string(first.Object) != `"`+theirs.Str("uri")+`"` {
			t.Errorf("the newest: %s %s", first.Type, first.Object)
		}
		if !strings.Contains(files["outbox.json"], "between us") || !strings.Contains(files["outbox.json"], secret.Str("uri")) {
			t.Error("the private post is missing")
		}
		var note struct{ Attachment []struct{ URL string } }
		if err := json.Unmarshal(outbox.OrderedItems[1].Object, &note); err != nil || len(note.Attachment) != 1 || files[note.Attachment[0].URL] == "" {
			t.Errorf("the picture: %v, %v", note, err)
		}
		for _, name := range []string{"likes.json", "bookmarks.json"} {
			var marks struct{ OrderedItems []string }
			if err := json.Unmarshal([]byte(files[name]), &marks); err != nil || !slices.Equal(marks.OrderedItems, []string{theirs.Str("uri")}) {
				t.Errorf("%s: %s, %v", name, files[name], err)
			}
		}

		in.After(domain.ArchiveEvery)
		bob.GET(base + "/archive/file").Error(http.StatusNotFound)
		if got := bob.POST(base+"/archive", nil).Object(); got.Str("state") != "working" {
			t.Errorf("a week later: %v", got)
		}
		in.Settle()
	})
}

// How long an archive can be fetched is a setting, said on the page and in the
// mail; one that is made keeps its day whatever is set later, and its file goes
// from the disk.
func TestHowLongArchivesAreKept(t *testing.T) {
	t.Parallel()
	for name, engine := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, mailed := testkit.Mailed(t)
			in := testkit.NewInstance(t, append(engine, mailed)...)
			bob, alice := in.As("bob").In(t), in.As("alice").In(t) // who owns the community
			const setting = base + "/admin/settings/archive_days"
			set := func(value string) *testkit.Answer { return alice.PUT(setting, testkit.F("value", value)) }
			for _, bad := range []string{"-1", "99999", "soon"} {
				set(bad).Error(http.StatusUnprocessableEntity)
			}
			if got := set("").Object().Str("value"); got != "7" {
				t.Errorf("unset: %s", got)
			}
			files := func() (n int) {
				err := filepath.WalkDir(in.Config.DataDir, func(path string, _ os.DirEntry, err error) error {
					if strings.HasSuffix(path, ".zip") {
						n++
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			set("3").OK()
			bob.POST(base+"/archive", nil).OK()
			in.Settle()
			until := in.Clock.Now().Add(3 * 24 * time.Hour).UTC()
			if got := bob.GET(base + "/archive").Object().Str("expires_at"); got[:10] != until.Format(time.DateOnly) {
				t.Errorf("until %s, want %s", got, until)
			}
			if m := box.Only(t); !strings.Contains(m.Text, "until "+until.Format("2 January 2006")) {
				t.Errorf("the mail: %s", m.Text)
			}
			set("30").OK()
			in.After(3*24*time.Hour - time.Minute)
			bob.GET(base + "/archive/file").OK()
			in.After(2 * time.Minute)
			bob.GET(base + "/archive/file").Error(http.StatusNotFound)
			in.After(24 * time.Hour)
			if n := files(); n != 0 {
				t.Errorf("%d files are left", n)
			}
			in.After(4 * 24 * time.Hour)
			bob.POST(base+"/archive", nil).OK()
			in.Settle()
			in.After(29 * 24 * time.Hour)
			bob.GET(base + "/archive/file").OK()
			if n := files(); n != 1 {
				t.Errorf("%d files are kept", n)
			}
		})
	}
}

// An archive that was cut short begins anew, and one that never came can be
// asked for again.
func TestAnArchiveThatWasCutShort(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	bob := in.As("bob").In(t)
	in.Post("bob", "hello")
	bob.POST(base+"/archive", nil).OK()
	in.Restart()
	in.Clock.Add(time.Hour)
	bob.POST(base+"/archive", nil).Error(http.StatusUnprocessableEntity)
	in.Clock.Add(domain.ArchiveGivenUp)
	bob.POST(base+"/archive", nil).OK()
	in.Settle()
	if files := unzip(t, bob.GET(base+"/archive/file").OK().Body); !strings.Contains(files["outbox.json"], "hello") {
		t.Errorf("outbox: %s", files["outbox.json"])
	}
	command := instance.AccountExport{Name: "bob", File: filepath.Join(t.TempDir(), "bob.zip")}
	done, err := in.AccountExport(t.Context(), command, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(command.File)
	if err != nil || int64(len(file)) != done.Bytes || !strings.Contains(unzip(t, file)["outbox.json"], "hello") {
		t.Errorf("exported: %v, %v", done, err)
	}
	if _, err := in.AccountExport(t.Context(), command, func(string) {}); !domain.Is(err, domain.Conflict) {
		t.Errorf("over a file: %v", err)
	}
	bob.DELETE(base+"/account", password).OK()
	in.Settle()
	bob.GET(base + "/archive/file").Error(http.StatusUnauthorized)
}

// An archive whose job failed again and again says so, and can be asked for
// anew at once.
func TestAnArchiveThatCannotBeMadeSaysSo(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		bob := in.As("bob").In(t)
		in.Post("bob", "hello")
		in.Settle()
		scratch := filepath.Join(in.Config.DataDir, "temporary")
		if err := os.Remove(scratch); err != nil {
			t.Fatal(err)
		}
		bob.POST(base+"/archive", nil).OK()
		for range 3 {
			if got := bob.GET(base + "/archive").Object(); got.Str("state") != "working" {
				t.Fatalf("before the last attempt: %v", got)
			}
			if err := in.Instance.Settle(t.Context()); err == nil {
				t.Fatal("the archive was made nowhere")
			}
			in.Clock.Add(time.Hour)
		}
		if got := bob.GET(base + "/archive").Object(); got.Str("state") != "failed" || got["expires_at"] != nil {
			t.Errorf("given up: %v", got)
		}
		if err := os.Mkdir(scratch, 0o700); err != nil {
			t.Fatal(err)
		}
		if got := bob.POST(base+"/archive", nil).Object(); got.Str("state") != "working" {
			t.Errorf("asked for again: %v", got)
		}
		in.Settle()
		if got := bob.GET(base + "/archive").Object(); got.Str("state") != "done" {
			t.Errorf("made: %v", got)
		}
	})
}
