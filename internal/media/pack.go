package media

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"coterie/internal/domain"
)

// maxPack is how many files of a pack are looked at.
const maxPack = 5000

// Packed is one picture of a pack of emoji, called as the emoji will be. Names
// are looked at, never opened as paths (SEC-58).
type Packed struct {
	Name string // of the file
	size int64  // as the pack says
	open func() (io.ReadCloser, error)
}

// Shortcode is what the emoji is called.
func (p *Packed) Shortcode() string { return strings.TrimSuffix(p.Name, path.Ext(p.Name)) }

// Check says why it cannot be an emoji, as far as can be told without opening
// it.
func (p *Packed) Check() error { return mayBeEmoji(p.Shortcode(), p.size) }

// ZipPack lists the pictures of a zip file.
func ZipPack(file io.ReaderAt, size int64) ([]Packed, error) {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, domain.Errorf(domain.Invalid, "The pack is no zip file: %v", err)
	}
	var pack []Packed
	for _, f := range z.File {
		if name := path.Base(f.Name); f.Mode().IsRegular() && isPicture(name) && len(pack) < maxPack {
			pack = append(pack, Packed{name, int64(min(f.UncompressedSize64, 1<<40)), f.Open})
		}
	}
	return pack, nil
}

// DirPack lists the pictures of a directory.
func DirPack(dir string) ([]Packed, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, domain.Errorf(domain.Invalid, "The pack cannot be read: %v", err)
	}
	var pack []Packed
	for _, e := range entries {
		if name := e.Name(); e.Type().IsRegular() && isPicture(name) && len(pack) < maxPack {
			pack = append(pack, Packed{name, 0, func() (io.ReadCloser, error) { return os.Open(filepath.Join(dir, name)) }})
		}
	}
	return pack, nil
}

func isPicture(name string) bool {
	return slices.Contains([]string{".png", ".gif", ".webp", ".jpg", ".jpeg"}, strings.ToLower(path.Ext(name)))
}

// Unpack makes the pictures of a pack emojis, as Emoji does. One that is
// refused stops nothing: refused says why, by the name of the file.
func (s *Service) Unpack(ctx context.Context, pack []Packed, category string, progress func(done int)) (made []domain.Emoji, refused map[string]string, err error) {
	refused = map[string]string{}
	for i := range pack {
		e, err := s.unpack(ctx, &pack[i], category)
		switch {
		case err == nil:
			made = append(made, e)
		case domain.KindOf(err) == domain.Internal:
			return made, refused, err
		default:
			refused[pack[i].Name] = err.Error()
		}
		progress(i + 1)
	}
	return made, refused, nil
}

func (s *Service) unpack(ctx context.Context, p *Packed, category string) (domain.Emoji, error) {
	if err := p.Check(); err != nil {
		return domain.Emoji{}, err
	}
	r, err := p.open()
	if err != nil {
		return domain.Emoji{}, domain.Errorf(domain.Invalid, "It cannot be read: %v", err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, domain.MaxEmojiBytes+1))
	if err != nil {
		return domain.Emoji{}, domain.Errorf(domain.Invalid, "It cannot be read: %v", err)
	}
	return s.Emoji(ctx, p.Shortcode(), category, bytes.NewReader(b), int64(len(b)))
}
