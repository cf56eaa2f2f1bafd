package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// PageAccount is what changes about an account without its rev being raised,
// and the rev itself.
type PageAccount struct {
	ID             domain.ID
	Rev            int64
	MovedTo        domain.ID
	StatusesCount  int64
	FollowersCount int64
	FollowingCount int64
	LastStatusAt   time.Time
}

// PageStatus is what must be asked anew each time a status is shown: its rev,
// its counts and how the viewer stands to it. Everything else follows from
// the id and the revs.
type PageStatus struct {
	ID              domain.ID
	Rev             int64
	ReblogOf        domain.ID
	Poll            domain.ID
	Visibility      domain.Visibility
	RepliesCount    int64
	ReblogsCount    int64
	FavouritesCount int64
	QuotesCount     int64
	Author          PageAccount
	Flags           StatusFlags
	Quote           PageQuote
}

// PageQuote is how the quote of a status stands, "" for none, and what the
// viewer thinks of who is quoted.
type PageQuote struct {
	State   domain.QuoteState
	Quoted  domain.ID // 0: not known here
	Avoided QuoteAvoided
}

// QuoteAvoided says why a viewer would rather not see what is quoted.
type QuoteAvoided uint8

const (
	QuotedBlocked QuoteAvoided = 1 + iota
	QuotedDomainBlocked
	QuotedMuted
)

// StatusFlags are the viewer's marks on a status.
type StatusFlags uint8

const (
	Favourited StatusFlags = 1 << iota
	Reblogged
	Bookmarked
	ThreadMuted
	Pinned
	QuoteFollower // may quote it as a follower
	Voted         // in its poll; asked by PageViews alone
)

const pageAccountColumns = `a.id, a.rev, a.moved_to_id, a.statuses_count, a.followers_count, a.following_count, a.last_status_at`

func (a *PageAccount) columns() []any {
	return []any{&a.ID, &a.Rev, &a.MovedTo, &a.StatusesCount, &a.FollowersCount, &a.FollowingCount, &a.LastStatusAt}
}

func scanPageAccount(w row) (PageAccount, error) {
	var a PageAccount
	err := w.Scan(a.columns()...)
	return a, err
}

// pageFlags and pageQuote are flagsFor and quoteFor the viewer in argument 1 at
// the time in argument 2.
var (
	pageFlags = flagsFor("$1")
	pageQuote = quoteFor("$1", "$2")
)

// flagsFor are the StatusFlags of the viewer that is the expression v. They ask
// as little as they can: where nobody favourited or boosted a local status, and
// where the viewer never bookmarked or muted anything, no row is looked for.
func flagsFor(v string) string {
	return `CASE WHEN (s.favourites_count > 0 OR NOT s.local)
			AND EXISTS (SELECT 1 FROM favourites f WHERE f.account_id = ` + v + ` AND f.status_id = s.id) THEN 1 ELSE 0 END
	+ CASE WHEN (s.reblogs_count > 0 OR NOT s.local)
			AND EXISTS (SELECT 1 FROM statuses b WHERE b.reblog_of_id = s.id AND b.account_id = ` + v + `) THEN 2 ELSE 0 END
	+ CASE WHEN EXISTS (SELECT 1 FROM bookmarks k WHERE k.account_id = ` + v + `)
			AND EXISTS (SELECT 1 FROM bookmarks k WHERE k.account_id = ` + v + ` AND k.status_id = s.id) THEN 4 ELSE 0 END
	+ CASE WHEN EXISTS (SELECT 1 FROM thread_mutes t WHERE t.account_id = ` + v + `)
			AND EXISTS (SELECT 1 FROM thread_mutes t WHERE t.account_id = ` + v + ` AND t.conversation_id = s.conversation_id) THEN 8 ELSE 0 END
	+ CASE WHEN s.account_id = ` + v + ` AND EXISTS (SELECT 1 FROM pins p WHERE p.account_id = ` + v + ` AND p.status_id = s.id) THEN 16 ELSE 0 END
	+ CASE WHEN s.quote_policy = 1
			AND EXISTS (SELECT 1 FROM follows qf WHERE qf.account_id = ` + v + ` AND qf.target_id = s.account_id AND NOT qf.pending) THEN 32 ELSE 0 END`
}

// quoteFor are the columns of PageQuote, of a quote in alias q, for the viewer
// that is the expression v at the time that is the expression now.
func quoteFor(v, now string) string {
	return `q.state, q.quoted_id, CASE
	WHEN q.quoted_account_id IS NULL THEN 0
	WHEN EXISTS (SELECT 1 FROM blocks qb WHERE qb.account_id = ` + v + ` AND qb.target_id = q.quoted_account_id) THEN 1
	WHEN EXISTS (SELECT 1 FROM user_domain_blocks qd JOIN accounts qa ON qa.domain = qd.domain
		WHERE qd.account_id = ` + v + ` AND qa.id = q.quoted_account_id) THEN 2
	WHEN EXISTS (SELECT 1 FROM mutes qm WHERE qm.account_id = ` + v + ` AND qm.target_id = q.quoted_account_id
		AND (qm.expires_at IS NULL OR qm.expires_at > ` + now + `)) THEN 3 ELSE 0 END`
}

