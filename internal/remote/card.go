package remote

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	nethtml "golang.org/x/net/html"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/text"
)

// What the preview of a link may cost its host and us (SEC-27, SEC-60).
const (
	cardJitter    = time.Minute // over which servers that got the same post spread
	cardsPerSite  = 30          // pages of one registrable domain in a window
	cardTime      = 15 * time.Second
	maxPage       = 8 << 20 // bytes of a page, of which
	maxPageRead   = 1 << 20 // are looked at
	maxOEmbed     = 256 << 10
	creatorLookup = 4    // look-ups to find who wrote it
	maxTold       = 200  // posts whose readers hear at once of a new card
	maxCardURL    = 2048 // bytes
	// CardAttempts is how often a page is asked that cannot be reached.
	CardAttempts = 3
)

// Preview gives a post the card of its first link (behaviours 8.15), and has
// the page looked at later, where that is due, by one job for all posts. It is
// part of what follows from a post that was made, edited or completed.
func (s *Service) Preview(ctx context.Context, tx *store.Tx, st *domain.Status) error {
	address := s.cardLink(st)
	if address != "" {
		other, err := tx.ShowsOther(ctx, st.ID)
		if err != nil {
			return fmt.Errorf("find what else it shows: %w", err)
		}
		if other {
			address = ""
		}
	}
	if address == "" {
		return noCard(tx, st)
	}
	card, err := tx.EnsureCard(address)
	if err != nil {
		return fmt.Errorf("find the card of %s: %w", address, err)
	}
	changed, err := tx.SetCard(st.ID, card.ID)
	if err != nil {
		return err
	}
	if changed && (card.State == domain.CardShown || !st.EditedAt.IsZero()) {
		if err := tx.TouchStatus(st.ID); err != nil {
			return err
		}
	}
	if !changed || !card.Due(tx.Now()) {
		return nil
	}
	_, err = job.Enqueue(tx, domain.JobCard, card.ID, job.Unique(card.ID.String()),
		job.Priority(domain.PriorityLow), job.RunAt(tx.Now().Add(s.jitter(st, address))))
	return err
}

// noCard takes the card from a post that had one before it was edited or
// quoted another.
func noCard(tx *store.Tx, st *domain.Status) error {
	if st.EditedAt.IsZero() && st.Quote == 0 {
		return nil
	}
	changed, err := tx.UnsetCard(st.ID)
	if err == nil && changed {
		err = tx.TouchStatus(st.ID)
	}
	return err
}

// jitter is how long the page of a link waits: not at all for a post from
// here, else some time of this server's own, so that not all that got the
// post ask at once.
func (s *Service) jitter(st *domain.Status, address string) time.Duration {
	if st.Local {
		return 0
	}
	h := fnv.New32a()
	_, _ = io.WriteString(h, s.URLs.Host+" "+address) // a hash takes everything
	return time.Duration(h.Sum32()) % cardJitter
}

// cardLink is the address whose card a post shows, "" for none: its first link
// that leads to no person, hashtag or page of ours. Direct posts have none,
// since a link in a letter may be for its reader alone.
func (s *Service) cardLink(st *domain.Status) string {
	if st.ReblogOf != 0 || st.Quote != 0 || st.Visibility == domain.Direct {
		return ""
	}
	var links []string
	switch {
	case !st.Local:
		links = contentLinks(st.Content)
	case st.ContentType == domain.TypeMarkdown:
		links = contentLinks(text.PostHTML(st.ContentType, st.Text, text.Resolver{}))
	default:
		links = text.Links(st.Text)
	}
	for _, l := range links {
		if l = pageAddress(l); l != "" && !s.atHome(l) {
			return l
		}
	}
	return ""
}

