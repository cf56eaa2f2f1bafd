package archive

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"coterie/internal/domain"
)

func TestFilesAreReadAsMastodonWritesThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind domain.DataKind
		file string
		want [][]string
		bad  []int // lines
	}{
		"follows with a heading": {
			domain.DataFollowing,
			"\ufeffAccount address,Show boosts,Notify on new posts,Languages\r\nAlice@one.test,false,true,\"en, de\"\r\nalice@ONE.test,true,false,\r\n@bob@two.test:3000,,,\r\nnobody,,,\r\n",
			[][]string{{"Alice@one.test", "false", "true", "en, de"}, {"bob@two.test:3000", "true", "false", ""}},
			[]int{5},
		},
		"follows of old":      {domain.DataFollowing, "alice@one.test\n\nbob@two.test\n", [][]string{{"alice@one.test", "true", "false", ""}, {"bob@two.test", "true", "false", ""}}, nil},
		"columns change":      {domain.DataMutes, "Hide notifications,Account address\nfalse,a@b.test\n", [][]string{{"a@b.test", "false"}}, nil},
		"blocks":              {domain.DataBlocks, "a@b.test\nc d\n", [][]string{{"a@b.test"}}, []int{2}},
		"blocks with heading": {domain.DataBlocks, "Account address\na@b.test\n", [][]string{{"a@b.test"}}, nil},
		"domains":             {domain.DataDomainBlocks, "#domain,#severity\nBad.Test.,suspend\nhttps://x.test/,\n", [][]string{{"bad.test"}}, []int{3}},
		"lists":               {domain.DataLists, "'=Friends,a@b.test\nFriends,\"a@b.test\nx\n", [][]string{{"=Friends", "a@b.test"}}, []int{2}},
		"bookmarks":           {domain.DataBookmarks, "https://one.test/users/a/statuses/1\njavascript:alert(1)\n", [][]string{{"https://one.test/users/a/statuses/1"}}, []int{2}},
		"filters": {
			domain.DataFilters,
			`[{"title":" Spoilers ","context":["home","moon"],"filter_action":"explode","keywords":[{"keyword":"end"},{"keyword":" "}]},{"title":""},7]`,
			[][]string{{`{"title":"Spoilers","context":["home"],"filter_action":"warn","expires_at":null,"keywords":[{"keyword":"end","whole_word":false}],"statuses":null}`}},
			[]int{2, 3},
		},
	} {
		p, err := parse(c.kind, []byte(c.file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got [][]string
		var bad []int
		for _, row := range p.rows {
			got = append(got, row.Cells)
		}
		for _, f := range p.bad {
			bad = append(bad, f.Line)
		}
		if !reflect.DeepEqual(got, c.want) || !reflect.DeepEqual(bad, c.bad) {
			t.Errorf("%s: got %q, bad %v, want %q, bad %v", name, got, bad, c.want, c.bad)
		}
	}
}

func TestFilesThatAreNone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind domain.DataKind
		file string
		want domain.Kind
	}{
		"empty":           {domain.DataBlocks, "\n\n", domain.Invalid},
		"other encoding":  {domain.DataBlocks, "a@b.test\xe9", domain.Invalid},
		"binary":          {domain.DataBlocks, "a@b.test\x00", domain.Invalid},
		"another kind":    {domain.DataFollowing, "Account address,Hide notifications\na@b.test,true\n", domain.Invalid},
		"no such columns": {domain.DataBookmarks, "Account address\na@b.test\n", domain.Invalid},
		"no JSON":         {domain.DataFilters, "a,b", domain.Invalid},
		"too large":       {domain.DataBlocks, strings.Repeat("x", MaxFile+1), domain.TooLarge},
		"too many lines":  {domain.DataDomainBlocks, manyDomains(domain.MaxImportRows + 1), domain.TooLarge},
		"mostly rubbish":  {domain.DataBlocks, strings.Repeat("?\n", maxBad+1), domain.Invalid},
	} {
		if _, err := parse(c.kind, []byte(c.file)); !domain.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p, err := parse(domain.DataDomainBlocks, []byte(manyDomains(domain.MaxImportRows))); err != nil || len(p.rows) != domain.MaxImportRows {
		t.Errorf("as many as may be: %v", err)
	}
}

func manyDomains(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("d" + domain.ID(i+1).String() + ".test\n")
	}
	return b.String()
}

// SEC-33: no cell of an export is computed by a spreadsheet, and what is
// brought back is what was taken along.
func TestSEC33_CellsAreNotComputed(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"=1+1", "+x", "-x", "@x", "'=x", "''-", "plain", "it's", "'", "\"quoted\", and more"} {
		var file bytes.Buffer
		if err := write(&file, domain.DataLists, [][]string{{title, "a@b.test"}}); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(bytes.NewReader(file.Bytes())).ReadAll()
		if err != nil || len(lines) != 1 || strings.ContainsAny(lines[0][0][:1], formula) {
			t.Errorf("%q is written %q, %v", title, file.String(), err)
		}
		p, err := parse(domain.DataLists, file.Bytes())
		if err != nil || len(p.rows) != 1 || p.rows[0].Cells[0] != title {
			t.Errorf("%q comes back as %v, %v", title, p, err)
		}
	}
}

// What is read is bounded and sound, and read again from what is written of it.
func FuzzParse(f *testing.F) {
	f.Add(0, []byte("Account address,Show boosts,Notify on new posts,Languages\na@b.test,true,false,en\n"))
	f.Add(1, []byte("'=Friends,a@b.test\n\"x"))
	f.Add(5, []byte("https://one.test/1\n"))
	f.Add(6, []byte(`[{"title":"x","context":["home"],"keywords":[{"keyword":"y"}]}]`))
	all := Kinds()
	f.Fuzz(func(t *testing.T, of int, file []byte) {
		kind := all[uint(of)%uint(len(all))]
		p, err := parse(kind, file)
		if err != nil {
			return
		}
		var lines [][]string
		for _, row := range p.rows {
			for _, c := range row.Cells {
				if !utf8.ValidString(c) || strings.ContainsRune(c, 0) {
					t.Fatalf("%s: cell %q", kind, c)
				}
			}
			lines = append(lines, row.Cells)
		}
		if len(lines) == 0 {
			return
		}
		var again bytes.Buffer
		if err := write(&again, kind, lines); err != nil {
			t.Fatal(err)
		}
		back, err := parse(kind, again.Bytes())
		if err != nil || len(back.rows) != len(p.rows) {
			t.Fatalf("%s: %q came back as %v, %v", kind, lines, back, err)
		}
		for i := range p.rows {
			if !reflect.DeepEqual(back.rows[i].Cells, p.rows[i].Cells) {
				t.Fatalf("%s: %q came back as %q", kind, p.rows[i].Cells, back.rows[i].Cells)
			}
		}
	})
}
