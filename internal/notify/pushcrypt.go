package notify

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// sealing is what one message is encrypted with: the app's point and secret,
// a key pair of ours and a salt for this message alone.
type sealing struct {
	app  *ecdh.PublicKey
	auth []byte
	own  *ecdh.PrivateKey
	salt []byte // 16 bytes
}

// newSealing draws what is new for each message.
func newSealing(appKey, auth []byte) (*sealing, error) {
	app, err := ecdh.P256().NewPublicKey(appKey)
	if err != nil {
		return nil, err
	}
	own, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	return &sealing{app: app, auth: auth, own: own, salt: salt}, nil
}

// recordSize is the one that every message fits into (RFC 8188): a push
// service need not take a longer body (RFC 8030 section 7.2).
const recordSize = 4096

// maxRecord is the longest record that leaves room for the header of 86 bytes
// and the seal, whichever the encoding.
const maxRecord = recordSize - 86 - aes.BlockSize

// standard is the body in the encoding aes128gcm (RFC 8291).
func (s *sealing) standard(plain []byte) ([]byte, error) {
	secret, err := s.own.ECDH(s.app)
	if err != nil {
		return nil, err
	}
	app, own := s.app.Bytes(), s.own.PublicKey().Bytes()
	ikm, err := hkdf.Key(sha256.New, secret, s.auth, "WebPush: info\x00"+string(app)+string(own), 32)
	if err != nil {
		return nil, err
	}
	body := append([]byte(nil), s.salt...)
	body = binary.BigEndian.AppendUint32(body, recordSize)
	body = append(body, byte(len(own)))
	body = append(body, own...)
	return s.seal(body, ikm, "aes128gcm", "", append(plain[:len(plain):len(plain)], 2)) // 2 ends the last record
}

// legacy is the body in the encoding aesgcm of
// draft-ietf-webpush-encryption-04. Salt and point travel as headers.
func (s *sealing) legacy(plain []byte) ([]byte, error) {
	secret, err := s.own.ECDH(s.app)
	if err != nil {
		return nil, err
	}
	ikm, err := hkdf.Key(sha256.New, secret, s.auth, "Content-Encoding: auth\x00", 32)
	if err != nil {
		return nil, err
	}
	info := []byte("P-256\x00")
	for _, point := range [][]byte{s.app.Bytes(), s.own.PublicKey().Bytes()} {
		info = binary.BigEndian.AppendUint16(info, uint16(len(point)))
		info = append(info, point...)
	}
	return s.seal(nil, ikm, "aesgcm", string(info), append([]byte{0, 0}, plain...)) // no padding
}

// seal appends the record to what stands before it.
func (s *sealing) seal(before, ikm []byte, encoding, info string, record []byte) ([]byte, error) {
	if len(record) > maxRecord {
		return nil, fmt.Errorf("a push message of %d bytes is too long", len(record))
	}
	key, err := hkdf.Key(sha256.New, ikm, s.salt, "Content-Encoding: "+encoding+"\x00"+info, 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, s.salt, "Content-Encoding: nonce\x00"+info, 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return gcm.Seal(before, nonce, record, nil), nil
}
