package store

import (
	"context"
	"strconv"

	"coterie/internal/domain"
)

const policyColumns = `p.id, p.domain, p.severity, p.reject_media, p.reject_reports, p.comment, p.private_comment, p.obfuscate, p.by_lists, p.created_at`

func scanPolicy(w row) (domain.DomainPolicy, error) {
	var p domain.DomainPolicy
	err := w.Scan(&p.ID, &p.Domain, (*string)(&p.Severity), &p.RejectMedia, &p.RejectReports, &p.Comment, &p.Private, &p.Obfuscate, &p.ByLists, &p.CreatedAt)
	return p, err
}

// DomainPolicies are all policies, by domain. They are few: callers keep them.
func (r Reader) DomainPolicies(ctx context.Context) ([]domain.DomainPolicy, error) {
	return all(ctx, r, scanPolicy, `SELECT `+policyColumns+` FROM domain_policies p ORDER BY p.domain`)
}

// SaveDomainPolicy stores or replaces the policy of a domain.
func (tx *Tx) SaveDomainPolicy(p domain.DomainPolicy) error {
	_, err := tx.exec(`INSERT INTO domain_policies (id, domain, severity, reject_media, reject_reports, comment, private_comment, obfuscate, by_lists, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (domain) DO UPDATE SET severity = excluded.severity, reject_media = excluded.reject_media,
			reject_reports = excluded.reject_reports, comment = excluded.comment,
			private_comment = excluded.private_comment, obfuscate = excluded.obfuscate, by_lists = excluded.by_lists`,
		tx.NewID(), p.Domain, p.Severity, p.RejectMedia, p.RejectReports, p.Comment, p.Private, p.Obfuscate, p.ByLists, tx.Now())
	return err
}

// DeleteDomainPolicy removes the policy of a domain.
func (tx *Tx) DeleteDomainPolicy(host string) error {
	return tx.must(`DELETE FROM domain_policies WHERE domain = $1`, host)
}

// AccountsUnder are remote accounts that live at a domain or below it, by
// their handle or their id, with an id above after; at most limit, by id.
func (r Reader) AccountsUnder(ctx context.Context, host string, after domain.ID, limit int) ([]domain.Account, error) {
	return all(ctx, r, scanAccount, `SELECT `+accountColumns+` FROM accounts a LEFT JOIN actors r ON r.account_id = a.id
		WHERE a.id > $1 AND a.domain <> '' AND (`+under("a.domain", 2)+` OR `+under("r.host", 2)+`) ORDER BY a.id LIMIT $3`,
		after, host, limit)
}

// under is true of a host in column c that is the one in argument n, with or
// without port, or below it.
func under(c string, n int) string {
	arg := `$` + strconv.Itoa(n)
	return `(` + c + ` = ` + arg + ` OR ` + c + ` LIKE ` + arg + ` || ':%' OR ` + c + ` LIKE '%.' || ` + arg + ` OR ` + c + ` LIKE '%.' || ` + arg + ` || ':%')`
}

// Ties are follows and requests that an account takes part in, either way; at
// most limit.
func (r Reader) Ties(ctx context.Context, account domain.ID, limit int) ([]domain.Follow, error) {
	return all(ctx, r, scanFollow, `SELECT `+followColumns+` FROM follows f WHERE f.account_id = $1 OR f.target_id = $1 ORDER BY f.id LIMIT $2`,
		account, limit)
}

// FollowsBy are follows and requests by an account; at most limit.
func (r Reader) FollowsBy(ctx context.Context, account domain.ID, limit int) ([]domain.Follow, error) {
	return all(ctx, r, scanFollow, `SELECT `+followColumns+` FROM follows f WHERE f.account_id = $1 ORDER BY f.id LIMIT $2`, account, limit)
}

