package post

import (
	"context"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// draft is a checked post that is not stored yet.
type draft struct {
	status domain.Status
	words  wording
	index  string // the words by which it is searched
	poll   *domain.Poll
	quoted *domain.Quote // what it quotes, without its own id
	media  []domain.ID   // its uploads, in order
}

// maxTextBytes bounds what one post may cost everybody who reads it, where
// few characters are made of many bytes.
const maxTextBytes = 1 << 16

// draft checks what the author wrote and fills in what it leaves open
// (behaviours 8.1 to 8.6, 8.13).
func (s *Service) draft(ctx context.Context, r store.Reader, set *domain.Settings, author *domain.Account, c *domain.Compose) (*draft, error) {
	user, err := r.User(ctx, author.ID)
	if err != nil {
		return nil, err
	}
	d := &draft{status: domain.Status{
		Account: author.ID, Local: true, App: c.App, LocalOnly: c.LocalOnly,
		Visibility: visibility(author, &user, c.Visibility),
		Language:   firstLanguage(c.Language, user.Prefs.Language, user.Locale),
	}}
	if c.LocalOnly && !set.LocalOnly {
		return nil, invalid("Local only posts are not allowed on this server")
	}
	media, err := uploads(ctx, r, set, author.ID, c.MediaIDs, 0, c.Scheduled)
	if err != nil {
		return nil, err
	}
	d.media = idsOf(media)
	sensitive := user.Prefs.Sensitive
	if c.Sensitive != nil {
		sensitive = *c.Sensitive
	}
	if d.words, err = s.say(ctx, r, set, &d.status, c, sensitive); err != nil {
		return nil, err
	}
	if err := expect(d.words.mentioned, c.AllowedMention); err != nil {
		return nil, err
	}
	if c.Poll != nil {
		if d.poll, err = s.newPoll(c.Poll, s.st.Now()); err != nil {
			return nil, err
		}
		d.poll.Account = author.ID
	}
	d.index = indexWords(&d.status, titlesOf(d.poll), media)
	if err := answer(ctx, r, &d.status, c.InReplyTo); err != nil {
		return nil, err
	}
	if err := d.quote(ctx, r, c.Quote); err != nil {
		return nil, err
	}
	d.status.QuotePolicy = quotePolicy(d.status.Visibility, &user.Prefs, c.QuotePolicy)
	return d, nil
}

// quotePolicy is the wanted or usual one; what not everybody may see nobody
// may quote (behaviours 17.3).
func quotePolicy(v domain.Visibility, p *domain.Prefs, wanted *domain.QuotePolicy) domain.QuotePolicy {
	switch {
	case !v.Listed():
		return domain.QuoteNobody
	case wanted != nil:
		return *wanted
	}
	usual, ok := domain.ParseQuotePolicy(p.QuotePolicy)
	if !ok {
		usual = domain.QuotePublic
	}
	return usual
}

// say checks the words of a post and puts them into it. A warning alone
// becomes the text, unless the post quotes (behaviours 8.2), and makes the post
// sensitive (8.3).
func (s *Service) say(ctx context.Context, r store.Reader, set *domain.Settings, into *domain.Status, c *domain.Compose, sensitive bool) (wording, error) {
	body, spoiler := strings.TrimSpace(c.Text), strings.TrimSpace(c.Spoiler)
	into.Sensitive = sensitive || spoiler != ""
	if body == "" && c.Quote == 0 {
		body, spoiler = spoiler, ""
	}
	if body == "" && len(c.MediaIDs) == 0 && c.Quote == 0 {
		return wording{}, invalid("Text can't be blank")
	}
	if most := set.CharacterLimit(); len(body)+len(spoiler) > maxTextBytes || text.Count(spoiler, body) > most {
		return wording{}, invalid("Text character limit of %d exceeded", most)
	}
	if c.ContentType != nil && set.Markdown {
		into.ContentType = *c.ContentType
	}
	w, err := s.read(ctx, r, into.Account, text.ParsePost(into.ContentType, body))
	into.Text, into.Spoiler = w.text, spoiler
	return w, err
}

// visibility is the wanted or usual one; public posts of limited authors are
// unlisted (behaviours 8.3).
func visibility(author *domain.Account, u *domain.User, wanted *domain.Visibility) domain.Visibility {
	v := u.Prefs.DefaultVisibility(author.Locked)
	if wanted != nil {
		v = *wanted
	}
	if v == domain.Public && author.Silenced() {
		return domain.Unlisted
	}
	return v
}

// firstLanguage is the first of the codes that names a language, else "".
func firstLanguage(codes ...string) string {
	for _, c := range codes {
		if tag, ok := text.LanguageTag(c); ok {
			return tag
		}
	}
	return ""
}

// answer makes the post a reply to the parent, 0 for none.
func answer(ctx context.Context, r store.Reader, s *domain.Status, parent domain.ID) error {
	if parent == 0 {
		return nil
	}
	p, err := visible(ctx, r, s.Account, parent)
	if domain.Is(err, domain.NotFound) {
		return domain.Errorf(domain.NotFound, "The post you are trying to reply to does not appear to exist.")
	}
	if err != nil {
		return err
	}
	s.Answer(&p)
	s.LocalOnly = s.LocalOnly || p.LocalOnly
	return nil
}

// newPoll checks a poll (behaviours 8.13) that begins now.
func (s *Service) newPoll(c *domain.ComposePoll, now time.Time) (*domain.Poll, error) {
	p := &domain.Poll{Multiple: c.Multiple, HideTotals: c.HideTotals}
	seen := map[string]bool{}
	for _, o := range c.Options {
		o = strings.TrimSpace(o)
		switch {
		case o == "":
			continue
		case len(o) > maxTextBytes || text.CountGraphemes(o) > domain.MaxPollOptionText:
			return nil, invalid("Options can't be longer than %d characters each", domain.MaxPollOptionText)
		case seen[o]:
			return nil, invalid("Options contain duplicate items")
		}
		seen[o] = true
		p.Options = append(p.Options, domain.PollOption{Title: o})
	}
	switch {
	case len(p.Options) < domain.MinPollOptions:
		return nil, invalid("Options must have more than one item")
	case len(p.Options) > domain.MaxPollOptions:
		return nil, invalid("Options can't contain more than %d items", domain.MaxPollOptions)
	case c.ExpiresIn == 0:
		return nil, invalid("Expires at can't be blank")
	case c.ExpiresIn < int64(s.pollMin/time.Second):
		return nil, invalid("Expires at is too soon")
	case c.ExpiresIn > int64(domain.MaxPollLife/time.Second):
		return nil, invalid("Expires at is too far into the future")
	}
	p.ExpiresAt = now.Add(time.Duration(c.ExpiresIn) * time.Second)
	return p, nil
}
