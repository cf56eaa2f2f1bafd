package text_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"coterie/internal/text"
)

func share(a, b string) bool {
	ka := text.Alike(a)
	return slices.ContainsFunc(text.Alike(b), func(k int64) bool { return slices.Contains(ka, k) })
}

func TestAlike(t *testing.T) {
	t.Parallel()
	const spam = "Great news for all of you today: our brand new server is open, join the biggest chat of the summer and win a fine prize at once"
	for what, other := range map[string]string{
		"the same":                        spam,
		"in capitals":                     strings.ToUpper(spam),
		"to other people, with numbers":   "@bob @carol@far.test " + spam + " 77123 https://spam.test/x1",
		"with another word in the middle": strings.Replace(spam, "biggest", "finest", 1),
		"with another name at its end":    spam + " qwertz",
	} {
		if !share(spam, other) {
			t.Errorf("%s: not alike", what)
		}
	}
	for what, other := range map[string]string{
		"something else": "Thank you for the picture of the old bridge, I walked over it as a child and still remember the smell of the river",
		"a near subject": "I hear that a new server has opened today and wonder whether any of you would like to move there together in summer",
	} {
		if share(spam, other) {
			t.Errorf("%s: alike", what)
		}
	}
	for _, few := range []string{"@bob happy birthday to you, and many happy returns!", "フォローありがとうございます、よろしくお願いします"} {
		if got := text.Alike(few); got != nil {
			t.Errorf("%s: %v", few, got)
		}
	}
	japanese := "新しいサーバーができました。今すぐ参加して素敵な賞品を当てましょう。夏の一番大きな集まりです"
	if !share(japanese, "@bob "+japanese+"123") {
		t.Error("without spaces: not alike")
	}
}

// Of many first letters of strangers hardly two are taken for the same.
func TestAlikeIsRare(t *testing.T) {
	t.Parallel()
	words := strings.Fields("garden river bridge winter music book train coffee letter window mountain paper question answer friend morning evening city village picture")
	seen := map[int64]int{}
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var b strings.Builder
		b.WriteString("Hello, I found you through ")
		for range 14 {
			b.WriteString(words[random.IntN(len(words))] + " ")
		}
		for _, k := range text.Alike(b.String()) {
			seen[k]++
		}
	}
	often := 0
	for _, n := range seen {
		if n > 3 {
			often++
		}
	}
	if often > 2 {
		t.Errorf("%d numbers stand for more than three texts", often)
	}
}

func FuzzAlike(f *testing.F) {
	f.Add("one two three four five six seven eight nine")
	f.Add("新しいサーバーができました @bob https://x.test 12")
	f.Fuzz(func(t *testing.T, s string) {
		if n := len(text.Alike(s)); n != 0 && n != 12 {
			t.Errorf("%d numbers", n)
		}
	})
}
