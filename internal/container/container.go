// Package container reads the boxes that video and sound come in, without
// decoding what is in them: it tells whether a file plays everywhere as it is,
// and takes out what is private in it, such as places, dates, titles and
// covers. It is what a server without ffmpeg does. Level 1: media may import
// it. Pure functions, safe for concurrent use; what they are given may be
// changed in place.
package container

import (
	"errors"
	"time"
)

// Info is what a file says of itself.
type Info struct {
	Video, Audio  bool
	Width, Height int // pixels
	Duration      time.Duration
}

// Errors of files that are not taken as they are.
var (
	ErrBroken = errors.New("the file is damaged")
	// ErrConvert is of files that do not play everywhere, or from which what is
	// private cannot be taken.
	ErrConvert = errors.New("the file would have to be converted")
)

// maxDuration bounds what a file says of its length.
const maxDuration = 1000 * time.Hour

// duration is n ticks at so many a second.
func duration(n, rate uint64) time.Duration {
	if rate == 0 || n/rate > uint64(maxDuration/time.Second) {
		return 0
	}
	return time.Duration(float64(n) / float64(rate) * float64(time.Second)).Round(time.Millisecond)
}
