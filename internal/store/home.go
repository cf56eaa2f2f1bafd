package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
)

// Candidate is a status that a timeline may hold, with what its rule must
// know (domain.OnHome, domain.OnList).
type Candidate struct {
	Reader  domain.ID
	Status  domain.Status // id, account, visibility, language, boost and reply only
	Visible bool          // to the reader, what it boosts included
	Entry   domain.HomeEntry
}

// Span says which candidates are read: the newest below Before, or, Upwards,
// the oldest above After. Each source, an author or a followed tag,
// contributes at most Each, and together they are at most Total.
type Span struct {
	Before  domain.ID // exclusive
	After   domain.ID // exclusive
	Upwards bool
	Each    int
	Total   int
}

// Candidates are a part of a timeline, newest first.
type Candidates struct {
	List []Candidate
	// Edge is how far List reaches: it has every candidate of the span above
	// Edge or, Upwards, below it. 0: it has them all.
	Edge domain.ID
}

const homeSources = `authors (id) AS (
		SELECT f.target_id FROM follows f WHERE f.account_id = $1 AND NOT f.pending UNION SELECT a.id FROM accounts a WHERE a.id = $1),
	tags_read (id) AS (SELECT t.tag_id FROM tag_follows t WHERE t.account_id = $1)`

const listSources = `authors (id) AS (
		SELECT m.account_id FROM list_members m JOIN lists l ON l.id = m.list_id WHERE l.account_id = $1 AND l.id = $7),
	tags_read (id) AS (SELECT t.tag_id FROM tag_follows t WHERE t.account_id = 0)`

// HomeCandidates are what the home timeline of the reader may hold: own posts,
// those of the followed and those with followed tags. One statement.
func (r Reader) HomeCandidates(ctx context.Context, reader domain.ID, span Span) (Candidates, error) {
	return r.candidates(ctx, span, candidateText(homeSources, noList, span.Upwards), reader, span.Before, span.After, span.Each, span.Total, r.st.Now())
}

// ListCandidates are what the timeline of a list of the owner may hold. One
// statement.
func (r Reader) ListCandidates(ctx context.Context, owner, list domain.ID, span Span) (Candidates, error) {
	return r.candidates(ctx, span, candidateText(listSources, inList, span.Upwards), owner, span.Before, span.After, span.Each, span.Total, r.st.Now(), list)
}

// HomeReaders are, for each of the statuses, those of the readers who are its
// author or follow its author or one of its hashtags: a Candidate for each.
// One statement.
func (r Reader) HomeReaders(ctx context.Context, statuses, readers []domain.ID) ([]Candidate, error) {
	return all(ctx, r, func(w row) (Candidate, error) {
		var c Candidate
		return c, c.scan(w)
	}, `WITH arguments (now) AS (SELECT CAST($1 AS BIGINT)),
		readers (id) AS (SELECT a.id FROM accounts a WHERE a.id`+r.in(2)+`)
		SELECT `+candidateColumns("w.id", "$1", noList)+`
		FROM statuses s JOIN accounts a ON a.id = s.account_id CROSS JOIN readers w `+candidateJoin("w.id")+`
		WHERE s.id`+r.in(3)+` AND (fo.id IS NOT NULL OR w.id = s.account_id OR `+taggedFor("w.id")+`)`,
		r.st.Now(), readers, statuses)
}