// pageAddress is a link as the page is asked by, "" if it cannot be.
func pageAddress(link string) string {
	link, ok := text.WebURL(link)
	if !ok {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil || apub.Host(link) == "" {
		return ""
	}
	u.Fragment, u.RawFragment, u.Host = "", "", apub.Host(link)
	if link = u.String(); len(link) > maxCardURL {
		return ""
	}
	return link
}

// FetchCard is the job that looks at the page of a link; the payload is the
// card's id. A page that cannot be reached is tried a few times, and then
// counts as one that gives nothing, until somebody posts its link again.
func (s *Service) FetchCard(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	card, err := s.Store.Reader().Card(ctx, id)
	if err != nil {
		return ignoreGone(err)
	}
	if !card.Due(s.Now()) {
		// Another look ended while this one was asked for, and may have missed
		// the post that asked.
		return j.Write(ctx, func(tx *store.Tx) error { return showCard(ctx, tx, id) })
	}
	site := registrable(apub.Host(card.URL))
	if !s.limits.take("cards of "+site, cardsPerSite, window) {
		return j.Write(ctx, func(tx *store.Tx) error {
			_, err := job.Enqueue(tx, domain.JobCard, id, job.Unique(id.String()), job.Priority(domain.PriorityLow), job.RunAt(tx.Now().Add(window)))
			return err
		})
	}
	next, err := s.preview(ctx, card.URL)
	if passing(err) && j.Attempts < CardAttempts {
		return fmt.Errorf("look at %s: %w", card.URL, err)
	}
	if err != nil {
		s.Log.DebugContext(ctx, "a link has no card", "url", card.URL, "err", err)
		next = card // what was known is better than nothing
		if card.State != domain.CardShown {
			next.State = domain.CardNone
		}
	}
	next.ID, next.URL, next.FetchedAt = card.ID, card.URL, s.Now()
	return j.Write(ctx, func(tx *store.Tx) error { return saveCard(ctx, tx, card, next) })
}

// saveCard stores what a page says.
func saveCard(ctx context.Context, tx *store.Tx, was, next domain.Card) error {
	if err := tx.SaveCard(&next); err != nil {
		return err
	}
	was.FetchedAt = next.FetchedAt
	if next.State != domain.CardShown || reflect.DeepEqual(was, next) {
		return nil
	}
	return showCard(ctx, tx, next.ID)
}

// showCard has readers look anew at the posts that have a card.
func showCard(ctx context.Context, tx *store.Tx, id domain.ID) error {
	if err := tx.TouchCard(id); err != nil {
		return err
	}
	list, err := tx.CardStatuses(ctx, id, maxTold)
	if err != nil {
		return err
	}
	for i := range list {
		e := domain.Event{Kind: domain.EventStatusRefreshed, Actor: list[i].Account, Status: list[i].ID}
		if err := tx.Emit(e); err != nil {
			return err
		}
	}
	return nil
}

var errNoCard = domain.Errorf(domain.Invalid, "The page says nothing of itself")

// preview looks at a page, and where it names one at its oEmbed answer.
func (s *Service) preview(ctx context.Context, address string) (domain.Card, error) {
	if err := s.mayAsk(address); err != nil {
		return domain.Card{}, err
	}
	body, contentType, final, err := s.page(ctx, address)
	if err != nil {
		return domain.Card{}, err
	}
	p := readPage(body, contentType, final)
	if p.oembed != "" {
		p.apply(s.oembed(ctx, p.oembed))
	}
	c := p.card()
	if c.Title == "" && c.HTML == "" {
		return c, errNoCard
	}
	c.State = domain.CardShown
	c.Creator = s.creator(ctx, p.creator)
	return c, nil
}

// page reads the beginning of a page, unsigned: strangers' pages are no
// business between servers.
func (s *Service) page(ctx context.Context, address string) (body []byte, contentType string, final *url.URL, err error) {
	stream, err := s.Client.Open(ctx, address, fetch.Options{
		Accept: "text/html, application/xhtml+xml;q=0.9", PlainHTTP: true, Timeout: cardTime, MaxBytes: maxPage,
		Types: fetch.MediaTypes("text/html", "application/xhtml+xml"),
	})
	if err != nil {
		return nil, "", nil, err
	}
	defer stream.Close()
	if err := s.mayAsk(stream.URL.String()); err != nil {
		return nil, "", nil, err
	}
	body, err = io.ReadAll(io.LimitReader(stream, maxPageRead))
	return body, stream.Header.Get("Content-Type"), stream.URL, err
}

// oembed is what the provider named by a page answers, nil for nothing.
func (s *Service) oembed(ctx context.Context, address string) []byte {
	if s.mayAsk(address) != nil {
		return nil
	}
	res, err := s.Client.Get(ctx, address, fetch.Options{
		Accept: "application/json", PlainHTTP: true, Timeout: cardTime, MaxBytes: maxOEmbed,
		Types: fetch.MediaTypes("application/json", "application/json+oembed", "text/json"),
	})
	if err != nil || s.mayAsk(res.URL.String()) != nil {
		return nil
	}
	return res.Body
}

// creator is the account that a page names as its author, 0 for none. Whether
// it may be named is asked whenever the card is shown.
func (s *Service) creator(ctx context.Context, handle string) domain.ID {
	user, host, ok := handleIn(handle)
	if !ok || host == "" {
		return 0
	}
	a, err := s.ByHandle(WithBudget(ctx, creatorLookup), user, host)
	if err != nil || a.Suspended() {
		return 0
	}
	return a.ID
}

// contentLinks are the links of a post's HTML, but for those to people and
// hashtags.
func contentLinks(content string) []string {
	var out []string
	z := nethtml.NewTokenizer(strings.NewReader(content))
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return out
		case nethtml.StartTagToken:
			t := z.Token()
			names := strings.Fields(attribute(t, "class") + " " + attribute(t, "rel"))
			named := func(n string) bool { return slices.Contains(names, n) }
			if t.Data == "a" && !named("mention") && !named("hashtag") && !named("u-url") && !named("tag") {
				out = append(out, attribute(t, "href"))
			}
		}
	}
}
