package post

import (
	"testing"
	"time"

	"coterie/internal/domain"
)

func TestVisibilityOfLimitedAuthors(t *testing.T) {
	t.Parallel()
	limited := &domain.Account{SilencedAt: time.UnixMilli(1)}
	for v, want := range map[domain.Visibility]domain.Visibility{
		domain.Public: domain.Unlisted, domain.Unlisted: domain.Unlisted, domain.Private: domain.Private, domain.Direct: domain.Direct,
	} {
		if got := visibility(limited, &domain.User{}, &v); got != want {
			t.Errorf("a limited author who asks for %s gets %s, want %s", v, got, want)
		}
	}
	if got := visibility(limited, &domain.User{}, nil); got != domain.Unlisted {
		t.Errorf("by default a limited author gets %s, want unlisted", got)
	}
}
