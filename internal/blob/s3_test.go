package blob_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/testkit"
)

func TestS3(t *testing.T) {
	t.Parallel()
	address, _ := testkit.S3(t)
	s, err := blob.OpenS3(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, s)
	// More than is asked for at once, and more than is read.
	big := bytes.Repeat([]byte("prairie dogs at dusk "), 1_000_000)
	name := blob.NewName("mp4")
	if err := s.Put(t.Context(), name, bytes.NewReader(big), int64(len(big))); err != nil {
		t.Fatal(err)
	}
	f, err := s.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, big) {
		t.Errorf("%d of %d bytes came back, %v", len(got), len(big), err)
	}
	for _, at := range []int64{0, 8<<20 - 5, int64(len(big)) - 10} {
		if _, err := f.Seek(at, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 10)
		if _, err := io.ReadFull(f, got); err != nil || !bytes.Equal(got, big[at:at+10]) {
			t.Errorf("from %d on it reads %q, %v", at, got, err)
		}
	}
	if n, err := f.Seek(0, io.SeekEnd); err != nil || n != int64(len(big)) {
		t.Errorf("its end is %d, %v", n, err)
	}
	if _, err := f.Seek(-1, io.SeekStart); err == nil {
		t.Error("one can seek before the start")
	}
}

// TestS3Addresses is of addresses that cannot be used: the message says what to
// do and not the secret.
func TestS3Addresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://k:hushhush@h/b", "s3://h/b", "s3://k@h/b", "s3://k:hushhush@h", "s3://k:hushhush@/b", "s3://k:hush%zzhush@h/b", "s3://k:hushhush@h:x/b",
	} {
		_, err := blob.OpenS3(t.Context(), address)
		if !domain.Is(err, domain.Invalid) || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "COTERIE_MEDIA_URL") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := blob.OpenS3(t.Context(), "s3://k:hushhush@127.0.0.1:1/b?tls=off"); !domain.Is(err, domain.Unavailable) || strings.Contains(err.Error(), "hush") {
		t.Errorf("one that does not answer: %v", err)
	}
	address, _ := testkit.S3(t)
	if _, err := blob.OpenS3(t.Context(), strings.Replace(address, "/burrow", "/elsewhere", 1)); !domain.Is(err, domain.Invalid) {
		t.Errorf("a bucket that is not there: %v", err)
	}
	if _, err := blob.OpenS3(t.Context(), strings.Replace(address, ":dogs", ":cats", 1)); !domain.Is(err, domain.Unavailable) {
		t.Errorf("a wrong secret: %v", err)
	}
}
