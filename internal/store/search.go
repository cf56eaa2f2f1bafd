package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"coterie/internal/domain"
)

// StatusSearch is a domain.Search of a viewer, its names looked up and its
// times turned into ids.
type StatusSearch struct {
	Viewer    domain.ID
	Phrases   []domain.Sought[domain.Phrase]
	Tags      []domain.Sought[domain.ID]
	Authors   []domain.Sought[domain.ID]
	Languages []domain.Sought[string]
	Traits    []domain.Sought[domain.Trait]
	Scope     domain.SearchScope
	After     domain.ID // only larger ids
	Before    domain.ID // only smaller ids
	Limit     int
	Offset    int
}

// SearchStatuses are the posts that the search wants and its viewer may find,
// newest first: in the viewer's library, or public and by people who agreed to
// be found. Nobody finds what is by people they avoid or are blocked by.
//
// Words that stand in few posts are looked up in the index of words and the
// posts looked at. Common ones, and searches without words, walk from the
// newest post down until the page is full, over what the index, an author, a
// hashtag or the library offers. At most three statements, on PostgreSQL five.
func (r Reader) SearchStatuses(ctx context.Context, s StatusSearch) ([]domain.ID, error) {
	if r.st.engine == SQLite {
		return r.searchStatuses(ctx, s, 2000)
	}
	// An index of words that is in no order is looked through to its end for
	// what is common, which fills the page among the newest posts.
	ids, err := r.searchNewest(ctx, s, 2000)
	if err != nil || len(ids) == s.Limit {
		return ids, err
	}
	return r.searchStatuses(ctx, s, 20_000)
}