// DomainPolicyPage are policies, newest first: those that allow, or the others.
func (r Reader) DomainPolicyPage(ctx context.Context, allow bool, p domain.Page) ([]domain.DomainPolicy, error) {
	text := func(order string) string {
		return `SELECT ` + policyColumns + ` FROM domain_policies p WHERE (p.severity = 'allow') = $1 AND p.id > $2 AND p.id < $3 ORDER BY p.id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanPolicy, text("DESC"), text(""), allow)
}

// DomainPolicy is the policy with that id.
func (r Reader) DomainPolicy(ctx context.Context, id domain.ID) (domain.DomainPolicy, error) {
	return one(ctx, r, scanPolicy, `SELECT `+policyColumns+` FROM domain_policies p WHERE p.id = $1`, id)
}

// CutFollow is a follow between somebody here and somebody at a domain.
type CutFollow struct {
	Local, Remote domain.ID
	Following     bool // the one here follows; else they are followed
}

func scanCut(w row) (CutFollow, error) {
	var c CutFollow
	return c, w.Scan(&c.Local, &c.Remote, &c.Following)
}

// cut are the follows f between somebody here, l, and somebody elsewhere, o, at
// the domain in argument 1 or below it where no longer name has a policy of
// its own.
var cut = tied + ` AND ` + under("o.domain", 1) + ` AND NOT EXISTS (SELECT 1 FROM domain_policies x
		WHERE length(x.domain) > length($1) AND (o.domain = x.domain OR o.domain LIKE '%.' || x.domain))`

// CutFollows are at most limit follows that a block of a domain ends.
func (r Reader) CutFollows(ctx context.Context, host string, limit int) ([]CutFollow, error) {
	return all(ctx, r, scanCut, `SELECT l.id, o.id, l.id = f.account_id `+cut+` ORDER BY f.id LIMIT $2`, host, limit)
}

// FollowTally is how many follows there are between people here and those at
// one domain.
type FollowTally struct {
	Domain               string
	Followers, Following int64 // who follow somebody here; whom people here follow
}

// tied are the follows f between somebody here, l, and somebody elsewhere, o.
const tied = `FROM follows f JOIN accounts o ON o.domain <> '' AND (o.id = f.account_id OR o.id = f.target_id)
		JOIN accounts l ON l.domain = '' AND l.id = CASE WHEN o.id = f.account_id THEN f.target_id ELSE f.account_id END
	WHERE NOT f.pending`

// FollowTallies are those of all domains that have any.
func (r Reader) FollowTallies(ctx context.Context) ([]FollowTally, error) {
	return all(ctx, r, func(w row) (FollowTally, error) {
		var t FollowTally
		return t, w.Scan(&t.Domain, &t.Followers, &t.Following)
	}, `SELECT o.domain, COUNT(CASE WHEN o.id = f.account_id THEN 1 END), COUNT(CASE WHEN o.id = f.target_id THEN 1 END) `+tied+
		` GROUP BY o.domain ORDER BY o.domain`)
}

// FollowsAcross are at most limit follows between people here and those at
// these very domains.
func (r Reader) FollowsAcross(ctx context.Context, hosts []string, limit int) ([]CutFollow, error) {
	return all(ctx, r, scanCut, `SELECT l.id, o.id, l.id = f.account_id `+tied+` AND o.domain`+r.inText(1)+` ORDER BY f.id LIMIT $2`, hosts, limit)
}

// KnownHosts are the domains, in handles and in ids, of all accounts elsewhere.
func (r Reader) KnownHosts(ctx context.Context) ([]string, error) {
	return all(ctx, r, column[string], `SELECT a.domain FROM accounts a WHERE a.domain <> '' GROUP BY a.domain UNION SELECT t.host FROM actors t GROUP BY t.host`)
}

// DomainImpact is how much a block of a domain ends, and of whom.
type DomainImpact struct {
	Accounts  int64 // known there
	Statuses  int64 // of theirs
	People    int64 // here who lose follows
	Followers int64 // who follow somebody here
	Following int64 // whom people here follow
}

// DomainImpact counts what a block of a domain ends.
func (r Reader) DomainImpact(ctx context.Context, host string) (DomainImpact, error) {
	return one(ctx, r, func(w row) (DomainImpact, error) {
		var d DomainImpact
		return d, w.Scan(&d.Accounts, &d.Statuses, &d.People, &d.Followers, &d.Following)
	}, `SELECT (SELECT COUNT(*) FROM accounts a WHERE a.domain <> '' AND `+under("a.domain", 1)+`),
			(SELECT COUNT(*) FROM statuses s JOIN accounts a ON a.id = s.account_id WHERE a.domain <> '' AND `+under("a.domain", 1)+`),
			COUNT(DISTINCT l.id), COUNT(CASE WHEN o.id = f.account_id THEN 1 END), COUNT(CASE WHEN o.id = f.target_id THEN 1 END) `+cut, host)
}

// DomainPolicyOf is the policy of that very domain.
func (r Reader) DomainPolicyOf(ctx context.Context, host string) (domain.DomainPolicy, error) {
	return one(ctx, r, scanPolicy, `SELECT `+policyColumns+` FROM domain_policies p WHERE p.domain = $1`, host)
}
