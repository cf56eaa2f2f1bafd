// Package domain holds the nouns, enums and pure rules that every other
// package speaks: who may see what, what belongs on a home timeline, what an
// error means. It does no I/O and imports the standard library only; anyone
// may import it. All its values are plain data, safe to share once built.
package domain

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// ID names a row: 64 bits, time-ordered (Unix milliseconds << 16 plus a
// sequence), never 0 and never negative. Clients see it as a decimal string.
type ID int64

// MaxID is larger than every id given.
const MaxID ID = math.MaxInt64

// ParseID reads a decimal id. Anything that cannot be an id is ok == false.
func ParseID(s string) (ID, bool) {
	if s == "" || len(s) > 19 || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return ID(n), err == nil && n > 0
}

func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// MarshalJSON writes the id as a JSON string (behaviours 2.2).
func (id ID) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 22)
	b = append(b, '"')
	b = strconv.AppendInt(b, int64(id), 10)
	return append(b, '"'), nil
}

// UnmarshalJSON reads a JSON string or number; null and "" are no id.
func (id *ID) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if s == "" || s == "null" {
		*id = 0
		return nil
	}
	n, ok := ParseID(s)
	if !ok {
		return Errorf(Invalid, "not an id: %.40q", s)
	}
	*id = n
	return nil
}

// Time is the millisecond the id was made for.
func (id ID) Time() time.Time { return time.UnixMilli(int64(id) >> 16).UTC() }

// FirstID is the smallest id of the millisecond of t.
func FirstID(t time.Time) ID { return ID(t.UnixMilli() << 16) }