// candidateText is the statement for a part of a timeline. Each source walks
// its own index only as far as it may contribute, so that nothing depends on
// how much anybody has ever posted; then the flags are found for the few that
// remain.
func candidateText(sources, listed string, upwards bool) string {
	order, edge := `DESC`, `max`
	low, high := `COALESCE(q.stop, $3)`, `$2`
	if upwards {
		order, edge = `ASC`, `min`
		low, high = `$3`, `COALESCE(q.stop, $2)`
	}
	return `WITH arguments (reader, before, after, each_source, total, now) AS (
			SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS BIGINT)),
		` + sources + `,
		author_stops (id, stop) AS (SELECT q.id, (SELECT s.id FROM statuses s
			WHERE s.account_id = q.id AND s.id < $2 AND s.id > $3 ORDER BY s.id ` + order + ` LIMIT 1 OFFSET $4) FROM authors q),
		tag_stops (id, stop) AS (SELECT q.id, (SELECT s.status_id FROM status_tags s
			WHERE s.tag_id = q.id AND s.status_id < $2 AND s.status_id > $3 ORDER BY s.status_id ` + order + ` LIMIT 1 OFFSET $4) FROM tags_read q),
		found (id) AS (
			SELECT s.id FROM author_stops q JOIN statuses s ON s.account_id = q.id AND s.id > ` + low + ` AND s.id < ` + high + `
			UNION
			SELECT s.status_id FROM tag_stops q JOIN status_tags s ON s.tag_id = q.id AND s.status_id > ` + low + ` AND s.status_id < ` + high + `),
		top (id) AS (SELECT id FROM found ORDER BY id ` + order + ` LIMIT $5),
		edges (edge) AS (SELECT ` + edge + `(stop) FROM (SELECT stop FROM author_stops UNION ALL SELECT stop FROM tag_stops) b)
		SELECT ` + candidateColumns("$1", "$6", listed) + `, edges.edge
		FROM top JOIN statuses s ON s.id = top.id JOIN accounts a ON a.id = s.account_id CROSS JOIN edges ` + candidateJoin("$1") + `
		ORDER BY s.id DESC`
}

func (r Reader) candidates(ctx context.Context, span Span, text string, args ...any) (Candidates, error) {
	out := Candidates{List: make([]Candidate, 0, 64)}
	err := r.each(ctx, func(w row) error {
		var c Candidate
		err := c.scan(w, &out.Edge)
		out.List = append(out.List, c)
		return err
	}, text, args...)
	if err != nil {
		return out, err
	}
	out.cut(span)
	return out, nil
}

// cut sets Edge where the total ended the part before its sources did, and
// drops what lies beyond Edge, where some source may have more.
func (c *Candidates) cut(span Span) {
	if len(c.List) == span.Total {
		if first, last := c.List[0].Status.ID, c.List[len(c.List)-1].Status.ID; !span.Upwards {
			c.Edge = max(c.Edge, last-1)
		} else if c.Edge == 0 || first+1 < c.Edge {
			c.Edge = first + 1
		}
	}
	if c.Edge != 0 {
		c.List = slices.DeleteFunc(c.List, func(x Candidate) bool {
			return !span.Upwards && x.Status.ID <= c.Edge || span.Upwards && x.Status.ID >= c.Edge
		})
	}
}

// scan reads candidateColumns and then more.
func (c *Candidate) scan(w row, more ...any) error {
	s, e := &c.Status, &c.Entry
	var languages []string
	var authorHidden, authorDomain, originalHidden bool
	err := w.Scan(append([]any{
		&c.Reader, &s.ID, &s.Account, &s.Visibility, &s.Language, &s.ReblogOf, &s.InReplyTo, &s.InReplyToAccount, &s.InReplyToURI,
		&c.Visible, &e.Follows, &e.Reblogs, asJSON(&languages), &e.Tagged, &e.Listed, &authorHidden, &authorDomain, &originalHidden,
		&e.Mentions, &e.MentionsHidden, &e.ReplyKnown, &e.ReplyFollowed, &e.Limited, &e.ReplyListed,
	}, more...)...)
	e.Own = s.Account == c.Reader
	e.ReplyOwn = s.InReplyToAccount == c.Reader
	e.Hidden = authorHidden || originalHidden || authorDomain && !e.Follows
	e.WrongLanguage = s.Language != "" && len(languages) > 0 && !slices.Contains(languages, baseLanguage(s.Language))
	return err
}

// baseLanguage is "pt" of "pt-BR": wishes name languages, not regions.
func baseLanguage(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return base
}

const (
	noList = `FALSE`
	// inList is true of a reply to a member of the list in argument 7.
	inList = `EXISTS (SELECT 1 FROM list_members rl WHERE rl.list_id = $7 AND rl.account_id = s.in_reply_to_account_id)`
)

