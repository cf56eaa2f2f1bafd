package instance

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"coterie/internal/domain"
	"coterie/internal/media"
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
	fi, err := f.Stat()
	if err != nil {
		return EmojiDone{}, domain.Errorf(domain.Invalid, "The file cannot be read: %v", err)
	}
	made, err := in.media.Emoji(ctx, e.Shortcode, e.Category, f, fi.Size())
	if err != nil {
		return EmojiDone{}, err
	}
	_, err = in.moderation.AddEmojis(ctx, 0, []domain.Emoji{made}, true)
	return EmojiDone{Added: []string{made.Shortcode}}, err
}

// EmojiImport makes the pictures of a pack custom emoji. One that is refused
// stops nothing.
func (in *Instance) EmojiImport(ctx context.Context, c EmojiImport, progress func(string)) (done EmojiDone, err error) {
	f, err := os.Open(c.Pack)
	if err != nil {
		return done, domain.Errorf(domain.Invalid, "The pack cannot be read: %v", err)
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return done, domain.Errorf(domain.Invalid, "The pack cannot be read: %v", err)
	}
	var pack []media.Packed
	if fi.IsDir() {
		pack, err = media.DirPack(c.Pack)
	} else {
		pack, err = media.ZipPack(f, fi.Size())
	}
	if err != nil {
		return done, err
	}
	made, refused, err := in.media.Unpack(ctx, pack, c.Category, func(n int) {
		if n%50 == 0 {
			progress(fmt.Sprintf("%d of %d files", n, len(pack)))
		}
	})
	if err != nil {
		return done, err
	}
	done = EmojiDone{Added: []string{}, Refused: refused}
	for i := range made {
		done.Added = append(done.Added, made[i].Shortcode)
	}
	_, err = in.moderation.AddEmojis(ctx, 0, made, true)
	return done, err
}
