package domain

import (
	"crypto/sha256"
	"math/bits"
	"time"
)

const (
	// MostWork is the hardest proof of work that can be asked for, in bits: each
	// doubles the time it takes.
	MostWork = 24
	// WorkLife is how long a challenge may be answered.
	WorkLife = 2 * time.Hour
)

// Worked reports whether the SHA-256 of text begins with so many zero bits.
func Worked(text string, zeros int) bool {
	sum := sha256.Sum256([]byte(text))
	n := 0
	for _, b := range sum {
		n += bits.LeadingZeros8(b)
		if b != 0 {
			break
		}
	}
	return n >= zeros
}
