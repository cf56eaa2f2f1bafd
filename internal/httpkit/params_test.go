package httpkit

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"
	"time"
)

// multi makes a multipart body of key, value pairs; a value that starts with
// @ is a file.
func multi(t testing.TB, pairs ...string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		if content, isFile := strings.CutPrefix(pairs[i+1], "@"); isFile {
			part, err := w.CreateFormFile(pairs[i], "../evil.png")
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(part, content)
			continue
		}
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	_ = w.Close()
	return b.String(), "Content-Type: " + w.FormDataContentType()
}

const (
	formType = "Content-Type: application/x-www-form-urlencoded"
	jsonBody = "Content-Type: application/json"
)

// summary reads the parameters that the tests below send.
func summary(r *Request) any {
	p := r.Params
	var b strings.Builder
	show := func(name string, v any, ok bool) {
		if ok {
			fmt.Fprintf(&b, "%s=%v;", name, v)
		}
	}
	s, ok := p.String("s")
	show("s", s, ok)
	n, ok := p.Int("n")
	show("n", n, ok)
	if v := p.Bool("b"); v != nil {
		show("b", *v, true)
	}
	show("ids", p.IDs("ids"), p.Has("ids"))
	show("cleared", true, p.Cleared("expires_in"))
	if poll, ok := p.Hash("poll"); ok {
		d, _ := poll.Seconds("expires_in")
		show("poll", fmt.Sprint(poll.Strings("options"), d), true)
	}
	for _, h := range p.Hashes("fields_attributes") {
		show("field", h.StringOr("name", "-")+":"+h.StringOr("value", "-"), true)
	}
	return map[string]string{"is": b.String()}
}

func TestEveryFormOfParameters(t *testing.T) {
	t.Parallel()
	var routes []Route
	for _, m := range []string{"GET", "POST", "PATCH", "DELETE"} {
		routes = append(routes, echo(m, "/api/p", summary))
	}
	s := newSite(t, nil, routes...)
	for _, tt := range []struct{ pairs, json, want string }{
		{"s=a+b", `{"s":"a b"}`, "s=a b;"},
		{"s=%25%zz", `{"s":"%25%zz"}`, "s=%25%zz;"},
		{"s=a&s=b", `{"s":"b"}`, "s=b;"},
		{"n=5", `{"n":5}`, "n=5;"},
		{"n=5", `{"n":"5"}`, "n=5;"},
		{"n=-3", `{"n":-3.0}`, "n=-3;"},
		{"n=x", `{"n":[1]}`, ""},
		{"n=99999999999999999999", `{"n":1e400}`, ""},
		{"b=OFF", `{"b":false}`, "b=false;"},
		{"b=0", `{"b":0}`, "b=false;"},
		{"b=", `{"b":null}`, ""},
		{"b=yes", `{"b":true}`, "b=true;"},
		{"ids[]=1&ids[]=2", `{"ids":["1",2]}`, "ids=[1 2];"},
		{"ids=7", `{"ids":"7"}`, "ids=[7];"},
		{"ids[1]=2&ids[10]=3&ids[0]=1", `{"ids":{"1":"2","10":"3","0":"1"}}`, "ids=[1 2 3];"},
		{"ids[]=x&ids[]=-4&ids[]=9", `{"ids":["x",-4,9,null,{}]}`, "ids=[9];"},
		{"ids%5B%5D=1&ids%5b%5d=2", `{"ids":[1,2]}`, "ids=[1 2];"},
		{"expires_in=", `{"expires_in":null}`, "cleared=true;"},
		{"poll[options][]=a&poll[options][]=b&poll[expires_in]=300", `{"poll":{"options":["a","b"],"expires_in":300}}`, "poll=[a b] 5m0s;"},
		{"poll[expires_in]=9223372036854775807", `{"poll":{"expires_in":9223372036854775807}}`, "poll=[] 876000h0m0s;"},
		{
			"fields_attributes[][name]=a&fields_attributes[][value]=1&fields_attributes[][name]=b&fields_attributes[][value]=2",
			`{"fields_attributes":[{"name":"a","value":"1"},{"name":"b","value":2}]}`, "field=a:1;field=b:2;",
		},
		{
			"fields_attributes[1][name]=b&fields_attributes[1][value]=2&fields_attributes[0][name]=a&fields_attributes[0][value]=1",
			`{"fields_attributes":{"1":{"name":"b","value":"2"},"0":{"name":"a","value":"1"}}}`, "field=a:1;field=b:2;",
		},
		{"unknown[=1&s]=2&[]=3&=4&&s=x%00y", `{"unknown[":1,"s":"x\u0000y"}`, "s=xy;"},
		{"poll=1&poll[options][]=a", `{"poll":{"options":["a"]}}`, "poll=[a] 0s;"},
	} {
		want := `{"is":"` + tt.want + `"}`
		var fields []string
		for pair := range strings.SplitSeq(tt.pairs, "&") {
			k, v, _ := strings.Cut(pair, "=")
			fields = append(fields, unescape(k), unescape(v))
		}
		body, kind := multi(t, fields...)
		for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
			for form, got := range map[string]string{
				"query":     s.do(method, "/api/p?"+tt.pairs, "").Body.String(),
				"form":      s.do(method, "/api/p", tt.pairs, formType).Body.String(),
				"untyped":   s.do(method, "/api/p", tt.pairs).Body.String(),
				"json":      s.do(method, "/api/p", tt.json, jsonBody).Body.String(),
				"bare json": s.do(method, "/api/p", " "+tt.json).Body.String(),
				"multipart": s.do(method, "/api/p", body, kind).Body.String(),
			} {
				if got != want {
					t.Errorf("%s %s of %s: %s, want %s", method, form, tt.pairs, got, want)
				}
			}
			s.clock.add(5 * time.Minute)
		}
	}
}