// candidateColumns are what Candidate.scan reads of the status s and its
// author a for the reader that is the expression v, at the time now.
func candidateColumns(v, now, listed string) string {
	return v + `, s.id, s.account_id, s.visibility, s.language, s.reblog_of_id, s.in_reply_to_id, s.in_reply_to_account_id, s.in_reply_to_uri,
		(` + visibleTo("s", "a", v) + ` AND ` + originalVisibleTo("s", v) + `),
		fo.id IS NOT NULL, COALESCE(fo.show_reblogs, FALSE), fo.languages,
		` + taggedFor(v) + `,
		EXISTS (SELECT 1 FROM list_members xm JOIN lists xl ON xl.id = xm.list_id
			WHERE xm.account_id = s.account_id AND xl.account_id = ` + v + ` AND xl.exclusive),
		` + hiddenFrom("s.account_id", v, now) + `,
		` + domainBlocked("a.domain", v) + `,
		(s.reblog_of_id IS NOT NULL AND EXISTS (SELECT 1 FROM statuses o JOIN accounts oa ON oa.id = o.account_id
			WHERE o.id = s.reblog_of_id AND (` + hiddenFrom("o.account_id", v, now) + ` OR ` + domainBlocked("oa.domain", v) + `))),
		EXISTS (SELECT 1 FROM mentions mm WHERE mm.status_id = s.id AND mm.account_id = ` + v + `),
		EXISTS (SELECT 1 FROM mentions mh WHERE mh.status_id = COALESCE(s.reblog_of_id, s.id) AND ` + avoided("mh.account_id", v, now) + `),
		(s.in_reply_to_id IS NOT NULL AND EXISTS (SELECT 1 FROM statuses rk WHERE rk.id = s.in_reply_to_id)),
		EXISTS (SELECT 1 FROM follows rf WHERE rf.account_id = ` + v + ` AND rf.target_id = s.in_reply_to_account_id AND NOT rf.pending),
		a.silenced_at IS NOT NULL, ` + listed
}

func candidateJoin(v string) string {
	return `LEFT JOIN follows fo ON fo.account_id = ` + v + ` AND fo.target_id = s.account_id AND NOT fo.pending`
}

// taggedFor is true of a status s with a hashtag that v follows.
func taggedFor(v string) string {
	return `EXISTS (SELECT 1 FROM status_tags ts JOIN tag_follows tf ON tf.tag_id = ts.tag_id WHERE ts.status_id = s.id AND tf.account_id = ` + v + `)`
}

// avoided is true when v blocks or mutes the account.
func avoided(account, v, now string) string {
	return `(EXISTS (SELECT 1 FROM blocks hb WHERE hb.account_id = ` + v + ` AND hb.target_id = ` + account + `)
		OR EXISTS (SELECT 1 FROM mutes hm WHERE hm.account_id = ` + v + ` AND hm.target_id = ` + account + ` AND (hm.expires_at IS NULL OR hm.expires_at > ` + now + `)))`
}

// hiddenFrom is true when v blocks or mutes the account or is blocked by it.
func hiddenFrom(account, v, now string) string {
	return `(` + avoided(account, v, now) + ` OR EXISTS (SELECT 1 FROM blocks hx WHERE hx.account_id = ` + account + ` AND hx.target_id = ` + v + `))`
}

// domainBlocked is true when v has blocked the domain.
func domainBlocked(host, v string) string {
	return `(` + host + ` <> '' AND EXISTS (SELECT 1 FROM user_domain_blocks db WHERE db.account_id = ` + v + ` AND db.domain = ` + host + `))`
}

// NextMuteEnd is when the first mute of the account runs out, the zero time
// if none will: until then a home timeline does not change by time alone.
func (r Reader) NextMuteEnd(ctx context.Context, account domain.ID) (time.Time, error) {
	return one(ctx, r, column[time.Time], `SELECT min(expires_at) FROM mutes WHERE account_id = $1 AND expires_at > $2`, account, r.st.Now())
}
