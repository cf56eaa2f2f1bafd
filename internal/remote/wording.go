package remote

import (
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/text"
)

// wording is what a post says, cleaned: all that an edit may change.
type wording struct {
	content, spoiler, language, url string
	sensitive                       bool
	words                           string // by which it is searched
	mentioned, silent               []domain.ID
	tags                            []domain.Tag
	emojis                          []domain.Emoji
	attachments                     []domain.Attachment
	collections                     []domain.ID
	unseen                          []string // addresses of other ones
}

// maxTags bounds the rows that the hashtags of one post cost.
const maxTags = 64

// read cleans what a post says and finds whom it names.
func (s *Service) read(ctx context.Context, r store.Reader, n *apub.Note, author *domain.Account, followers string) (wording, error) {
	w := wording{content: content(n), url: n.URL}
	var fold bool
	w.spoiler, fold = n.Spoiler()
	w.sensitive = n.Sensitive || fold
	if !apub.SameOrigin(w.url, n.ID) || w.url == n.ID {
		w.url = ""
	}
	w.language, _ = text.LanguageTag(n.Language)
	for _, h := range n.Hashtags {
		if t, ok := TagOf(h); ok && len(w.tags) < maxTags {
			w.tags = append(w.tags, t)
		}
	}
	if !s.Policy(apub.Host(n.ID)).RejectMedia {
		w.emojis = s.emojis(n, author)
		w.attachments = s.attachments(n)
	}
	w.words = w.index(n)
	var err error
	if w.collections, err = s.KnownCollections(ctx, r, n.Collections); err != nil {
		return w, err
	}
	w.unseen = s.unseen(n.Collections, len(w.collections))
	w.mentioned, w.silent, err = s.readMentions(ctx, r, n, followers)
	return w, err
}

// index are the words by which a post is searched: what its pictures show and
// what its poll asks are among them.
func (w *wording) index(n *apub.Note) string {
	parts := []string{w.spoiler, text.PlainText(w.content)}
	if n.Poll != nil {
		for _, o := range n.Poll.Options {
			parts = append(parts, o.Title)
		}
	}
	for i := range w.attachments {
		parts = append(parts, w.attachments[i].Description)
	}
	return text.IndexWords(parts...)
}

// TagOf is a hashtag in our terms; ok is false where it cannot be one.
func TagOf(h apub.Hashtag) (t domain.Tag, ok bool) {
	return domain.Tag{Name: text.NormalizeHashtag(h.Name), Display: h.Name}, text.ValidHashtag(h.Name)
}

// content is the text as it is shown. Markdown, which PeerTube writes, reads
// well as the plain text it is.
func content(n *apub.Note) string {
	body, mediaType := n.Body()
	if mediaType != "" {
		body = text.HTML(text.CleanUTF8(body), text.Resolver{})
	}
	return text.Sanitize(body)
}

// fill puts the wording into the post.
func (w *wording) fill(st *domain.Status) {
	st.Content, st.Spoiler, st.Sensitive, st.Language, st.URL = w.content, w.spoiler, w.sensitive, w.language, w.url
}

// The media of a post that is so new are fetched before anybody looks, within
// so long.
const (
	mediaAhead  = time.Hour
	mediaSpread = 20 * time.Second
)

// store writes what hangs on the words, of a post that is new or not.
func (w *wording) store(tx *store.Tx, st *domain.Status, fresh bool) error {
	if err := tx.Mention(st.ID, w.mentioned); err != nil {
		return err
	}
	if err := tx.MentionSilently(st.ID, w.silent); err != nil {
		return err
	}
	if err := tx.TagStatus(st.ID, w.tags); err != nil {
		return err
	}
	if len(w.collections) > 0 || !fresh {
		if err := tx.TagCollections(st.ID, w.collections); err != nil {
			return err
		}
	}
	if err := fetchTagged(tx, st, w.unseen); err != nil {
		return err
	}
	if err := tx.SaveEmojis(w.emojis); err != nil {
		return err
	}
	if fresh && len(w.attachments) == 0 {
		return nil
	}
	if err := tx.Attach(st.Account, st.ID, w.attachments); err != nil || !fresh || tx.Now().Sub(st.CreatedAt) > mediaAhead {
		return err
	}
	// Not all who hear of a post ask its server at once.
	later := time.Duration(rand.Int64N(int64(mediaSpread)))
	_, err := job.Enqueue(tx, domain.JobFetchMedia, st.ID, job.Unique(st.ID.String()), job.Priority(domain.PriorityLow), job.RunAt(tx.Now().Add(later)))
	return err
}

