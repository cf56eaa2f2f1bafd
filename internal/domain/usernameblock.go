package domain

import (
	"strings"
	"time"
)

// UsernameBlock keeps names from being taken by signing up, however they are
// spelt.
type UsernameBlock struct {
	ID            ID
	Username      string
	Exact         bool // else whatever contains it
	AllowApproval bool // they may ask to be let in
	CreatedAt     time.Time
}

// LeastContained is how long a name must be, once folded, to bar all that
// contain it: shorter ones would bar nearly everybody.
const LeastContained = 3

// FoldName is a name without case and underscores, with signs that look alike
// made one: names that people would take for each other are the same.
func FoldName(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '_':
			return -1
		case '0':
			return 'o'
		case '1', 'l':
			return 'i'
		case '2':
			return 'z'
		case '3':
			return 'e'
		case '4':
			return 'a'
		case '5':
			return 's'
		case '6', '9':
			return 'g'
		case '7':
			return 't'
		case '8':
			return 'b'
		}
		return r
	}, strings.NewReplacer("vv", "w", "rn", "m").Replace(strings.ToLower(name)))
}
