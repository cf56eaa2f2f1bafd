package domain

import "testing"

// Names that people would take for each other are folded to one.
func TestFoldName(t *testing.T) {
	t.Parallel()
	for _, like := range []string{"Admin_Bill", "4dmin_b1ll", "adminBi11", "_ADMIN__bILL"} {
		if got := FoldName(like); got != "adminbiii" {
			t.Errorf("%s is folded to %s", like, got)
		}
	}
	if FoldName("rnoderator") != FoldName("moderator") || FoldName("vvilma") != FoldName("wilma") {
		t.Error("rn is no m, or vv no w")
	}
	if FoldName("bob") == FoldName("rob") {
		t.Error("bob is rob")
	}
}
