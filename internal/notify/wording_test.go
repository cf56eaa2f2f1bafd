package notify

import (
	"testing"

	"coterie/internal/domain"
	"coterie/internal/locale"
)

func TestEveryTypeHasWords(t *testing.T) {
	t.Parallel()
	for _, l := range locale.All() {
		for _, typ := range domain.NotificationTypes() {
			if !l.Has("notification." + string(typ)) {
				t.Errorf("%s has no words for %s", l.Tag(), typ)
			}
		}
	}
	if got := title(locale.Match("", "de"), domain.NotifyFollow, " ", "carol"); got != "carol folgt dir" {
		t.Errorf("a title without a name: %q", got)
	}
}
