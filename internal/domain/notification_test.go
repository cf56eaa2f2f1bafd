package domain

import (
	"testing"
	"time"
)

// TestPolicyVerdict is behaviours 13.4: each line is one sender and what each
// part of the policy would do to it alone.
func TestPolicyVerdict(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	old, yesterday := now.AddDate(-1, 0, 0), now.AddDate(0, 0, -1)
	parts := []string{"not following", "not followers", "new accounts", "private mentions", "limited accounts", "bots"}
	policy := func(part string, v Verdict) NotificationPolicy {
		p := NotificationPolicy{VerdictAccept, VerdictAccept, VerdictAccept, VerdictAccept, VerdictAccept, VerdictAccept}
		*map[string]*Verdict{
			"not following": &p.NotFollowing, "not followers": &p.NotFollowers, "new accounts": &p.NewAccounts,
			"private mentions": &p.PrivateMentions, "limited accounts": &p.LimitedAccounts, "bots": &p.Bots,
		}[part] = v
		return p
	}
	for name, row := range map[string]struct {
		sender Sender
		hits   map[string]bool
	}{
		"stranger":           {Sender{Since: old}, map[string]bool{"not following": true, "not followers": true}},
		"old follower":       {Sender{Since: old, FollowedBack: old}, map[string]bool{"not following": true}},
		"new follower":       {Sender{Since: old, FollowedBack: yesterday}, map[string]bool{"not following": true, "not followers": true}},
		"followed":           {Sender{Since: old, Followed: true}, map[string]bool{"not followers": true}},
		"friend":             {Sender{Since: old, Followed: true, FollowedBack: old}, nil},
		"new account":        {Sender{Since: yesterday}, map[string]bool{"not following": true, "not followers": true, "new accounts": true}},
		"new but followed":   {Sender{Since: yesterday, Followed: true, FollowedBack: old}, nil},
		"private mention":    {Sender{Since: old, Private: true, FollowedBack: old}, map[string]bool{"not following": true, "private mentions": true}},
		"private by friend":  {Sender{Since: old, Private: true, Followed: true, FollowedBack: old}, nil},
		"limited":            {Sender{Since: old, Limited: true, FollowedBack: old}, map[string]bool{"not following": true, "limited accounts": true}},
		"limited but friend": {Sender{Since: old, Limited: true, Followed: true, FollowedBack: old}, nil},
		"bot":                {Sender{Since: old, Bot: true, FollowedBack: old}, map[string]bool{"not following": true, "bots": true}},
		"permitted":          {Sender{Since: yesterday, Limited: true, Bot: true, Private: true, Permitted: true}, nil},
	} {
		for _, part := range parts {
			for _, v := range []Verdict{VerdictAccept, VerdictFilter, VerdictDrop} {
				want := VerdictAccept
				if row.hits[part] {
					want = v
				}
				if got := policy(part, v).Verdict(row.sender, now); got != want {
					t.Errorf("%s, %s %s: got %s, want %s", name, part, v, got, want)
				}
			}
		}
	}
	both := policy("bots", VerdictFilter)
	both.NotFollowing = VerdictDrop
	if got := both.Verdict(Sender{Since: old, Bot: true}, now); got != VerdictDrop {
		t.Errorf("the strictest word counts: %s", got)
	}
}
