package archive

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"

	"coterie/internal/apub"
	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// mediaFolder is where the files of posts are, as in Mastodon's archives.
const mediaFolder = "media_attachments/"

// postsAtOnce is how many posts are described at once.
const postsAtOnce = 100

// actor puts the profile in, with its pictures.
func (p *pack) actor(ctx context.Context) error {
	doc, err := p.Remote.DescribeActor(ctx, *p.owner)
	if err != nil {
		return fmt.Errorf("describe the profile: %w", err)
	}
	for _, picture := range []struct {
		file, as string
		image    *apub.Image
	}{{p.owner.Avatar, "avatar", doc.Icon}, {p.owner.Header, "header", doc.Image}} {
		if picture.file == "" || picture.image == nil {
			continue
		}
		as := picture.as + "." + blob.Extension(picture.file)
		if err := p.copy(ctx, picture.file, as); err != nil {
			return err
		}
		picture.image.URL = as
	}
	w, err := p.file("actor.json", zip.Deflate)
	if err != nil {
		return err
	}
	_, err = w.Write(apub.Encode(doc))
	return err
}

// outbox puts all posts and boosts in, newest first, and then their files: a
// zip takes one file after the other.
func (p *pack) outbox(ctx context.Context) error {
	w, err := p.file("outbox.json", zip.Deflate)
	if err != nil {
		return err
	}
	posts := func(yield func([]byte, error) bool) {
		for page := (domain.Page{Limit: postsAtOnce}); ; {
			ids, err := p.Store.Reader().StatusesOf(ctx, p.owner.ID, p.owner.ID, store.ProfileFilter{}, page)
			var items []apub.Part
			if err == nil {
				items, err = p.activities(ctx, ids)
			}
			if err == nil {
				err = p.grew(len(ids))
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range items {
				if !yield(apub.Encode(item), nil) {
					return
				}
			}
			if len(ids) < postsAtOnce {
				return
			}
			page.MaxID = ids[len(ids)-1]
		}
	}
	if err := collection(w, "outbox.json", posts); err != nil {
		return err
	}
	for _, name := range p.media {
		if err := p.copy(ctx, name, mediaFolder+name); err != nil {
			return err
		}
		if err := p.grew(1); err != nil {
			return err
		}
	}
	return nil
}

// collection writes an ordered collection, item by item.
func collection(w io.Writer, id string, items iter.Seq2[[]byte, error]) error {
	if _, err := fmt.Fprintf(w, `{"@context":"https://www.w3.org/ns/activitystreams","id":%q,"type":"OrderedCollection","orderedItems":[`, id); err != nil {
		return err
	}
	n := 0
	for item, err := range items {
		if err != nil {
			return err
		}
		if n++; n > 1 {
			if _, err := io.WriteString(w, ",\n"); err != nil {
				return err
			}
		}
		if _, err := w.Write(item); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, `],"totalItems":%d}`, n)
	return err
}

// activities are the Creates and Announces of posts and boosts, in their
// order. The files of the posts are noted.
func (p *pack) activities(ctx context.Context, ids []domain.ID) ([]apub.Part, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := p.Store.Reader().PageTexts(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read the posts: %w", err)
	}
	byID := make(map[domain.ID]domain.Status, len(rows))
	var posts []domain.Status
	var boosted []domain.ID
	for _, row := range rows {
		byID[row.ID] = row
		if row.ReblogOf == 0 {
			posts = append(posts, row)
		} else {
			boosted = append(boosted, row.ReblogOf)
		}
	}
	notes, err := p.notes(ctx, posts)
	if err != nil {
		return nil, err
	}
	originals, err := p.addresses(ctx, p.owner.ID, boosted)
	if err != nil {
		return nil, err
	}
	actor := p.Remote.URLs.ActorURI(p.owner)
	var out []apub.Part
	for _, id := range ids {
		st, ok := byID[id]
		uri := p.Remote.URLs.StatusURI(&st, p.owner)
		switch {
		case !ok:
		case st.ReblogOf == 0:
			out = append(out, apub.NewCreate(uri+"/activity", notes[id]))
		case originals[st.ReblogOf] != "":
			out = append(out, apub.NewAnnounce(uri, actor, originals[st.ReblogOf], st.CreatedAt, []string{apub.Public}, []string{p.Remote.URLs.Followers(p.owner)}))
		}
	}
	return out, nil
}

// notes describe posts, with the addresses of their files within the archive.
func (p *pack) notes(ctx context.Context, posts []domain.Status) (map[domain.ID]apub.NoteDoc, error) {
	docs, err := p.Remote.DescribeStatuses(ctx, posts)
	if err != nil {
		return nil, fmt.Errorf("describe the posts: %w", err)
	}
	out := make(map[domain.ID]apub.NoteDoc, len(docs))
	for i, doc := range docs {
		for k := range doc.Attachments {
			file := &doc.Attachments[k]
			name, ours := strings.CutPrefix(file.URL, p.Remote.URLs.Base+"/media/")
			if !ours || !blob.ValidName(name) {
				continue
			}
			file.URL = mediaFolder + name
			p.media = append(p.media, name)
		}
		out[posts[i].ID] = doc
	}
	return out, nil
}

// marks puts the addresses of favourited and bookmarked posts in, those left
// out that may not be seen any more (SEC-33).
func (p *pack) marks(ctx context.Context) error {
	r := p.Store.Reader()
	for name, read := range map[string]markReader{"likes.json": r.Favourites, "bookmarks.json": r.Bookmarks} {
		w, err := p.file(name, zip.Deflate)
		if err != nil {
			return err
		}
		uris := func(yield func([]byte, error) bool) {
			for e, err := range p.marked(ctx, p.owner.ID, read) {
				var item []byte
				if err == nil {
					item, err = json.Marshal(e.key)
				}
				if !yield(item, err) {
					return
				}
			}
		}
		if err := collection(w, name, uris); err != nil {
			return err
		}
	}
	return nil
}
