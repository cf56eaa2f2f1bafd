package fetch

import (
	"crypto"
	"net/http"
	"testing"
)

// BenchmarkArithmetic is the raw rate that signing and checking cannot beat.
func BenchmarkArithmetic(b *testing.B) {
	message := make([]byte, 300)
	for name, key := range map[string]crypto.Signer{"rsa2048": testRSA(b), "ed25519": testEd25519()} {
		sig, err := signBytes(key, message)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("sign/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := signBytes(key, message); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("verify/"+name, func(b *testing.B) {
			for b.Loop() {
				if !verifyBytes(key.Public(), message, sig) {
					b.Fatal("wrong")
				}
			}
		})
	}
}

// BenchmarkSign signs a delivery of about 2 KiB.
func BenchmarkSign(b *testing.B) {
	for _, scheme := range []Scheme{Cavage, RFC9421} {
		for name, key := range map[string]crypto.Signer{"rsa2048": testRSA(b), "ed25519": testEd25519()} {
			b.Run(scheme.String()+"/"+name, func(b *testing.B) {
				r, _ := outgoing(b, http.MethodPost)
				body := make([]byte, 2<<10)
				b.ReportAllocs()
				for b.Loop() {
					if err := Sign(r, body, Key{testKeyID, key}, scheme, signedAt); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkVerify checks a delivery of about 2 KiB.
func BenchmarkVerify(b *testing.B) {
	for _, scheme := range []Scheme{Cavage, RFC9421} {
		for name, key := range map[string]crypto.Signer{"rsa2048": testRSA(b), "ed25519": testEd25519()} {
			b.Run(scheme.String()+"/"+name, func(b *testing.B) {
				out, _ := outgoing(b, http.MethodPost)
				body := make([]byte, 2<<10)
				if err := Sign(out, body, Key{testKeyID, key}, scheme, signedAt); err != nil {
					b.Fatal(err)
				}
				in, lookup := arrived(out), only(testKeyID, key.Public())
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Verify(b.Context(), in, body, lookup, ours()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
