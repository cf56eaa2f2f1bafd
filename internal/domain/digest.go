package domain

import (
	"crypto/sha256"
	"encoding/hex"
)

// FollowersDigest is the XOR of the SHA-256 of each follower's id, in hex;
// zeros for none (FEP-8fcf).
func FollowersDigest(ids []string) string {
	var sum [sha256.Size]byte
	for _, id := range ids {
		h := sha256.Sum256([]byte(id))
		for i := range sum {
			sum[i] ^= h[i]
		}
	}
	return hex.EncodeToString(sum[:])
}
