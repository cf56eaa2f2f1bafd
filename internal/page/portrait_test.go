package page

import "testing"

func TestPortraitsTellPeopleApartAndStayTheirs(t *testing.T) {
	t.Parallel()
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	face := func(p Account) string {
		t.Helper()
		path, err := a.face(p)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	missing := "https://larkspur.social" + MissingAvatar
	seen := map[string]bool{}
	for _, name := range []string{"ana", "ben", "cleo", "dina", "emil", "finn", "gro", "hugo", "ida", "jon", "kim", "leo"} {
		own := face(Account{Handle: name, Avatar: missing})
		if own != face(Account{Handle: name + "@larkspur.social", Avatar: MissingAvatar}) {
			t.Errorf("%s has two faces", name)
		}
		if as := a.byPath[own]; as == nil || as.contentType != "image/svg+xml" {
			t.Errorf("nothing is served at %s", own)
		}
		seen[own] = true
	}
	if len(seen) < 4 {
		t.Errorf("twelve people share %d portraits", len(seen))
	}
	if own := "https://larkspur.social/media/1.png"; face(Account{Handle: "ana", Avatar: own}) != own {
		t.Error("a picture of one's own is not shown")
	}
}