func TestPathThenBodyThenQuery(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, echo("POST", "/api/p/{id}", func(r *Request) any {
		return []string{r.Params.StringOr("id", ""), r.Params.StringOr("a", ""), r.Params.StringOr("b", "")}
	}))
	w := s.do("POST", "/api/p/1?id=2&a=query&b=query", "id=3&a=body", formType)
	if w.Body.String() != `["1","body","query"]` {
		t.Error(w.Body)
	}
	if w := s.do("POST", "/api/p/a%2Fb", ""); w.Body.String() != `["a/b","",""]` {
		t.Error(w.Body)
	}
}

func TestPathID(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, Route{
		Method: "GET", Pattern: "/api/p/{id}", Auth: Public, Scopes: NoScope, Limit: LimitGeneral, Cache: CacheAnonymous,
		Handle: func(r *Request) (any, error) { return r.PathID("id") },
	})
	for id, status := range map[string]int{
		"1": 200, "9223372036854775807": 200, "9223372036854775808": 404, "0": 404, "-1": 404, "+1": 404, "x": 404, "1.0": 404, "%20": 404,
	} {
		if w := s.do("GET", "/api/p/"+id, ""); w.Code != status {
			t.Errorf("%s: %d", id, w.Code)
		}
	}
}

func TestUploads(t *testing.T) {
	t.Parallel()
	route := echo("POST", "/api/p", func(r *Request) any {
		f := r.Params.File("avatar")
		if f == nil {
			return "none"
		}
		all, err := io.ReadAll(f.Open())
		return []any{r.Params.StringOr("s", ""), f.Size, len(all), strings.Count(string(all), "x"), err == nil, r.Params.File("header") == nil}
	})
	route.Body = BodyProfile
	s := newSite(t, func(c *Config) { c.TempDir = t.TempDir() }, route)
	for _, size := range []int{0, 1, maxInMemory - 1, maxInMemory, maxInMemory + 1, 3 << 20} {
		body, kind := multi(t, "avatar", "@"+strings.Repeat("x", size), "s", "text")
		want := fmt.Sprintf(`["text",%d,%d,%d,true,true]`, size, size, size)
		if w := s.do("POST", "/api/p", body, kind); w.Body.String() != want {
			t.Errorf("%d: %s", size, w.Body)
		}
	}
}

