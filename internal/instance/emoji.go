package instance

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"coterie/internal/domain"
)

type (
	// EmojiAdd is "emoji add"; File is an absolute path.
	EmojiAdd struct {
		Shortcode string `json:"shortcode"`
		File      string `json:"file"`
		Category  string `json:"category"`
	}
	// EmojiImport is "emoji import"; Pack is the absolute path of a zip file or
	// a directory of pictures, whose names are the shortcodes.
	EmojiImport struct {
		Pack     string `json:"pack"`
		Category string `json:"category"`
	}
	// EmojiDone is the result of both.
	EmojiDone struct {
		Added   []string          `json:"added"`
		Refused map[string]string `json:"refused,omitempty"` // why, by name
	}
)

// emoji runs the commands about custom emoji.
func (in *Instance) emoji(ctx context.Context, verb string, args json.RawMessage, progress func(string)) (v any, done bool, err error) {
	switch verb {
	case "emoji add":
		v, err = command(args, func(a EmojiAdd) (EmojiDone, error) { return in.EmojiAdd(ctx, a) })
	case "emoji import":
		v, err = command(args, func(a EmojiImport) (EmojiDone, error) { return in.EmojiImport(ctx, a, progress) })
	default:
		return nil, false, nil
	}
	return v, true, err
}

// EmojiAdd makes a picture a custom emoji.
func (in *Instance) EmojiAdd(ctx context.Context, e EmojiAdd) (EmojiDone, error) {
	f, err := os.Open(e.File)
	if err != nil {
		return EmojiDone{}, domain.Errorf(domain.Invalid, "The file cannot be read: %v", err)
	}
	defer f.Close()
	b, err := readEmoji(f)
	if err != nil {
		return EmojiDone{}, err
	}
	if err := in.media.AddEmoji(ctx, e.Shortcode, e.Category, bytes.NewReader(b), int64(len(b))); err != nil {
		return EmojiDone{}, err
	}
	return EmojiDone{Added: []string{strings.Trim(e.Shortcode, ":")}}, nil
}

// readEmoji reads at most one byte more than an emoji may have.
func readEmoji(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, domain.MaxEmojiBytes+1))
	if err != nil {
		return nil, domain.Errorf(domain.Invalid, "The file cannot be read: %v", err)
	}
	return b, nil
}

// maxPack is how many files of a pack are looked at.
const maxPack = 5000

// EmojiImport makes the pictures of a pack custom emoji. One that is refused
// stops nothing; names are looked at, never opened as paths (SEC-58).
func (in *Instance) EmojiImport(ctx context.Context, c EmojiImport, progress func(string)) (EmojiDone, error) {
	files, end, err := openPack(c.Pack)
	if err != nil {
		return EmojiDone{}, err
	}
	defer end()
	done := EmojiDone{Added: []string{}, Refused: map[string]string{}}
	for i, f := range files {
		if err := in.importOne(ctx, f, c.Category); err != nil {
			if domain.KindOf(err) == domain.Internal {
				return done, err
			}
			done.Refused[f.name] = err.Error()
			continue
		}
		done.Added = append(done.Added, f.shortcode())
		if (i+1)%50 == 0 {
			progress(fmt.Sprintf("%d of %d files", i+1, len(files)))
		}
	}
	return done, nil
}

// packed is one file of a pack.
type packed struct {
	name string
	open func() (io.ReadCloser, error)
}

func (p packed) shortcode() string { return strings.TrimSuffix(p.name, path.Ext(p.name)) }

func (in *Instance) importOne(ctx context.Context, f packed, category string) error {
	r, err := f.open()
	if err != nil {
		return domain.Errorf(domain.Invalid, "It cannot be read: %v", err)
	}
	defer r.Close()
	b, err := readEmoji(r)
	if err != nil {
		return err
	}
	return in.media.AddEmoji(ctx, f.shortcode(), category, bytes.NewReader(b), int64(len(b)))
}

// openPack lists the pictures of a pack by name.
func openPack(pack string) (files []packed, end func() error, err error) {
	end = func() error { return nil }
	isPicture := func(name string) bool {
		return slices.Contains([]string{".png", ".gif", ".webp", ".jpg", ".jpeg"}, strings.ToLower(path.Ext(name)))
	}
	if fi, err := os.Stat(pack); err != nil || fi.IsDir() {
		entries, err := os.ReadDir(pack)
		if err != nil {
			return nil, nil, domain.Errorf(domain.Invalid, "The pack cannot be read: %v", err)
		}
		for _, e := range entries {
			if name := e.Name(); e.Type().IsRegular() && isPicture(name) && len(files) < maxPack {
				files = append(files, packed{name, func() (io.ReadCloser, error) { return os.Open(filepath.Join(pack, name)) }})
			}
		}
		return files, end, nil
	}
	z, err := zip.OpenReader(pack)
	if err != nil {
		return nil, nil, domain.Errorf(domain.Invalid, "The pack must be a directory or a zip file: %v", err)
	}
	for _, f := range z.File {
		if name := path.Base(f.Name); f.Mode().IsRegular() && isPicture(name) && len(files) < maxPack {
			files = append(files, packed{name, f.Open})
		}
	}
	return files, z.Close, nil
}
