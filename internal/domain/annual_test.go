package domain

import (
	"testing"
	"time"
)

func TestArchetype(t *testing.T) {
	t.Parallel()
	for want, k := range map[Archetype]AnnualKinds{
		ArchetypeLurker:   {Posts: 100, Replies: 12},
		ArchetypeBooster:  {Posts: 50, Boosts: 101},
		ArchetypePollster: {Posts: 200, Polls: 21},
		ArchetypeReplier:  {Posts: 50, Replies: 101},
		ArchetypeOracle:   {Posts: 100, Replies: 200, Boosts: 200, Polls: 10},
	} {
		if got := k.Archetype(); got != want {
			t.Errorf("%+v is a %s, want %s", k, got, want)
		}
	}
}

func TestAnnualCampaign(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]int{"2026-12-09": 0, "2026-12-10": 2026, "2026-12-31": 2026, "2027-01-01": 0, "2026-11-30": 0} {
		at, err := time.Parse(time.DateOnly, day)
		if got := AnnualCampaign(at); err != nil || got != want {
			t.Errorf("%s: %d, want %d (%v)", day, got, want, err)
		}
	}
}