func TestSEC59_Bodies(t *testing.T) {
	t.Parallel()
	small, profile := echo("POST", "/api/small", summary), echo("POST", "/api/profile", summary)
	profile.Body = BodyProfile
	s := newSite(t, func(c *Config) { c.TempDir = t.TempDir() }, small, profile)
	file, fileType := multi(t, "avatar", "@"+strings.Repeat("x", 21<<20))
	smallFile, smallType := multi(t, "avatar", "@"+strings.Repeat("x", 2<<20))
	texts, textsType := multi(t, "s", strings.Repeat("x", 2<<20))
	big := strings.Repeat("x", 2<<20)
	for _, tt := range []struct {
		name, path, body string
		status           int
		head             []string
	}{
		{"long form", "/api/small", "s=" + big, 413, []string{formType}},
		{"long JSON", "/api/small", `{"s":"` + big + `"}`, 413, []string{jsonBody}},
		{"long JSON where files may be long", "/api/profile", `{"s":"` + big + `"}`, 413, []string{jsonBody}},
		{"long text part", "/api/profile", texts, 413, []string{textsType}},
		{"long file", "/api/profile", file, 413, []string{fileType}},
		{"file on a small route", "/api/small", smallFile, 413, []string{smallType}},
		{"deep JSON", "/api/small", strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), 400, []string{jsonBody}},
		{"deep list", "/api/small", `{"a":` + strings.Repeat("[", 500_000), 400, []string{jsonBody}},
		{"deep brackets", "/api/small", "a" + strings.Repeat("[b]", 40) + "=1", 400, []string{formType}},
		{"repeated key", "/api/small", `{"a":1,"a":2}`, 400, []string{jsonBody}},
		{"many values", "/api/small", `{"a":[` + strings.Repeat("1,", 5000) + `1]}`, 400, []string{jsonBody}},
		{"many pairs", "/api/small", strings.Repeat("a[]=1&", 5000), 400, []string{formType}},
		{"compressed", "/api/small", "xxx", 400, []string{formType, "Content-Encoding: gzip"}},
		{"broken JSON", "/api/small", `{"a":`, 400, []string{jsonBody}},
		{"JSON and more", "/api/small", `{"a":1} x`, 400, []string{jsonBody}},
		{"JSON list", "/api/small", `[1]`, 400, []string{jsonBody}},
		{"JSON null", "/api/small", `null`, 200, []string{jsonBody}},
		{"empty JSON", "/api/small", ` `, 200, []string{jsonBody}},
		{"no boundary", "/api/small", `x`, 400, []string{"Content-Type: multipart/form-data"}},
		{"broken multipart", "/api/small", "--b\r\nContent", 400, []string{"Content-Type: multipart/form-data; boundary=b"}},
		{"not UTF-8", "/api/small", "s=%ff", 400, []string{formType}},
		{"JSON not UTF-8", "/api/small", "{\"s\":\"\xff\"}", 400, []string{jsonBody}},
		{"query not UTF-8", "/api/small?s=%ff", "", 400, nil},
	} {
		w := s.do("POST", tt.path, tt.body, tt.head...)
		if w.Code != tt.status {
			t.Errorf("%s: %d %s", tt.name, w.Code, w.Body)
		}
		if tt.status != 200 && errorText(t, w) == "" {
			t.Errorf("%s: no sentence", tt.name)
		}
	}
}

func TestSEC61_ManyKeysAreLinear(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range maxParams {
		fmt.Fprintf(&b, "k%d[x]=1&", i)
	}
	root, err := decodeForm(b.String())
	if err != nil || len(root.keys) != maxParams || root.index == nil || root.get("k77").get("x").text != "1" {
		t.Errorf("%v", err)
	}
}

func FuzzParams(f *testing.F) {
	for _, seed := range []string{
		"a=1&b[]=2&c[d][]=3&e[][f]=1&e[][f]=2", `{"a":1,"b":[2],"c":{"d":[3]}}`, "a[[]]=1&a]=[&[=1&a[][][b]=", "%ff=%zz&+=+",
		`{"a":"\ud800","b":1e999}`, "limit=-9223372036854775808&max_id=99999999999999999999",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		form, _ := decodeForm(text)
		object, _ := decodeJSON([]byte(text))
		for _, p := range []Params{{body: form}, {body: object}, {body: object, query: form}} {
			for _, key := range append(p.Keys(), "a", "") {
				p.String(key)
				p.Bool(key)
				p.Int(key)
				p.Seconds(key)
				p.ID(key)
				p.IDs(key)
				p.Cleared(key)
				for _, h := range p.Hashes(key) {
					h.Strings("a")
				}
				if h, ok := p.Hash(key); ok {
					h.Keys()
				}
			}
		}
		again, err := decodeForm(url.QueryEscape("k") + "=" + url.QueryEscape(text))
		if want, bad := clean(text); bad == nil && (err != nil || again.get("k").text != want) {
			t.Errorf("a value does not survive: %q, %v", text, err)
		}
	})
}
