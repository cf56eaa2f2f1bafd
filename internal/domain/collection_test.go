package domain_test

import (
	"testing"

	"coterie/internal/domain"
)

func TestFeatureStanding(t *testing.T) {
	t.Parallel()
	const who, me = domain.ID(7), domain.ID(8)
	for _, tc := range []struct {
		name   string
		stand  domain.FeatureStanding
		policy domain.FeaturePolicy
		allows bool
	}{
		{"who wants to be found", domain.FeatureStanding{Local: true, Discoverable: true}, domain.FeaturePublic, true},
		{"who does not", domain.FeatureStanding{Local: true, Follows: true}, domain.FeatureNobody, false},
		{"who approves followers, to a stranger", domain.FeatureStanding{Local: true, Discoverable: true, Locked: true}, domain.FeatureFollowers, false},
		{"the same to a follower", domain.FeatureStanding{Local: true, Discoverable: true, Locked: true, Follows: true}, domain.FeatureFollowers, true},
		{"where one blocks the other", domain.FeatureStanding{Local: true, Discoverable: true, Apart: true}, domain.FeaturePublic, false},
		{"who is suspended", domain.FeatureStanding{Local: true, Discoverable: true, Suspended: true}, domain.FeatureNobody, false},
		{"who lives elsewhere", domain.FeatureStanding{Discoverable: true}, domain.FeatureNobody, false},
		{"who says so elsewhere", domain.FeatureStanding{Elsewhere: domain.FeaturePublic}, domain.FeaturePublic, true},
		{"who says so elsewhere and is suspended", domain.FeatureStanding{Elsewhere: domain.FeaturePublic, Suspended: true}, domain.FeatureNobody, false},
	} {
		tc.stand.Account = who
		if got := tc.stand.Policy(); got != tc.policy {
			t.Errorf("%s: policy %d, want %d", tc.name, got, tc.policy)
		}
		if got := tc.stand.Allows(me); got != tc.allows {
			t.Errorf("%s: allows %v", tc.name, got)
		}
		if tc.stand.Allows(0) {
			t.Errorf("%s: nobody in particular may", tc.name)
		}
	}
	if !(domain.FeatureStanding{Account: who, Local: true}).Allows(who) {
		t.Error("one may not show oneself")
	}
}
