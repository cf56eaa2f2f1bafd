package ownapi_test

import (
	"net/http"
	"testing"

	"coterie/internal/testkit"
)

// What a decision about a server ended is there to look at, for whom it
// concerns alone (SEC-31).
func TestSEC31_WhatEndedIsForThoseItConcerns(t *testing.T) {
	t.Parallel()
	for engine, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			one, two := testkit.Pair(t, options...)
			one.FollowElsewhere("bob", two.Handle("carol"))
			one.FollowElsewhere("bob", two.Handle("dave"))
			two.FollowElsewhere("carol", one.Handle("bob"))
			one.FollowElsewhere("alice", two.Handle("dave"))
			one.Settle()
			bob, alice := one.As("bob").In(t), one.As("alice").In(t)
			if got := bob.GET(base + "/severed_relationships").List(); len(got) != 0 {
				t.Fatalf("before: %v", got)
			}
			bob.POST("/api/v1/domain_blocks", testkit.F("domain", two.Config.Domain)).OK()
			one.Settle()
			list := bob.GET(base + "/severed_relationships").List()
			if len(list) != 1 || list[0].Str("type") != "user_domain_block" || list[0].Str("target_name") != two.Config.Domain ||
				list[0].Num("followers_count") != 1 || list[0].Num("following_count") != 2 || list[0].Str("created_at") == "" {
				t.Fatalf("after: %v", list)
			}
			file := func(cl *testkit.Client, name string) string {
				return string(cl.GET(base + "/severed_relationships/" + list[0].Str("id") + "/" + name).OK().Body)
			}
			if got, want := file(bob, "followers.csv"), two.Handle("carol")+"\n"; got != want {
				t.Errorf("followers: %q, want %q", got, want)
			}
			want := "Account address,Show boosts,Notify on new posts,Languages\n" + two.Handle("carol") + ",true,false,\n" + two.Handle("dave") + ",true,false,\n"
			if got := file(bob, "following.csv"); got != want {
				t.Errorf("following: %q, want %q", got, want)
			}
			if got := alice.GET(base + "/severed_relationships").List(); len(got) != 0 {
				t.Errorf("somebody else is told: %v", got)
			}
			for _, name := range []string{"followers.csv", "following.csv"} {
				alice.GET(base + "/severed_relationships/" + list[0].Str("id") + "/" + name).Error(http.StatusNotFound)
			}
		})
	}
}
