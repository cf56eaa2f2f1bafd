package inbox_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"coterie/internal/apub"
	"coterie/internal/inbox"
	"coterie/internal/store"
)

// FuzzLetter has any bytes go the whole way from the letter to the verb.
// Nothing may be our own fault, whatever they are.
func FuzzLetter(f *testing.F) {
	files, err := filepath.Glob("../apub/testdata/fixtures/*/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no fixtures", err)
	}
	for i, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if i%4 == 0 {
			f.Add(b)
		}
	}
	h := single(f, "coterie.test")
	ann := h.stranger(far)
	h.post("bob")
	f.Fuzz(func(t *testing.T, body []byte) {
		if !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
			return // no such text is stored
		}
		d, err := apub.Parse(body)
		if err != nil {
			return
		}
		h.t = t
		failed := h.outcome(inbox.Failed)
		h.write(func(tx *store.Tx) error {
			return tx.InsertLetter(&store.Letter{Activity: d.ID, Signer: ann.ID, Host: "far.test", Body: string(d.Raw)})
		})
		h.settle()
		if h.outcome(inbox.Failed) != failed {
			t.Errorf("our own fault: %s", body)
		}
	})
}
