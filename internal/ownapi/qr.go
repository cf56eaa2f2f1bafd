package ownapi

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

const (
	codeLength = 500 // bytes of text that still make a code which telephones read
	codeSize   = 480 // pixels of its picture
)

// qr is GET /qr: a text, such as the address of a profile, as a picture to scan.
func (a *API) qr(r *httpkit.Request) (any, error) {
	text := r.Params.StringOr("text", "")
	if text == "" || len(text) > codeLength {
		return nil, domain.Errorf(domain.Invalid, "A QR code can hold 1 to %d bytes of text.", codeLength)
	}
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("make the QR code: %w", err)
	}
	picture, err := barcode.Scale(code, codeSize, codeSize)
	if err != nil {
		return nil, fmt.Errorf("draw the QR code: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("write the QR code: %w", err)
	}
	return struct {
		QR string `json:"qr"` // data: address of a PNG
	}{"data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())}, nil
}
