package testkit

import (
	"bytes"
	"mime/multipart"
	"testing"
)

// Upload is the body of a form with files: names of fields and their bytes,
// and pairs of other fields.
func Upload(t testing.TB, files map[string][]byte, pairs ...string) Raw {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	for field, content := range files {
		part, err := w.CreateFormFile(field, "photo.bin")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return Raw{Type: w.FormDataContentType(), Body: b.Bytes()}
}

// Media has somebody upload a file and returns the attachment.
func (c *Community) Media(name string, file []byte, pairs ...string) Object {
	c.T.Helper()
	return c.As(name).POST("/api/v2/media", Upload(c.T, map[string][]byte{"file": file}, pairs...)).Object()
}
