package remote

import (
	"bytes"
	"context"
	"errors"
	"io"
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

// What it may cost to look whether links lead back to a profile (behaviours 7.8,
// SEC-27, SEC-60).
const (
	linksPerSite = 30 // pages of one registrable domain in a window
	linkTime     = 10 * time.Second
	linkJitter   = 10 * time.Minute // over which profiles of elsewhere spread
)

// claim is the address that a field of a profile consists of, "" if it is not
// one alone. Fields of elsewhere are HTML: a link that shows all it leads to.
func claim(value string, local bool) string {
	if local {
		link, _ := text.WebURL(value)
		return link
	}
	z := nethtml.NewTokenizer(strings.NewReader(strings.TrimSpace(value)))
	href, shown, depth := "", "", 0
	for {
		switch kind := z.Next(); kind {
		case nethtml.ErrorToken:
			if link, ok := text.WebURL(href); ok && depth == 0 && errors.Is(z.Err(), io.EOF) && shown == href {
				return link
			}
			return ""
		case nethtml.TextToken:
			if depth == 0 {
				return ""
			}
			shown += string(z.Text())
		case nethtml.StartTagToken:
			t := z.Token()
			if depth == 0 && (t.Data != "a" || href != "") {
				return ""
			}
			if t.Data == "a" {
				href = attribute(t, "href")
			}
			depth++
		case nethtml.EndTagToken:
			depth--
		}
	}
}

// claims are the addresses on a profile that nobody has verified.
func claims(a *domain.Account) []string {
	var out []string
	for _, f := range a.Fields {
		if link := claim(f.Value, a.Local()); link != "" && f.VerifiedAt.IsZero() && !slices.Contains(out, link) {
			out = append(out, link)
		}
	}
	return out
}

func sameClaims(fields, known []domain.Field) bool {
	return slices.EqualFunc(fields, known, func(a, b domain.Field) bool { return a.Value == b.Value })
}

// WantVerified has the links of a profile looked at that may lead back to it.
// Those of elsewhere can wait, since many servers look at once.
func WantVerified(tx *store.Tx, a *domain.Account) error {
	if len(claims(a)) == 0 {
		return nil
	}
	at := tx.Now()
	if !a.Local() {
		at = at.Add(time.Duration(uint64(a.ID)) % linkJitter)
	}
	_, err := job.Enqueue(tx, domain.JobVerifyLinks, a.ID, job.Unique(a.ID.String()), job.Priority(domain.PriorityLow), job.RunAt(at))
	return err
}

// VerifyLinks is the job that looks whether the links of a profile lead back to
// it; the payload is the account's id. A page that does not, or cannot be read,
// is asked again when the profile changes.
func (s *Service) VerifyLinks(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	a, err := s.Store.Reader().Account(ctx, id)
	if err != nil {
		return ignoreGone(err)
	}
	if a.Suspended() {
		return nil
	}
	tried := claims(&a)
	var good []string
	for _, link := range tried {
		if s.leadsBack(ctx, link, s.URLs.Profile(&a)) {
			good = append(good, link)
		}
	}
	return j.Write(ctx, func(tx *store.Tx) error { return keepVerified(ctx, tx, id, tried, good) })
}

// keepVerified notes which links lead back. What changed meanwhile is looked at
// again.
func keepVerified(ctx context.Context, tx *store.Tx, id domain.ID, tried, good []string) error {
	a, err := tx.Account(ctx, id)
	if err != nil {
		return ignoreGone(err)
	}
	found := false
	for i := range a.Fields {
		if f := &a.Fields[i]; f.VerifiedAt.IsZero() && slices.Contains(good, claim(f.Value, a.Local())) {
			f.VerifiedAt, found = tx.Now(), true
		}
	}
	if found {
		if err := tx.SetFields(&a); domain.Is(err, domain.NotFound) {
			return WantVerified(tx, &a)
		} else if err != nil {
			return err
		}
	}
	for _, link := range claims(&a) {
		if !slices.Contains(tried, link) {
			return WantVerified(tx, &a)
		}
	}
	return nil
}

// leadsBack looks for a link with rel=me to a profile on a page. If none is that,
// the first of them may be an address that redirects there.
func (s *Service) leadsBack(ctx context.Context, link, profile string) bool {
	if !s.verifiable(link) || !s.limits.take("links of "+registrable(apub.Host(link)), linksPerSite, window) {
		return false
	}
	body, _, _, err := s.page(ctx, link)
	if err != nil {
		s.Log.DebugContext(ctx, "a link cannot be verified", "url", link, "err", err)
		return false
	}
	mine := relMe(body)
	is := func(address string) bool { return strings.EqualFold(address, profile) }
	if slices.ContainsFunc(mine, is) {
		return true
	}
	if len(mine) == 0 || !s.verifiable(mine[0]) {
		return false
	}
	res, err := s.Client.Head(ctx, mine[0], fetch.Options{Unfollowed: true, Timeout: linkTime})
	return err == nil && is(res.Header.Get("Location"))
}

// verifiable reports whether an address may be asked: https, but plain http where
// we are at plain http ourselves.
func (s *Service) verifiable(link string) bool {
	clean, ok := text.WebURL(link)
	lower := strings.ToLower(clean)
	secure := strings.HasPrefix(lower, "https://") || strings.HasPrefix(s.URLs.Base, "http://") && strings.HasPrefix(lower, "http://")
	return ok && secure && s.mayAsk(clean) == nil
}

// relMe are the addresses that a page names as its owner's.
func relMe(body []byte) []string {
	var out []string
	z := nethtml.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return out
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			t := z.Token()
			if t.Data != "a" && t.Data != "link" {
				continue
			}
			href := strings.TrimSpace(attribute(t, "href"))
			if href != "" && slices.Contains(strings.Fields(strings.ToLower(attribute(t, "rel"))), "me") {
				out = append(out, href)
			}
		}
	}
}
