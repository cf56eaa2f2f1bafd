package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"

	"coterie/internal/domain"
)

// Engine is which database stands behind a Store.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// in is "= one of the ids in argument n"; the argument is a []domain.ID.
func (r Reader) in(n int) string { return r.st.engine.anyOf(n, "bigint") }

// inList is "= one of size ids" for the last arguments of a statement, of
// which n-1 come before. SQLite takes parameters faster than a list in JSON.
func (r Reader) inList(n, size int) string {
	size = listSize(size)
	if r.st.engine == Postgres || size == 0 {
		return r.in(n)
	}
	b := append(make([]byte, 0, 5*size+8), " IN ("...)
	for i := range size {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, '$'), int64(n+i), 10)
	}
	return string(append(b, ')'))
}

// listed adds the arguments of inList to others. The last id fills them up, so
// that there are few texts.
func (r Reader) listed(args []any, ids []domain.ID) []any {
	size := listSize(len(ids))
	if r.st.engine == Postgres || size == 0 {
		return append(args, ids)
	}
	for i := range size {
		args = append(args, int64(ids[min(i, len(ids)-1)]))
	}
	return args
}

// listSize is how many parameters carry n ids; 0 asks for a list in JSON.
func listSize(n int) int {
	const step, most = 10, 80
	if n > most {
		return 0
	}
	return (n + step - 1) / step * step
}

// inText is "= one of the texts in argument n"; the argument is a []string.
func (r Reader) inText(n int) string { return r.st.engine.anyOf(n, "text") }

func (e Engine) anyOf(n int, pgType string) string {
	if e == Postgres {
		return " = ANY($" + strconv.Itoa(n) + "::" + pgType + "[])"
	}
	return " IN (SELECT value FROM json_each($" + strconv.Itoa(n) + "))"
}

// entries are the elements of the JSON array in argument n, each e.value.
func (r Reader) entries(n int) string {
	arg := "$" + strconv.Itoa(n)
	if r.st.engine == Postgres {
		return "json_array_elements(CAST(" + arg + " AS json)) AS e (value)"
	}
	return "json_each(" + arg + ") AS e"
}

// pick is the text for the engine at hand, for the few that cannot be shared.
func (r Reader) pick(sqlite, postgres string) string {
	if r.st.engine == Postgres {
		return postgres
	}
	return sqlite
}

// greatest is the function that gives the larger of two values.
func (r Reader) greatest() string { return r.pick(`max`, `greatest`) }

// args makes Go values fit for the driver, see the package comment.
func (e Engine) args(in []any) ([]any, error) {
	out := make([]any, len(in))
	for i, a := range in {
		v, err := e.arg(a)
		if err != nil {
			return nil, fmt.Errorf("argument $%d: %w", i+1, err)
		}
		out[i] = v
	}
	return out, nil
}

func (e Engine) arg(a any) (any, error) {
	switch v := a.(type) {
	case nil, int64, int, bool, float64, []byte:
		return v, nil
	case domain.ID:
		return int64(v), nil
	case string:
		return v, checkText(v)
	case time.Time:
		if v.IsZero() {
			return nil, nil
		}
		return v.UnixMilli(), nil
	case json.RawMessage:
		return string(v), checkText(string(v))
	case []domain.ID:
		return e.list(int64s(v))
	case []string:
		if v == nil {
			v = []string{} // an empty list, not NULL
		}
		for _, s := range v {
			if err := checkText(s); err != nil {
				return nil, err
			}
		}
		return e.list(v)
	case driver.Valuer:
		w, err := v.Value()
		if err != nil {
			return nil, err
		}
		return e.arg(w)
	}
	return e.reflectArg(a)
}

// reflectArg handles pointers (nil is NULL) and named basic types.
func (e Engine) reflectArg(a any) (any, error) {
	v := reflect.ValueOf(a)
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		return e.arg(v.Elem().Interface())
	case reflect.String:
		return v.String(), checkText(v.String())
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint()), nil
	case reflect.Float32:
		return v.Float(), nil
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.String {
			list := make([]string, v.Len())
			for i := range list {
				list[i] = v.Index(i).String()
			}
			return e.arg(list)
		}
	}
	return nil, fmt.Errorf("cannot store a %T", a)
}

