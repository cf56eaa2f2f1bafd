package render

import (
	"strconv"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// appendQuote writes what the status quotes, as it stands to the viewer
// (behaviours 17.1, 17.2). Within a quoted status it is only named.
func (p *statusPage) appendQuote(b []byte, s *store.PageStatus, quoted bool) []byte {
	b = append(b, `,"quote":`...)
	if s.Quote.State == "" || s.ReblogOf != 0 {
		return append(b, `null`...)
	}
	state := p.quoteState(s)
	b = append(append(append(b, `{"state":"`...), state...), '"')
	shows := state == string(domain.QuoteAccepted) || s.Quote.Avoided != 0 && s.Quote.State == domain.QuoteAccepted && state != unauthorized
	if quoted {
		b = append(b, `,"quoted_status_id":`...)
		if !shows {
			return append(b, `null}`...)
		}
		b = append(b, '"')
		b = strconv.AppendInt(b, int64(s.Quote.Quoted), 10)
		return append(b, `"}`...)
	}
	b = append(b, `,"quoted_status":`...)
	if shows {
		if full, ok := p.appendAt(b, s.Quote.Quoted, true); ok {
			return append(full, '}')
		}
	}
	return append(b, `null}`...)
}

// unauthorized is the state of a quote of what the viewer may not see.
const unauthorized = "unauthorized"

// quoteState is the state the viewer gets: an accepted quote may be of
// somebody whom the viewer avoids or who hides from the viewer.
func (p *statusPage) quoteState(s *store.PageStatus) string {
	if s.Quote.State != domain.QuoteAccepted {
		return string(s.Quote.State)
	}
	if p.rows[s.Quote.Quoted] == nil || p.fragments[s.Quote.Quoted] == nil {
		return unauthorized
	}
	switch s.Quote.Avoided {
	case store.QuotedBlocked:
		return "blocked_account"
	case store.QuotedDomainBlocked:
		return "blocked_domain"
	case store.QuotedMuted:
		return "muted_account"
	}
	return string(domain.QuoteAccepted)
}

// approvals are the lists of who may quote, by policy.
var approvals = [...]string{domain.QuotePublic: `"public"`, domain.QuoteFollowers: `"followers"`, domain.QuoteNobody: ``}

// appendApproval writes who may quote the status, and whether the viewer may
// (behaviours 17.1).
func (p *statusPage) appendApproval(b []byte, s *store.PageStatus) []byte {
	policy := p.fragments[s.ID].policy
	if !s.Visibility.Listed() {
		policy = domain.QuoteNobody
	}
	may := p.viewer != 0 && s.ReblogOf == 0 &&
		(policy == domain.QuotePublic || policy == domain.QuoteFollowers && s.Flags&store.QuoteFollower != 0 ||
			s.Author.ID == p.viewer && s.Visibility != domain.Direct)
	b = append(append(append(b, `,"quote_approval":{"automatic":[`...), approvals[policy]...), `],"manual":[],"current_user":"`...)
	if may {
		return append(b, `automatic"}`...)
	}
	return append(b, `denied"}`...)
}