// searchNewest is SearchStatuses among the newest posts alone, where the search
// has words; nil without, or where there are not so many posts.
func (r Reader) searchNewest(ctx context.Context, s StatusSearch, newest int) ([]domain.ID, error) {
	if eachWanted(s.Phrases, "", func(domain.Phrase) string { return "." }) == "" || wanted(s.Authors) != 0 || wanted(s.Tags) != 0 {
		return nil, nil
	}
	floor, err := one(ctx, r, column[domain.ID], `SELECT s.id FROM statuses s WHERE s.id < $1 ORDER BY s.id DESC LIMIT 1 OFFSET $2`, s.Before, newest)
	if domain.Is(err, domain.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s.After = max(s.After, floor)
	q := r.newStatusQuery(s)
	walks := q.libraryWalks()
	if s.Scope != domain.SearchLibrary {
		walks = append(walks, q.publicByPost())
	}
	if s.Scope == domain.SearchPublic {
		walks = walks[len(walks)-1:]
	}
	return q.run(ctx, walks...)
}

func (r Reader) newStatusQuery(s StatusSearch) *statusQuery {
	r.varying = true
	return &statusQuery{Reader: r, StatusSearch: s, args: []any{s.Viewer, r.st.Now(), s.After, s.Before, s.Limit + s.Offset}}
}

// searchStatuses is SearchStatuses with how many posts are few.
func (r Reader) searchStatuses(ctx context.Context, s StatusSearch, few int) ([]domain.ID, error) {
	q := r.newStatusQuery(s)
	if q.index = r.pick(ftsQuery(s.Phrases), tsQuery(s.Phrases)); q.index != "" {
		hits, err := all(ctx, r, column[domain.ID], r.pick(ftsHits, tsHits), q.index, s.After, s.Before, few+1)
		if err != nil {
			return nil, err
		}
		if len(hits) <= few {
			return q.run(ctx, q.among(hits))
		}
	}
	author, tag := wanted(s.Authors), wanted(s.Tags)
	switch {
	case author != 0:
		return q.run(ctx, q.by(author))
	case tag != 0:
		return q.run(ctx, q.tagged(tag))
	case s.Scope == domain.SearchLibrary:
		return q.run(ctx, q.libraryWalks()...)
	}
	public := q.publicByPost()
	n, err := one(ctx, r, column[int64], findable+r.pick(byAuthor, idsInOrder)+` AND s.id > $1 AND s.id < $2 LIMIT $4) f) END`,
		s.After, s.Before, few/4, few/4+1)
	if err != nil {
		return nil, err
	}
	if n <= int64(few/4) {
		public = q.publicByAuthor()
	}
	if s.Scope == domain.SearchPublic {
		return q.run(ctx, public)
	}
	return q.run(ctx, append([]walk{public}, q.libraryWalks()...)...)
}

// wanted is the first id that a search insists on, 0 for none.
func wanted(list []domain.Sought[domain.ID]) domain.ID {
	for _, v := range list {
		if !v.Not {
			return v.What
		}
	}
	return 0
}

// The statements that look into the index of words: argument 1 is the query
// in the engine's language. PostgreSQL is kept from walking along the ids.
const (
	ftsHits = `SELECT w.rowid FROM status_words w WHERE w.status_words MATCH $1 AND w.rowid > $2 AND w.rowid < $3 LIMIT $4`
	tsHits  = `SELECT w.status_id FROM status_words w WHERE w.words @@ CAST(CAST($1 AS text) AS tsquery)
		AND w.status_id + 0 > $2 AND w.status_id + 0 < $3 LIMIT $4`
)

// findable counts the posts of people who agreed to be found, as far as they
// are few: people up to argument 3, posts up to argument 4. Only an index is
// read, so what they wrote for some counts, too.
const findable = `WITH ask (after, before, people, posts) AS (SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT))
	SELECT CASE WHEN (SELECT COUNT(*) FROM (SELECT i.id FROM accounts i WHERE i.indexable LIMIT $3) p) = $3 THEN $4
		ELSE (SELECT COUNT(*) FROM (SELECT s.id FROM `

// What follows in findable and in publicByAuthor: posts by author, which
// PostgreSQL is kept from reading in another order.
const (
	byAuthor        = `accounts a CROSS JOIN statuses s WHERE a.indexable AND s.account_id = a.id`
	byAuthorInOrder = `accounts a CROSS JOIN LATERAL (SELECT p.* FROM statuses p WHERE p.account_id = a.id OFFSET 0) s WHERE a.indexable`
	idsInOrder      = `accounts a CROSS JOIN LATERAL (SELECT p.id FROM statuses p WHERE p.account_id = a.id OFFSET 0) s WHERE a.indexable`
)

// ftsQuery is the wanted phrases in the language of SQLite's FTS5, "" for none.
// Words have nothing in them that either language would read as its own.
func ftsQuery(phrases []domain.Sought[domain.Phrase]) string {
	return eachWanted(phrases, " AND ", func(p domain.Phrase) string {
		if p.Open {
			return `"` + strings.Join(p.Words, " ") + `" *`
		}
		return `"` + strings.Join(p.Words, " ") + `"`
	})
}

// tsQuery is the wanted phrases in the language of PostgreSQL's tsquery.
func tsQuery(phrases []domain.Sought[domain.Phrase]) string {
	return eachWanted(phrases, " & ", func(p domain.Phrase) string {
		text := `'` + strings.Join(p.Words, `' <-> '`) + `'`
		if p.Open {
			text += `:*`
		}
		return `(` + text + `)`
	})
}

func eachWanted(phrases []domain.Sought[domain.Phrase], join string, text func(domain.Phrase) string) string {
	var out []string
	for _, p := range phrases {
		if !p.Not {
			out = append(out, text(p.What))
		}
	}
	return strings.Join(out, join)
}

// like is what a text between spaces must be like to have the phrase in it.
func like(p domain.Phrase) string {
	if p.Open {
		return "% " + strings.Join(p.Words, " ") + "%"
	}
	return "% " + strings.Join(p.Words, " ") + " %"
}

// statusQuery puts a search into words. Arguments 1 to 5 are the viewer, the
// time, After, Before and how many posts a walk has to give.
type statusQuery struct {
	Reader
	StatusSearch
	index string // the wanted phrases in the language of the index
	args  []any
}

const searchArguments = `WITH ask (viewer, now, after, before, size) AS (SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT),
	CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT)) `

// arg is the place of one more argument. Arguments are added in the order in
// which the text names them.
func (q *statusQuery) arg(v any) int {
	q.args = append(q.args, v)
	return len(q.args)
}

// place names argument n.
func place(n int) string { return "$" + strconv.Itoa(n) }

// walk is one way to come by posts s of authors a, newest first.
type walk struct {
	key    string // the id to go along
	from   string // ends in conditions
	worded bool   // gives posts with the wanted phrases only
	sorted bool   // gives posts the viewer may find, as their scope goes
}

// run asks for a page of what the walks give together.
func (q *statusQuery) run(ctx context.Context, walks ...walk) ([]domain.ID, error) {
	conditions, phrases := q.conditions(), ``
	if slices.ContainsFunc(walks, func(w walk) bool { return !w.worded }) {
		phrases = q.phrases()
	}
	text := searchArguments
	for i, w := range walks {
		if i == 0 {
			text += `SELECT u.id FROM (`
		} else {
			text += ` UNION `
		}
		text += `SELECT w` + strconv.Itoa(i) + `.id FROM (SELECT ` + w.key + ` AS id FROM ` + w.from + conditions
		if !w.worded {
			text += phrases
		}
		if !w.sorted {
			text += q.scope()
		}
		text += ` AND ` + w.key + ` > $3 AND ` + w.key + ` < $4 ORDER BY ` + w.key + ` DESC LIMIT $5) w` + strconv.Itoa(i)
	}
	text += `) u ORDER BY u.id DESC LIMIT ` + place(q.arg(q.Limit)) + ` OFFSET ` + place(q.arg(q.Offset))
	return all(ctx, q.Reader, column[domain.ID], text, q.args...)
}

// The walks. Their tables are joined in the order in which they stand, which
// CROSS JOIN has SQLite keep to.

func (q *statusQuery) among(hits []domain.ID) walk {
	q.arg(hits)
	return walk{key: `h.id`, worded: true, from: `(SELECT hs.id FROM statuses hs WHERE hs.id` + q.in(len(q.args)) + `) h
		CROSS JOIN statuses s CROSS JOIN accounts a WHERE s.id = h.id AND a.id = s.account_id`}
}

func (q *statusQuery) by(author domain.ID) walk {
	return walk{key: `s.id`, from: `statuses s CROSS JOIN accounts a WHERE s.account_id = ` + place(q.arg(author)) + ` AND a.id = s.account_id`}
}

func (q *statusQuery) tagged(tag domain.ID) walk {
	return walk{key: `h.status_id`, from: `status_tags h CROSS JOIN statuses s CROSS JOIN accounts a
		WHERE h.tag_id = ` + place(q.arg(tag)) + ` AND s.id = h.status_id AND a.id = s.account_id`}
}

// publicByPost goes along the posts that have the phrases on SQLite, whose
// index gives them in order, else along all that are public.
func (q *statusQuery) publicByPost() walk {
	if q.st.engine == SQLite && q.index != "" {
		return walk{key: `x.rowid`, worded: true, sorted: true, from: `status_words x CROSS JOIN statuses s CROSS JOIN accounts a
			WHERE x.status_words MATCH ` + place(q.arg(q.index)) + ` AND s.id = x.rowid AND a.id = s.account_id AND ` + public}
	}
	return walk{key: `s.id`, sorted: true, from: `statuses s CROSS JOIN accounts a WHERE a.id = s.account_id AND ` + public}
}

func (q *statusQuery) publicByAuthor() walk {
	return walk{key: `s.id`, sorted: true, from: q.pick(byAuthor, byAuthorInOrder) + ` AND ` + public}
}

// public is true of what the viewer finds outside the library.
const public = `(s.visibility = 0 AND s.reblog_of_id IS NULL AND a.indexable AND (a.silenced_at IS NULL
	OR EXISTS (SELECT 1 FROM follows lf WHERE lf.account_id = $1 AND lf.target_id = a.id AND NOT lf.pending)))`

// libraryWalks go along the parts of the viewer's library.
func (q *statusQuery) libraryWalks() []walk {
	return []walk{
		{key: `s.id`, sorted: true, from: `statuses s CROSS JOIN accounts a WHERE s.account_id = $1 AND a.id = s.account_id`},
		q.collected(`mentions m`, `m.status_id`, `m.account_id = $1`),
		q.collected(`favourites f`, `f.status_id`, `f.account_id = $1`),
		q.collected(`bookmarks k`, `k.status_id`, `k.account_id = $1`),
		q.collected(`statuses b`, `b.reblog_of_id`, `b.reblog_of_id IS NOT NULL AND b.account_id = $1`),
		q.collected(`(SELECT DISTINCT d.status_id AS id FROM poll_votes o JOIN polls d ON d.id = o.poll_id WHERE o.account_id = $1) v`, `v.id`, `TRUE`),
	}
}

// collected goes along the keys of posts that somebody collected. PostgreSQL
// is kept from looking through all posts instead.
func (q *statusQuery) collected(from, key, whose string) walk {
	return walk{key: key, sorted: true, from: from + q.pick(
		` CROSS JOIN statuses s CROSS JOIN accounts a WHERE s.id = `+key+` AND a.id = s.account_id AND `,
		` CROSS JOIN LATERAL (SELECT p.* FROM statuses p WHERE p.id = `+key+` OFFSET 0) s CROSS JOIN accounts a WHERE a.id = s.account_id AND `) + whose}
}

// inLibrary is true of a status s in the viewer's library.
const inLibrary = `(s.account_id = $1
	OR EXISTS (SELECT 1 FROM mentions m WHERE m.status_id = s.id AND m.account_id = $1)
	OR EXISTS (SELECT 1 FROM favourites f WHERE f.account_id = $1 AND f.status_id = s.id)
	OR EXISTS (SELECT 1 FROM bookmarks k WHERE k.account_id = $1 AND k.status_id = s.id)
	OR EXISTS (SELECT 1 FROM statuses b WHERE b.reblog_of_id = s.id AND b.account_id = $1)
	OR s.poll_id IS NOT NULL AND EXISTS (SELECT 1 FROM poll_votes o WHERE o.poll_id = s.poll_id AND o.account_id = $1))`

func (q *statusQuery) scope() string {
	switch q.Scope {
	case domain.SearchLibrary:
		return ` AND ` + inLibrary
	case domain.SearchPublic:
		return ` AND ` + public
	}
	return ` AND (` + public + ` OR ` + inLibrary + `)`
}

// conditions are true of what the viewer may see and the search wants, but
// for its phrases and its scope.
func (q *statusQuery) conditions() string {
	text := ` AND s.reblog_of_id IS NULL AND ` + visible("s", "a", 1) + ` AND NOT ` + hiddenFrom("s.account_id", "$1", "$2") +
		` AND NOT ` + domainBlocked("a.domain", "$1")
	for _, v := range q.Authors {
		text += ` AND ` + not(v.Not) + `s.account_id = ` + place(q.arg(v.What))
	}
	for _, v := range q.Tags {
		text += ` AND ` + not(v.Not) + `EXISTS (SELECT 1 FROM status_tags t WHERE t.status_id = s.id AND t.tag_id = ` + place(q.arg(v.What)) + `)`
	}
	for _, v := range q.Languages {
		text += ` AND ` + not(v.Not) + `(s.language = ` + place(q.arg(v.What)) + ` OR s.language LIKE ` + place(q.arg(v.What+"-%")) + `)`
	}
	for _, v := range q.Traits {
		text += ` AND ` + not(v.Not) + traits[v.What]
	}
	for _, v := range q.Phrases {
		if v.Not {
			text += ` AND ' ' || s.words || ' ' NOT LIKE ` + place(q.arg(like(v.What)))
		}
	}
	return text
}

// phrases is true of what has the wanted phrases.
func (q *statusQuery) phrases() string {
	text := ``
	for _, v := range q.Phrases {
		if !v.Not {
			text += ` AND ' ' || s.words || ' ' LIKE ` + place(q.arg(like(v.What)))
		}
	}
	return text
}

func not(no bool) string {
	if no {
		return `NOT `
	}
	return ``
}

// traits are true of a status s that has them.
var traits = map[domain.Trait]string{
	domain.HasMedia: `EXISTS (SELECT 1 FROM attachments n WHERE n.status_id = s.id AND n.position >= 0)`,
	domain.HasImage: `EXISTS (SELECT 1 FROM attachments n WHERE n.status_id = s.id AND n.position >= 0 AND n.kind = 'image')`,
	domain.HasVideo: `EXISTS (SELECT 1 FROM attachments n WHERE n.status_id = s.id AND n.position >= 0 AND n.kind IN ('video', 'gifv'))`,
	domain.HasAudio: `EXISTS (SELECT 1 FROM attachments n WHERE n.status_id = s.id AND n.position >= 0 AND n.kind = 'audio')`,
	domain.HasPoll:  `(s.poll_id IS NOT NULL)`,
	domain.HasLink: `(' ' || s.words || ' ' LIKE '% https %' OR ' ' || s.words || ' ' LIKE '% http %'
		OR EXISTS (SELECT 1 FROM status_cards sc JOIN cards c ON c.id = sc.card_id WHERE sc.status_id = s.id AND c.state = 'shown'))`,
	domain.HasEmbed:    `EXISTS (SELECT 1 FROM status_cards sc JOIN cards c ON c.id = sc.card_id WHERE sc.status_id = s.id AND c.state = 'shown' AND c.type IN ('video', 'rich'))`,
	domain.IsReply:     `(s.in_reply_to_id IS NOT NULL OR s.in_reply_to_uri IS NOT NULL)`,
	domain.IsSensitive: `s.sensitive`,
	domain.IsQuote:     `EXISTS (SELECT 1 FROM quotes c WHERE c.status_id = s.id)`,
}