func int64s(ids []domain.ID) []int64 {
	out := make([]int64, len(ids))
	for i, id := range ids {
		out[i] = int64(id)
	}
	return out
}

// list is v, a slice that is not nil, as the engine takes lists.
func (e Engine) list(v any) (any, error) {
	if e == Postgres {
		return v, nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

var errBadText = errors.New("text is not UTF-8 or has U+0000 in it")

func checkText(s string) error {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return errBadText
	}
	return nil
}

// trouble is what a driver's error means.
type trouble uint8

const (
	otherTrouble trouble = iota
	primaryKeyTaken
	uniqueTaken
	referenceMissing
	ruleBroken
	lostRace // PostgreSQL asks for another try
	diskFull
	notNow // busy, or the connection broke
	gaveUp // the caller's context ended
)

func troubleOf(err error) trouble {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return gaveUp
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pgTrouble(pg)
	}
	if code := sqliteCode(err); code != 0 {
		return sqliteTrouble(code)
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || errors.Is(err, driver.ErrBadConn) {
		return notNow
	}
	return otherTrouble
}

func pgTrouble(e *pgconn.PgError) trouble {
	switch {
	case e.Code == "23505" && strings.HasSuffix(e.ConstraintName, "_pkey"):
		return primaryKeyTaken
	case e.Code == "23505":
		return uniqueTaken
	case e.Code == "23503":
		return referenceMissing
	case e.Code == "23502" || e.Code == "23514":
		return ruleBroken
	case e.Code == "40001" || e.Code == "40P01":
		return lostRace
	case e.Code == "53100":
		return diskFull
	case strings.HasPrefix(e.Code, "08"), strings.HasPrefix(e.Code, "53"), strings.HasPrefix(e.Code, "57P"):
		return notNow
	}
	return otherTrouble
}

func sqliteTrouble(code int) trouble {
	switch code {
	case 1555, 2579: // SQLITE_CONSTRAINT_PRIMARYKEY, _ROWID
		return primaryKeyTaken
	case 2067: // SQLITE_CONSTRAINT_UNIQUE
		return uniqueTaken
	case 787: // SQLITE_CONSTRAINT_FOREIGNKEY
		return referenceMissing
	case 1299, 275: // SQLITE_CONSTRAINT_NOTNULL, _CHECK
		return ruleBroken
	}
	switch code & 0xff {
	case 5, 6: // SQLITE_BUSY, SQLITE_LOCKED
		return notNow
	case 9: // SQLITE_INTERRUPT
		return gaveUp
	case 13: // SQLITE_FULL
		return diskFull
	}
	return otherTrouble
}

// translate turns a driver's error into a domain error. Errors that are
// already the domain's stay as they are.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var known *domain.Error
	if errors.As(err, &known) {
		return err
	}
	switch troubleOf(err) {
	case primaryKeyTaken, uniqueTaken:
		return &domain.Error{Kind: domain.Conflict, Op: "store", Msg: "This record exists already", Err: err}
	case referenceMissing:
		return &domain.Error{Kind: domain.Conflict, Op: "store", Msg: "Something this refers to is gone", Err: err}
	case ruleBroken:
		return &domain.Error{Kind: domain.Invalid, Op: "store", Msg: "This record breaks a rule", Err: err}
	case diskFull:
		return &domain.Error{Kind: domain.Unavailable, Op: "store", Msg: "The disk is full", Err: err}
	case lostRace, notNow:
		return &domain.Error{Kind: domain.Unavailable, Op: "store", Msg: "The database is busy, please try again", Err: err}
	case gaveUp:
		return &domain.Error{Kind: domain.Unavailable, Op: "store", Msg: "This took too long", Err: err}
	}
	return fmt.Errorf("store: %w", err)
}
