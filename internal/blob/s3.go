package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"coterie/internal/domain"
)

// S3 keeps files in a bucket of a store that speaks S3. They are served through
// us, so that the bucket may be private and every answer bears our headers.
type S3 struct {
	core   minio.Core
	bucket string
	prefix string // ends with "/" unless it is ""
}

const s3Form = "COTERIE_MEDIA_URL must be like s3://KEY:SECRET@HOST/BUCKET, with /PREFIX, ?region=REGION and ?tls=off as wanted"

// OpenS3 opens a bucket by its address (s3Form), which the operator wrote: it
// may be on a private network. It fails where the bucket cannot be used.
func OpenS3(ctx context.Context, address string) (*S3, error) {
	bad := func(why string) (*S3, error) { return nil, domain.Errorf(domain.Invalid, "%s; %s.", s3Form, why) }
	u, err := url.Parse(address)
	if err != nil { // whose text would show the secret
		return bad("it cannot be read: special characters of the secret must be written as %XX")
	}
	secret, hasSecret := u.User.Password()
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	switch {
	case u.Scheme != "s3":
		return bad("it does not begin with s3://")
	case u.Host == "" || bucket == "":
		return bad("host or bucket are missing")
	case u.User.Username() == "" || !hasSecret:
		return bad("key or secret are missing")
	}
	if prefix != "" {
		prefix += "/"
	}
	client, err := minio.NewCore(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(u.User.Username(), secret, ""), Secure: u.Query().Get("tls") != "off", Region: u.Query().Get("region"),
		MaxRetries: 3,
	})
	if err != nil {
		return bad(err.Error())
	}
	s := &S3{*client, bucket, prefix}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	found, err := s.core.BucketExists(ctx, bucket)
	if err != nil {
		return nil, domain.Errorf(domain.Unavailable, "The store of media at %s cannot be used (%v); check that it runs, and COTERIE_MEDIA_URL.", u.Host, err)
	}
	if !found {
		return nil, domain.Errorf(domain.Invalid, "The store of media at %s has no bucket %s: make it, private, or correct COTERIE_MEDIA_URL.", u.Host, bucket)
	}
	return s, nil
}

// Close does nothing: there is nothing to give back.
func (s *S3) Close() error { return nil }

// Put sends a file in one request, which is kept whole or not at all.
func (s *S3) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	if !ValidName(name) {
		return fmt.Errorf("keep a file: %q is no name", name)
	}
	if _, err := s.core.Client.PutObject(ctx, s.bucket, s.prefix+name, r, size, minio.PutObjectOptions{DisableMultipart: true}); err != nil {
		return fmt.Errorf("keep the file %s: %w", name, err)
	}
	return nil
}

// Open opens a file.
func (s *S3) Open(ctx context.Context, name string) (File, error) {
	size, err := s.Size(ctx, name)
	if err != nil {
		return nil, err
	}
	return &s3File{s: s, ctx: ctx, name: name, size: size}, nil
}

// Size looks a file up.
func (s *S3) Size(ctx context.Context, name string) (int64, error) {
	if !ValidName(name) {
		return 0, domain.ErrNotFound
	}
	info, err := s.core.StatObject(ctx, s.bucket, s.prefix+name, minio.StatObjectOptions{})
	if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
		return 0, domain.ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("look at the file %s: %w", name, err)
	}
	return info.Size, nil
}

// Delete removes a file.
func (s *S3) Delete(ctx context.Context, name string) error {
	if !ValidName(name) {
		return fmt.Errorf("delete a file: %q is no name", name)
	}
	err := s.core.RemoveObject(ctx, s.bucket, s.prefix+name, minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).StatusCode != http.StatusNotFound {
		return fmt.Errorf("delete the file %s: %w", name, err)
	}
	return nil
}

// Sweep does nothing: what was cut short was never kept.
func (s *S3) Sweep(context.Context, time.Time) error { return nil }

// window is how much of a file is asked for at once: whoever wants a small part
// causes little to be sent for nothing.
const window = 8 << 20

// s3File reads a file part by part.
type s3File struct {
	s        *S3
	ctx      context.Context // of whoever opened it
	name     string
	size, at int64
	body     io.ReadCloser // from at to end, nil while nothing was asked for
	end      int64
}

func (f *s3File) Size() int64 { return f.size }

func (f *s3File) Read(p []byte) (int, error) {
	if f.at >= f.size {
		return 0, io.EOF
	}
	if f.body == nil {
		var o minio.GetObjectOptions
		f.end = min(f.at+window, f.size)
		if err := o.SetRange(f.at, f.end-1); err != nil {
			return 0, fmt.Errorf("read the file %s: %w", f.name, err)
		}
		body, _, _, err := f.s.core.GetObject(f.ctx, f.s.bucket, f.s.prefix+f.name, o)
		if err != nil {
			return 0, fmt.Errorf("read the file %s: %w", f.name, err)
		}
		f.body = body
	}
	n, err := f.body.Read(p)
	f.at += int64(n)
	if errors.Is(err, io.EOF) { // of this part
		if err = f.drop(); err == nil && f.at < f.end {
			err = io.ErrUnexpectedEOF
		}
	}
	return n, err
}

// drop ends the part that is being read.
func (f *s3File) drop() error {
	body := f.body
	f.body = nil
	if body == nil {
		return nil
	}
	return body.Close()
}

func (f *s3File) Seek(offset int64, whence int) (int64, error) {
	to := offset
	switch whence {
	case io.SeekCurrent:
		to += f.at
	case io.SeekEnd:
		to += f.size
	}
	if to < 0 {
		return 0, fmt.Errorf("seek in the file %s: before its start", f.name)
	}
	if to == f.at {
		return to, nil
	}
	f.at = to
	return to, f.drop()
}

func (f *s3File) Close() error { return f.drop() }
