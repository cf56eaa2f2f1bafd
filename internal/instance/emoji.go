package instance

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/media"
	"coterie/internal/store"
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
	// EmojiFind is "emoji list".
	EmojiFind struct {
		Elsewhere bool   `json:"elsewhere,omitempty"` // those of other servers
		Part      string `json:"part,omitempty"`      // of the shortcode
		Domain    string `json:"domain,omitempty"`
		Limit     int    `json:"limit"`
	}
	// EmojiLine is one line of its result.
	EmojiLine struct {
		Shortcode string `json:"shortcode"`
		Domain    string `json:"domain,omitempty"`
		Category  string `json:"category,omitempty"`
		Disabled  bool   `json:"disabled"`
	}
	// EmojiOne is "emoji disable", "enable" and "delete", of one here or, with
	// its domain, elsewhere, and "emoji copy".
	EmojiOne struct {
		Shortcode string `json:"shortcode"`
		Domain    string `json:"domain,omitempty"`
		Disabled  bool   `json:"disabled,omitempty"`
		As        string `json:"as,omitempty"` // of a copy
		Category  string `json:"category,omitempty"`
	}
	// EmojiDone is the result of those that add.
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
	case "emoji list":
		v, err = command(args, func(a EmojiFind) ([]EmojiLine, error) { return in.EmojiList(ctx, a) })
	case "emoji change":
		v, err = command(args, func(a EmojiOne) (struct{}, error) {
			return struct{}{}, in.onEmoji(ctx, a, func(e domain.Emoji) error { return in.moderation.ChangeEmoji(ctx, 0, e.ID, e.Category, a.Disabled) })
		})
	case "emoji delete":
		v, err = command(args, func(a EmojiOne) (struct{}, error) {
			return struct{}{}, in.onEmoji(ctx, a, func(e domain.Emoji) error { return in.moderation.DeleteEmoji(ctx, 0, e.ID) })
		})
	case "emoji copy":
		v, err = command(args, func(a EmojiOne) (EmojiDone, error) { return in.EmojiCopy(ctx, a) })
	default:
		return nil, false, nil
	}
	return v, true, err
}

// EmojiList finds custom emoji, the newest first.
func (in *Instance) EmojiList(ctx context.Context, c EmojiFind) ([]EmojiLine, error) {
	list, err := in.st.Reader().FindEmojis(ctx, store.EmojiFilter{Local: !c.Elsewhere && c.Domain == "", Domain: strings.ToLower(c.Domain), Part: strings.ToLower(c.Part)}, listed(c.Limit))
	out := []EmojiLine{}
	for _, e := range list {
		out = append(out, EmojiLine{e.Shortcode, e.Domain, e.Category, e.Disabled})
	}
	return out, err
}

func (in *Instance) onEmoji(ctx context.Context, c EmojiOne, do func(domain.Emoji) error) error {
	list, err := in.st.Reader().AnyEmojis(ctx, []string{strings.ToLower(c.Domain)}, []string{c.Shortcode})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return domain.Errorf(domain.NotFound, "There is no emoji :%s:; coterie emoji list shows those there are.", c.Shortcode)
	}
	return do(list[0])
}

// EmojiCopy makes an emoji of another server one of ours.
func (in *Instance) EmojiCopy(ctx context.Context, c EmojiOne) (EmojiDone, error) {
	done := EmojiDone{Added: []string{}}
	err := in.onEmoji(ctx, c, func(e domain.Emoji) error {
		if e.Domain == "" {
			return domain.Errorf(domain.Invalid, "Name the server, too, as in %s@example.org.", c.Shortcode)
		}
		made, err := in.media.CopyEmoji(ctx, e, cmp.Or(c.As, e.Shortcode), c.Category)
		if err != nil {
			return err
		}
		there, err := in.moderation.AddEmojis(ctx, 0, []domain.Emoji{made}, false)
		if err == nil && len(there) > 0 {
			err = domain.Errorf(domain.Conflict, ":%s: is there already; say --as for another name.", made.Shortcode)
		}
		done.Added = append(done.Added, made.Shortcode)
		return err
	})
	return done, err
}

// EmojiAdd makes a picture a custom emoji.
func (in *Instance) EmojiAdd(ctx context.Context, e EmojiAdd) (EmojiDone, error) {
	f, size, err := openFile(e.File)
	if err != nil {
		return EmojiDone{}, err
	}
	defer f.Close()
	made, err := in.media.Emoji(ctx, e.Shortcode, e.Category, f, size)
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
