package domain_test

import (
	"testing"

	"coterie/internal/domain"
)

func TestListsAgree(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what         string
		votes        domain.ListVotes
		set, active  int
		want         domain.Severity
		media        bool
		wantedQuorum int64
	}{
		{"one of one", domain.ListVotes{Named: 1, Limit: 1, Suspend: 1}, 0, 1, domain.SeveritySuspend, false, 1},
		{"one of two", domain.ListVotes{Named: 1, Limit: 1, Suspend: 1}, 0, 2, domain.SeverityNone, false, 2},
		{"the severity that two reach", domain.ListVotes{Named: 3, Limit: 2, Suspend: 1}, 0, 3, domain.SeverityLimit, false, 2},
		{"as many as were set", domain.ListVotes{Named: 3, Limit: 2, Suspend: 1}, 1, 3, domain.SeveritySuspend, false, 1},
		{"media alone", domain.ListVotes{Named: 2, RejectMedia: 2}, 0, 3, domain.SeverityNoop, true, 2},
		{"a word without weight", domain.ListVotes{Named: 2}, 0, 3, domain.SeverityNone, false, 2},
		{"more than there are", domain.ListVotes{Named: 2, Limit: 2, Suspend: 2}, 3, 2, domain.SeverityNone, false, 3},
	} {
		quorum := domain.ListQuorum(c.set, c.active)
		p := c.votes.Agreed(quorum)
		if quorum != c.wantedQuorum || p.Severity != c.want || p.RejectMedia != c.media || !p.ByLists {
			t.Errorf("%s: quorum %d, %+v", c.what, quorum, p)
		}
	}
}