// Bounds of what one post may have looked up.
const (
	maxLookups    = 16  // actors fetched since a post mentions them
	maxRecipients = 256 // recipients looked for among the known
)

// readMentions finds whom a post names: those who are both tagged and
// addressed. Known ones who are addressed only may read it, silently
// (facts 8).
func (s *Service) readMentions(ctx context.Context, r store.Reader, n *apub.Note, followers string) (named, silent []domain.ID, err error) {
	to := map[string]bool{}
	recipients := n.Recipients()
	for _, uri := range recipients {
		to[uri] = uri != followers
	}
	lookups := 0
	for _, m := range n.Mentions {
		a, err := s.findMentioned(ctx, r, m)
		if domain.Is(err, domain.NotFound) && to[m.Href] && lookups < maxLookups {
			lookups++
			if a, err = s.Actor(ctx, m.Href); err != nil {
				continue // whoever cannot be found is left out
			}
		}
		if domain.Is(err, domain.NotFound) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("find %s: %w", m.Name, err)
		}
		if uri := s.URLs.ActorURI(&a); (to[m.Href] || to[uri]) && !slices.Contains(named, a.ID) {
			named = append(named, a.ID)
			delete(to, uri)
		}
	}
	for _, uri := range recipients[:min(len(recipients), maxRecipients)] {
		if !to[uri] {
			continue
		}
		a, err := s.Known(ctx, r, uri)
		if domain.Is(err, domain.NotFound) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("find %s: %w", uri, err)
		}
		if !slices.Contains(named, a.ID) {
			silent = append(silent, a.ID)
		}
	}
	return named, silent, nil
}

// findMentioned is whom a mention means among the known: by id, else by the
// name, which must lead to where the address is.
func (s *Service) findMentioned(ctx context.Context, r store.Reader, m apub.Mention) (domain.Account, error) {
	if m.Href != "" {
		if a, err := s.Known(ctx, r, m.Href); !domain.Is(err, domain.NotFound) {
			return a, err
		}
	}
	user, host, ok := strings.Cut(strings.TrimPrefix(m.Name, "@"), "@")
	if !ok {
		return domain.Account{}, domain.ErrNotFound
	}
	host = strings.ToLower(host)
	if host == s.URLs.Host {
		host = ""
	}
	list, err := r.Addressees(ctx, []string{domain.NameKey(user)}, []string{host})
	if err != nil {
		return domain.Account{}, err
	}
	for _, a := range list {
		if m.Href == "" || apub.SameOrigin(m.Href, s.URLs.ActorURI(&a)) {
			return a, nil
		}
	}
	return domain.Account{}, domain.ErrNotFound
}

func (s *Service) emojis(n *apub.Note, author *domain.Account) []domain.Emoji {
	var out []domain.Emoji
	for _, e := range n.Emojis {
		if text.ValidShortcode(e.Shortcode) && s.takesMedia(e.URL) {
			out = append(out, domain.Emoji{
				Shortcode: e.Shortcode, Domain: author.Domain, URI: e.ID, URL: e.URL, StaticURL: e.URL, UpdatedAt: e.Updated,
			})
		}
	}
	return out
}

// totals are the counts that the post's own server tells.
func totals(n *apub.Note) store.Totals {
	return store.Totals{Replies: n.Replies.Total, Reblogs: n.Shares.Total, Favourites: n.Likes.Total}
}

// original is what the post came as and where the rest of its thread is; only on
// its own host.
func (s *Service) original(n *apub.Note) store.RemoteObject {
	o := store.RemoteObject{JSON: s.pack(n.Raw)}
	if apub.SameOrigin(n.Replies.ID, n.ID) {
		o.Replies = n.Replies.ID
	}
	if apub.SameOrigin(n.Context, n.ID) {
		o.Context = n.Context
	}
	return o
}

// pack compresses the JSON of an object. One that names hidden recipients is
// not kept (facts 8).
func (s *Service) pack(raw []byte) []byte {
	if bytes.Contains(raw, []byte(`"bto"`)) || bytes.Contains(raw, []byte(`"bcc"`)) {
		return []byte{}
	}
	return s.compress(raw)
}

func (s *Service) compress(raw []byte) []byte {
	var b bytes.Buffer
	w, ok := s.packers.Get().(*flate.Writer)
	if !ok {
		var err error
		if w, err = flate.NewWriter(&b, flate.BestSpeed); err != nil {
			return []byte{}
		}
	}
	defer s.packers.Put(w)
	w.Reset(&b)
	_, err := w.Write(raw)
	if err = firstOf(err, w.Close()); err != nil {
		return []byte{}
	}
	return b.Bytes()
}

// firstOf is the first of some errors that is one.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
