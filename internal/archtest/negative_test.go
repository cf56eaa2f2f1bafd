package archtest

import (
	"strings"
	"testing"
)

// TestEachLawCanFail shows each rule a snippet that breaks it and one that
// does not.
func TestEachLawCanFail(t *testing.T) {
	t.Parallel()
	for _, c := range cases {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			var got []string
			s := snippet(t, c.room, c.code)
			for _, l := range laws {
				if l.name == c.law {
					got = l.check(s)
				}
			}
			all := strings.Join(got, "\n")
			if c.want == "" && all != "" {
				t.Fatalf("allowed code was refused:\n%s", all)
			}
			if c.want != "" && !strings.Contains(all, c.want) {
				t.Fatalf("want a failure with %q, got %q", c.want, all)
			}
		})
	}
}

type negative struct {
	title, law, room, code, want string // no want: allowed
}

var cases = []negative{
	{"import goes up", "imports", "domain", `package domain; import _ "coterie/internal/store"`, "goes up (level 0 to level 2)"},
	{"import goes sideways", "imports", "post", `package post; import _ "coterie/internal/relation"`, "goes sideways (level 5"},
	{"import not in the row", "imports", "render", `package render; import _ "coterie/internal/fetch"`, "does not list"},
	{"import of testkit", "imports", "post", `package post; import _ "coterie/internal/testkit"`, "for tests and tools"},
	{"import of an unknown package", "imports", "post", `package post; import _ "coterie/internal/util"`, "does not have"},
	{"package not in the table", "imports", "util", `package util`, "no such package"},
	{"sub-package not in the table", "imports", "store/sqlite", `package sqlite`, "no such package"},
	{"database outside store", "imports", "post", `package post; import _ "database/sql"`, "Only store knows the database"},
	{"import goes down", "imports", "post", `package post; import _ "coterie/internal/store"`, ""},
	{"instance imports all", "imports", "instance", `package instance; import _ "coterie/internal/mastoapi"`, ""},

	{"init", "init", "post", `package post; func init() {}`, "init function"},
	{"method called init", "init", "post", `package post; type t int; func (t) init() {}`, ""},

	{"no comment", "comment", "post", `package post`, "no package comment"},
	{"empty comment", "comment", "post", "// Something.\npackage post", "no package comment"},
	{"comment", "comment", "post", "// Package post composes.\npackage post", ""},

	{"clock", "uses", "post", `package post; import "time"; var t = time.Now`, "reads the clock"},
	{"elapsed", "uses", "post", `package post; import "time"; func f(t time.Time) time.Duration { return time.Since(t) }`, "reads the clock"},
	{"clock in instance", "uses", "instance", `package instance; import "time"; var t = time.Now()`, ""},
	{"clock in testkit", "uses", "testkit", `package testkit; import "time"; var t = time.Now()`, ""},
	{
		"socket deadline", "uses", "stream",
		`package stream; import ("net"; "time"); func f(c net.Conn) error { return c.SetReadDeadline(time.Now().Add(time.Second)) }`, "",
	},
	{"environment", "uses", "store", `package store; import "os"; var v = os.Getenv("X")`, "reads the environment"},
	{"environment by lookup", "uses", "store", `package store; import "os"; var v, _ = os.LookupEnv("X")`, "reads the environment"},
	{"environment in cmd", "uses", "cmd/coterie", `package main; import "os"; var v = os.Environ()`, ""},
	{"default client", "uses", "fetch", `package fetch; import "net/http"; var c = http.DefaultClient`, "default client"},
	{"default mux", "uses", "webui", `package webui; import "net/http"; func f() { http.Handle("/", nil) }`, "default client, mux"},
	{
		"default registry", "uses", "job",
		`package job; import "github.com/prometheus/client_golang/prometheus"; func f(c prometheus.Collector) { prometheus.MustRegister(c) }`, "default registry",
	},
	{
		"own registry", "uses", "job",
		`package job; import "github.com/prometheus/client_golang/prometheus"; func f(r *prometheus.Registry, c prometheus.Collector) { r.MustRegister(c) }`, "",
	},
	{"default logger", "uses", "job", `package job; import "log/slog"; func f() { slog.Info("x") }`, "logger of the process"},
	{"SEC-25 second client", "uses", "remote", `package remote; import "net/http"; func f() { c := http.Client{}; c.Get("x") }`, "SEC-25"},
	{"SEC-25 dial", "uses", "notify", `package notify; import "net"; func f() { net.Dial("tcp", "x") }`, "SEC-25"},
	{"SEC-25 control socket", "uses", "instance", `package instance; import "net"; func f() { net.Dial("unix", "x") }`, ""},
	{"SEC-25 the client", "uses", "fetch", `package fetch; import "net/http"; func f() { c := http.Client{}; c.Get("x") }`, ""},

	{"variable assigned", "variables", "post", `package post; var n int; func f() { n = 1 }`, "changed after its declaration"},
	{"variable counted", "variables", "post", `package post; var n int; func f() { n++ }`, "changed after its declaration"},
	{"field assigned", "variables", "post", `package post; var n struct{ a int }; func f() { n.a = 1 }`, "changed after its declaration"},
	{"map written", "variables", "post", `package post; var m = map[int]int{}; func f() { m[1] = 2 }`, "changed after its declaration"},
	{"map deleted from", "variables", "post", `package post; var m = map[int]int{}; func f() { delete(m, 1) }`, "changed after its declaration"},
	{"address taken", "variables", "post", `package post; var n int; func g(*int); func f() { g(&n) }`, "changed after its declaration"},
	{"method by pointer", "variables", "post", `package post; type t int; func (*t) set() {}; var n t; func f() { n.set() }`, "changed after its declaration"},
	{"other's variable", "variables", "post", `package post; import "net/http"; func f() { http.DefaultTransport = nil }`, "changed after its declaration"},
	{"pool", "variables", "post", `package post; import "sync"; var p sync.Pool`, "sync.Pool"},
	{"hidden mutex", "variables", "post", `package post; import "sync"; type c struct{ mu sync.Mutex }; var p = &c{}`, "sync.Mutex"},
	{"atomic", "variables", "post", `package post; import "sync/atomic"; var p atomic.Int64`, "sync/atomic.Int64"},
	{"channel", "variables", "post", `package post; var c = make(chan int)`, "channel"},
	{"collector", "variables", "post", `package post; import "github.com/prometheus/client_golang/prometheus"; var c prometheus.Counter`, "prometheus"},
	{
		"what may be", "variables", "post", `package post
		import ("embed"; "errors"; "html/template"; "regexp")
		var (
			errGone = errors.New("gone")
			word    = regexp.MustCompile("a")
			shell   = template.Must(template.New("x").Parse("x"))
			files   embed.FS
			table   = map[string][]int{"a": {1}}
			version = "dev"
		)
		var _ error = errGone
		func f(w string) (int, bool) { b, _ := files.ReadFile(w); table := map[string]int{}; table["x"] = 1; return len(b), word.MatchString(w) }`, "",
	},

	{"SEC-63 sprintf from outside", "sql", "store", sqlHead + `func f(d *sql.DB, s struct{ a string }) { d.Exec(fmt.Sprintf("DELETE FROM t WHERE a = '%s'", s.a)) }`, "SEC-63"},
	{"SEC-63 plus", "sql", "store", sqlHead + `func F(d *sql.Tx, in []byte) { q := "SELECT " + string(in); d.QueryContext(context.Background(), q) }`, "SEC-63"},
	{"SEC-63 handed on", "sql", "store", sqlHead + `func run(d *sql.DB, q string) { d.Exec(q) }; func F(d *sql.DB, m map[string]string) { run(d, "DELETE FROM t WHERE a = " + m["a"]) }`, "SEC-63"},
	{"SEC-63 handed on twice", "sql", "store", sqlHead + `func run[T any](d *sql.DB, q string) { d.Exec(q) }; func more(d *sql.DB, q string) { run[int](d, q+" LIMIT 1") }; func f(d *sql.DB, e error) { more(d, e.Error()) }`, "SEC-63"},
	{"SEC-63 closure", "sql", "store", sqlHead + `func f(d *sql.DB) func(string) { return func(s string) { d.Exec("DELETE FROM t WHERE a = " + s) } }`, "SEC-63"},
	{"SEC-63 closure in a variable", "sql", "store", sqlHead + `func f(d *sql.DB, e error) { run := func(s string) { d.Exec("DELETE FROM t WHERE a = " + s) }; run("1"); run(e.Error()) }`, "SEC-63"},
	{"SEC-63 closure of constants", "sql", "store", sqlHead + `func f(d *sql.DB) { run := func(s string) { d.Exec("DELETE FROM t WHERE a = " + s) }; run("1") }`, ""},
	{"SEC-63 field", "sql", "store", sqlHead + `type q struct{ text string }; func f(d *sql.DB, e error) { x := q{text: "SELECT 1"}; x.text = e.Error(); d.Exec(x.text) }`, "SEC-63"},
	{"SEC-63 scanned field", "sql", "store", sqlHead + `type q struct{ text string }; func f(d *sql.DB, r *sql.Row) { x := q{"SELECT 1"}; r.Scan(&x.text); d.Exec(x.text) }`, "SEC-63"},
	{"SEC-63 field of constants", "sql", "store", sqlHead + `type q struct{ text, more string }; var x = q{"SELECT 1", "2"}; func f(d *sql.DB, y q) { t := x.text; if y.more != "" { t = y.more }; d.Exec(t) }`, ""},
	{"SEC-63 builder", "sql", "store", sqlHead + `func f(d *sql.DB, e error) { var b strings.Builder; b.WriteString("SELECT "); b.WriteString(e.Error()); d.Exec(b.String()) }`, "SEC-63"},
	{"SEC-63 constants", "sql", "store", sqlHead + `const cols = "a, b"; var tail = " ORDER BY a"; func run(d *sql.DB, q string) { d.Exec(q) }; func f(d *sql.DB, by bool) { q := "SELECT " + cols; if by { q += tail }; run(d, q) }`, ""},
	{"SEC-63 numbers and dialect", "sql", "store", sqlHead + `func f(d *sql.DB, x dialect, n int) { d.Exec("SELECT " + strconv.Itoa(n) + x.lock + x.match(n) + fmt.Sprint(n) + strings.Repeat(", $", n)) }`, ""},
	{"placeholders out of order", "sql", "store", sqlHead + `const c = "a = $2"; func f(d *sql.DB) { d.Exec("SELECT " + c + " AND b = $1") }`, "$1 first appears after $2"},
	{"placeholders with a gap", "sql", "store", sqlHead + `func in(n int) string { return strconv.Itoa(n) }; func f(d *sql.DB) { d.Exec("SELECT $1" + in(3)) }`, "$3 first appears after $1"},
	{"placeholders in order", "sql", "store", sqlHead + `func in(n int) string { return strconv.Itoa(n) }; func f(d *sql.DB) { d.Exec("SELECT $1, $2, $1" + in(3) + "$4") }`, ""},
	{"SEC-63 constant builder", "sql", "store", sqlHead + `func f(d *sql.DB, n int) { var b strings.Builder; b.WriteString("SELECT "); fmt.Fprintf(&b, "$%d", n); d.Exec(b.String()) }`, ""},
}

const sqlHead = `package store
import ("context"; "database/sql"; "fmt"; "strings"; "strconv")
var _ = fmt.Sprintf; var _ = strings.Join; var _ = strconv.Itoa; var _ context.Context
type dialect struct{ lock string }
func (dialect) match(n int) string { return "" }
`
