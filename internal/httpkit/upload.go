package httpkit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"os"
)

const (
	maxFiles    = 8       // files of one request
	maxInMemory = 1 << 20 // bytes of a file kept in memory; the rest goes to a temporary file
)

// File is an uploaded file. It lives until the handler returns. Name and Type
// are what the client says and not to be trusted (behaviours 1.6).
type File struct {
	Name string
	Type string
	Size int64

	memory []byte
	disk   *os.File
}

// FileReader reads an uploaded file, from its start or anywhere.
type FileReader interface {
	io.ReadSeeker
	io.ReaderAt
}

// Open reads the file. Several readers may be open at once.
func (f *File) Open() FileReader {
	if f.disk != nil {
		return io.NewSectionReader(f.disk, 0, f.Size)
	}
	return bytes.NewReader(f.memory)
}

// readMultipart takes the parts one by one: texts into the tree, files into
// memory or, when large, into a temporary file, so that memory stays flat
// however long the body is (SEC-59).
func (p *Params) readMultipart(body io.Reader, boundary, tempDir string) error {
	if boundary == "" {
		return errBody
	}
	reader := multipart.NewReader(body, boundary)
	root := &node{kind: nodeHash}
	left := int64(maxText)
	for count := 0; ; count++ {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return bodyError(err)
		}
		if count == maxParams {
			return errTooMany
		}
		if part.FileName() != "" {
			if err := p.addFile(part, tempDir); err != nil {
				return err
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return bodyError(err)
		}
		if left -= int64(len(text)); left < 0 {
			return errTooLarge
		}
		if part.FormName() == "" {
			continue
		}
		if err := root.add(part.FormName(), string(text)); err != nil {
			return err
		}
	}
	if len(root.keys) > 0 {
		p.body = root
	}
	return nil
}

func (p *Params) addFile(part *multipart.Part, tempDir string) error {
	name, err := clean(part.FormName())
	if err != nil {
		return err
	}
	if len(p.files) >= maxFiles {
		return errTooMany
	}
	if old := p.files[name]; old != nil {
		old.discard()
	}
	f := &File{Name: part.FileName(), Type: part.Header.Get("Content-Type")}
	if p.files == nil {
		p.files = map[string]*File{}
	}
	p.files[name] = f
	if f.memory, err = io.ReadAll(io.LimitReader(part, maxInMemory)); err != nil {
		return bodyError(err)
	}
	f.Size = int64(len(f.memory))
	if f.Size < maxInMemory {
		return nil
	}
	return f.spill(part, tempDir)
}

// spill moves a large file to disk. Its name is removed at once where the
// system allows that, so a crash leaves nothing behind.
func (f *File) spill(rest io.Reader, tempDir string) error {
	disk, err := os.CreateTemp(tempDir, "upload-*")
	if err != nil {
		return fmt.Errorf("keep an upload: %w", err)
	}
	f.disk = disk
	_ = os.Remove(disk.Name())
	if _, err := disk.Write(f.memory); err != nil {
		return fmt.Errorf("keep an upload: %w", err)
	}
	f.memory = nil
	n, err := io.Copy(onlyWriter{disk}, rest)
	f.Size += n
	var failed *os.PathError
	if errors.As(err, &failed) {
		return fmt.Errorf("keep an upload: %w", err)
	}
	if err != nil {
		return bodyError(err)
	}
	return nil
}

// onlyWriter hides the file's ReadFrom, so that copying uses a plain buffer.
type onlyWriter struct{ io.Writer }

func (f *File) discard() {
	if f.disk != nil {
		_ = f.disk.Close()
	}
}

// discard frees the files.
func (p *Params) discard() {
	for _, f := range p.files {
		f.discard()
	}
}
