package fetch

import (
	"crypto/ed25519"
	"math/big"

	"coterie/internal/domain"
)

const (
	base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	base58Limit    = 256 // characters: what is read is a key or a signature
)

// EncodeBase58 is multibase base58btc: "z" and the digits.
func EncodeBase58(b []byte) string {
	n, mod, radix := new(big.Int).SetBytes(b), new(big.Int), big.NewInt(58)
	var digits []byte
	for n.Sign() > 0 {
		n.DivMod(n, radix, mod)
		digits = append(digits, base58Alphabet[mod.Int64()])
	}
	for i := 0; i < len(b) && b[i] == 0; i++ {
		digits = append(digits, '1')
	}
	digits = append(digits, 'z')
	for i, j := 0, len(digits)-1; i < j; i, j = i+1, j-1 {
		digits[i], digits[j] = digits[j], digits[i]
	}
	return string(digits)
}

// DecodeBase58 reads multibase base58btc of at most 256 characters.
func DecodeBase58(s string) ([]byte, error) {
	if len(s) < 2 || s[0] != 'z' || len(s) > base58Limit {
		return nil, domain.Errorf(domain.Invalid, "Not a multibase base58btc value")
	}
	n, radix := new(big.Int), big.NewInt(58)
	zeros, leading := 0, true
	for i := 1; i < len(s); i++ {
		digit := base58Digit(s[i])
		if digit < 0 {
			return nil, domain.Errorf(domain.Invalid, "Not a multibase base58btc value")
		}
		if leading = leading && digit == 0; leading {
			zeros++
		}
		n.Mul(n, radix).Add(n, big.NewInt(int64(digit)))
	}
	return append(make([]byte, zeros), n.Bytes()...), nil
}

func base58Digit(c byte) int {
	for i := range len(base58Alphabet) {
		if base58Alphabet[i] == c {
			return i
		}
	}
	return -1
}

// EncodeMultikey is the publicKeyMultibase of an Ed25519 key: base58btc of
// multicodec ed01 and the key (facts 5.2).
func EncodeMultikey(key ed25519.PublicKey) string {
	return EncodeBase58(append([]byte{0xed, 0x01}, key...))
}

// DecodeMultikey reads what EncodeMultikey writes. Other key types are Invalid.
func DecodeMultikey(s string) (ed25519.PublicKey, error) {
	b, err := DecodeBase58(s)
	if err != nil {
		return nil, err
	}
	if len(b) != 2+ed25519.PublicKeySize || b[0] != 0xed || b[1] != 0x01 {
		return nil, domain.Errorf(domain.Invalid, "Not an Ed25519 multikey")
	}
	return ed25519.PublicKey(b[2:]), nil
}