// pageColumns are what the columns of pageStatusColumns are read into.
type pageColumns struct {
	s                 PageStatus
	visibility, flags int64
}

func (c *pageColumns) into() []any {
	s := &c.s
	return append([]any{
		&s.ID, &s.Rev, &s.ReblogOf, &s.Poll, &c.visibility,
		&s.RepliesCount, &s.ReblogsCount, &s.FavouritesCount, &s.QuotesCount, &c.flags,
		(*string)(&s.Quote.State), &s.Quote.Quoted, &s.Quote.Avoided,
	}, s.Author.columns()...)
}

func (c *pageColumns) status() PageStatus {
	c.s.Visibility, c.s.Flags = domain.Visibility(c.visibility), StatusFlags(c.flags)
	return c.s
}

const pageStatusColumns = `s.id, s.rev, s.reblog_of_id, s.poll_id, s.visibility,
			s.replies_count, s.reblogs_count, s.favourites_count, s.quotes_count`

// PageStatuses are those of the statuses with these ids that the viewer may
// see, in no order; what they boost is asked for by its own id. One statement.
// The outer join, which every status passes, has both engines begin with the
// statuses, whatever they know of the tables' sizes.
func (r Reader) PageStatuses(ctx context.Context, viewer domain.ID, ids []domain.ID) ([]PageStatus, error) {
	return r.pageStatuses(ctx, viewer, visible("s", "a", 1), ids)
}

// ReportedStatuses are these statuses for the staff, whoever may see them and
// without anybody's marks.
func (r Reader) ReportedStatuses(ctx context.Context, ids []domain.ID) ([]PageStatus, error) {
	return r.pageStatuses(ctx, 0, `a.id IS NOT NULL`, ids)
}

func (r Reader) pageStatuses(ctx context.Context, viewer domain.ID, seen string, ids []domain.ID) ([]PageStatus, error) {
	out := make([]PageStatus, 0, len(ids))
	// This is the statement of every page: its rows share what they are read into.
	var c pageColumns
	into := c.into()
	err := r.each(r.brief(ctx), func(w row) error {
		if err := w.Scan(into...); err != nil {
			return err
		}
		out = append(out, c.status())
		return nil
	}, `SELECT `+pageStatusColumns+`, `+pageFlags+`, `+pageQuote+`, `+pageAccountColumns+`
		FROM statuses s LEFT JOIN accounts a ON a.id = s.account_id LEFT JOIN quotes q ON q.status_id = s.id
		WHERE `+seen+` AND s.id`+r.inList(3, len(ids)), r.listed([]any{viewer, r.st.Now()}, ids)...)
	return out, err
}

// PageView is a PageStatus of one of several viewers.
type PageView struct {
	Viewer domain.ID
	PageStatus
}

// PageViews are PageStatuses for several viewers of this community, in no
// order, Voted among the flags. One statement.
func (r Reader) PageViews(ctx context.Context, viewers, ids []domain.ID) ([]PageView, error) {
	out := make([]PageView, 0, len(viewers)*len(ids))
	var viewer domain.ID
	var c pageColumns
	into := append([]any{&viewer}, c.into()...)
	err := r.each(ctx, func(w row) error {
		if err := w.Scan(into...); err != nil {
			return err
		}
		out = append(out, PageView{viewer, c.status()})
		return nil
	}, `SELECT v.id, `+pageStatusColumns+`, `+flagsFor("v.id")+`
			+ CASE WHEN s.poll_id IS NOT NULL AND EXISTS (SELECT 1 FROM poll_votes pv WHERE pv.poll_id = s.poll_id AND pv.account_id = v.id) THEN 64 ELSE 0 END,
			`+quoteFor("v.id", "$1")+`, `+pageAccountColumns+`
		FROM statuses s LEFT JOIN accounts a ON a.id = s.account_id LEFT JOIN quotes q ON q.status_id = s.id CROSS JOIN accounts v
		WHERE v.id`+r.in(2)+` AND s.id`+r.in(3)+` AND `+visibleTo("s", "a", "v.id"), r.st.Now(), viewers, ids)
	return out, err
}

// PageAccounts are the revs and counts of these accounts, in no order.
func (r Reader) PageAccounts(ctx context.Context, ids []domain.ID) ([]PageAccount, error) {
	return all(ctx, r, scanPageAccount, `SELECT `+pageAccountColumns+` FROM accounts a WHERE a.id`+r.in(1), ids)
}

