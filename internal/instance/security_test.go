package instance_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coterie/internal/account"
	"coterie/internal/instance"
)

// A fresh installation: nothing in the data directory can be read by others,
// not even where the directory was there before, and nobody can sign in.
func TestSEC66_FreshInstallation(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cfg := instance.Config{
		Domain: "coterie.test", Dev: true, DataDir: dir, Version: "test",
		Hashing: account.Hashing{MemoryKiB: 8, Passes: 1},
	}
	in, err := instance.New(t.Context(), cfg, shared())
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := in.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Backup(t.Context(), instance.Backup{File: filepath.Join(dir, "copy.db")}, func(string) {}); err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		fi, err := d.Info()
		if err == nil && fi.Mode()&0o077 != 0 {
			t.Errorf("%s has mode %v", filepath.Base(path), fi.Mode())
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
	for _, name := range []string{"admin", "root", "owner", "coterie", ""} {
		for _, password := range []string{"", "admin", "password", "coterie"} {
			r := httptest.NewRequest(http.MethodPost, "http://coterie.test/auth/sign_in",
				strings.NewReader(url.Values{"login": {name}, "password": {password}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			in.Handler().ServeHTTP(w, r)
			if w.Code == http.StatusSeeOther || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%q with %q may come in", name, password)
			}
		}
	}
}
