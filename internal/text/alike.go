package text

import (
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How a text is compared: by its runs of so many words, by the smallest of so
// many hashes of them, a few at a time.
const (
	runWords    = 3
	alikeBands  = 12
	bandHashes  = 5
	alikeFewest = 30  // half words of a text that can be compared
	alikeMost   = 200 // words that are looked at
)

// Alike are numbers that tell whether texts are alike: two that have most of
// their runs of three words in common share one of them, others hardly ever
// do. Case, digits, and names and addresses in the text do not count. A text
// of a few words has none.
func Alike(plain string) []int64 {
	words := comparable(plain)
	if weight(words) < alikeFewest {
		return nil
	}
	least := [alikeBands * bandHashes]uint64{}
	for i := range least {
		least[i] = ^uint64(0)
	}
	for i := range len(words) - runWords + 1 {
		h := fnv.New64a()
		for _, w := range words[i : i+runWords] {
			h.Write([]byte(w))
			h.Write([]byte{0})
		}
		run := h.Sum64()
		for k := range least {
			least[k] = min(least[k], scatter(run+uint64(k)*0x9e3779b97f4a7c15))
		}
	}
	out := make([]int64, 0, alikeBands)
	for b := range alikeBands {
		sum := uint64(b)
		for _, x := range least[b*bandHashes : (b+1)*bandHashes] {
			sum = scatter(sum ^ x)
		}
		out = append(out, int64(sum))
	}
	return out
}

// AlikeTo is the number of something that is either the same or not, such as
// a link.
func AlikeTo(thing string) int64 {
	h := fnv.New64a()
	h.Write([]byte(thing))
	return int64(scatter(h.Sum64()))
}

// comparable are the first words of a text without what varies between copies.
func comparable(plain string) []string {
	fields := strings.Fields(plain)
	fields = slices.DeleteFunc(fields, func(f string) bool { return strings.HasPrefix(f, "@") || strings.Contains(f, "://") })
	bare := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, strings.Join(fields[:min(len(fields), alikeMost)], " "))
	words := Words(bare)
	return words[:min(len(words), alikeMost)]
}

// weight counts half words: in a script without spaces a word of ours is a
// pair of characters.
func weight(words []string) int {
	n := 2 * len(words)
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); isUnspaced(r) {
			n--
		}
	}
	return n
}

// scatter mixes all bits of x into each other (SplitMix64).
func scatter(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