// PageTexts are the statuses with these ids in no order, whoever looks: the
// caller has asked PageStatuses who may see them.
func (r Reader) PageTexts(ctx context.Context, ids []domain.ID) ([]domain.Status, error) {
	return all(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s WHERE s.id`+r.in(1), ids)
}

// PageMention is an account named in a status, as far as a link needs it.
type PageMention struct {
	Status  domain.ID
	Account domain.Account // ID, Username, Domain, URI and URL only
}

func scanPageMention(w row) (PageMention, error) {
	var m PageMention
	a := &m.Account
	err := w.Scan(&m.Status, &a.ID, &a.Username, &a.Domain, &a.URI, &a.URL)
	return m, err
}

// PageMentions are the people named in these statuses, the silent ones left
// out, in the order of the mentions (behaviours 8.5).
func (r Reader) PageMentions(ctx context.Context, statuses []domain.ID) ([]PageMention, error) {
	return all(ctx, r, scanPageMention, `SELECT m.status_id, a.id, a.username, a.domain, a.uri, a.url
		FROM mentions m JOIN accounts a ON a.id = m.account_id
		WHERE m.status_id`+r.in(1)+` AND NOT m.silent ORDER BY m.id`, statuses)
}

// PageNames are the accounts with one of these user names, of any domain, as
// far as a link needs them.
func (r Reader) PageNames(ctx context.Context, usernames []string) ([]domain.Account, error) {
	keys := make([]string, len(usernames))
	for i, u := range usernames {
		keys[i] = domain.NameKey(u)
	}
	return all(ctx, r, func(w row) (domain.Account, error) {
		var a domain.Account
		err := w.Scan(&a.ID, &a.Username, &a.Domain, &a.URI, &a.URL)
		return a, err
	}, `SELECT a.id, a.username, a.domain, a.uri, a.url FROM accounts a
		WHERE a.username_key`+r.inText(1)+` AND a.suspended_at IS NULL ORDER BY a.id LIMIT 1000`, keys)
}

// PageTag is a hashtag of a status.
type PageTag struct {
	Status domain.ID
	Name   string
}

// PageTags are the hashtags of these statuses.
func (r Reader) PageTags(ctx context.Context, statuses []domain.ID) ([]PageTag, error) {
	return all(ctx, r, func(w row) (PageTag, error) {
		var t PageTag
		err := w.Scan(&t.Status, &t.Name)
		return t, err
	}, `SELECT st.status_id, t.name FROM status_tags st JOIN tags t ON t.id = st.tag_id
		WHERE st.status_id`+r.in(1)+` ORDER BY st.status_id, t.id`, statuses)
}

// PageApps are the names and addresses of these applications.
func (r Reader) PageApps(ctx context.Context, ids []domain.ID) ([]domain.App, error) {
	return all(ctx, r, func(w row) (domain.App, error) {
		var a domain.App
		err := w.Scan(&a.ID, &a.Name, &a.Website)
		return a, err
	}, `SELECT id, name, website FROM apps WHERE id`+r.in(1), ids)
}

// PageUsers are the logins of these accounts as far as a profile shows them:
// role and preferences.
func (r Reader) PageUsers(ctx context.Context, accounts []domain.ID) ([]domain.User, error) {
	return all(ctx, r, scanUser, `SELECT `+userColumns+` FROM users u JOIN roles ro ON ro.key = u.role WHERE u.account_id`+r.in(1), accounts)
}

// PagePoll is a poll and what the viewer has voted for.
type PagePoll struct {
	domain.Poll
	Own []int // choices of the viewer, ascending
}

// PagePolls are these polls with their options and the viewer's votes. The
// caller has asked who may see their statuses.
func (r Reader) PagePolls(ctx context.Context, viewer domain.ID, ids []domain.ID) ([]PagePoll, error) {
	out := []PagePoll{}
	err := r.each(ctx, func(w row) error {
		var p PagePoll
		var o domain.PollOption
		var choice int
		var voted bool
		err := w.Scan(&p.ID, &p.Status, &p.Account, &p.Multiple, &p.HideTotals, &p.ExpiresAt, &p.EndedAt,
			&p.VotesCount, &p.VotersCount, &choice, &o.Title, &o.Votes, &voted)
		if n := len(out); n == 0 || out[n-1].ID != p.ID {
			out = append(out, p)
		}
		last := &out[len(out)-1]
		last.Options = append(last.Options, o)
		if voted {
			last.Own = append(last.Own, choice)
		}
		return err
	}, `SELECT p.id, p.status_id, p.account_id, p.multiple, p.hide_totals, p.expires_at, p.ended_at,
			p.votes_count, p.voters_count, o.choice, o.title, o.votes,
			EXISTS (SELECT 1 FROM poll_votes v WHERE v.poll_id = p.id AND v.choice = o.choice AND v.account_id = $1)
		FROM polls p JOIN poll_options o ON o.poll_id = p.id WHERE p.id`+r.in(2)+` ORDER BY p.id, o.choice`, viewer, ids)
	return out, err
}
