package archive

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
)

var (
	handleForm   = regexp.MustCompile(`^[\pL\pN_]([\pL\pN_.-]*[\pL\pN_])?@[\pL\pN]([\pL\pN.-]*[\pL\pN])?(:[0-9]{1,5})?$`)
	hostForm     = regexp.MustCompile(`^[\pL\pN]([\pL\pN.-]*[\pL\pN])?(:[0-9]{1,5})?$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// cell is the i-th, "" if there are fewer.
func cell(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

// address is a handle as it is exported, without an @ before it. One without
// a host meant somebody on another server, which nobody knows any more.
func address(text string) (handle string, ok bool) {
	handle = strings.TrimPrefix(strings.TrimPrefix(text, "acct:"), "@")
	return handle, len(handle) <= domain.MaxImportCell && handleForm.MatchString(handle)
}

// truth reads a cell that says yes or no.
func truth(text string, unsaid bool) string {
	yes := unsaid
	switch strings.ToLower(text) {
	case "true", "1", "yes", "t":
		yes = true
	case "false", "0", "no", "f":
		yes = false
	}
	return yesNo(yes)
}

func yesNo(yes bool) string {
	if yes {
		return "true"
	}
	return "false"
}

func readAddress(cells []string) ([]string, string, bool) {
	handle, ok := address(cell(cells, 0))
	return []string{handle}, strings.ToLower(handle), ok
}

func readFollow(cells []string) ([]string, string, bool) {
	handle, ok := address(cell(cells, 0))
	var languages []string
	for code := range strings.FieldsFuncSeq(cell(cells, 3), func(c rune) bool { return c == ',' || c == ' ' }) {
		if len(languages) < 20 && languageForm.MatchString(code) && !slices.Contains(languages, code) {
			languages = append(languages, code)
		}
	}
	return []string{handle, truth(cell(cells, 1), true), truth(cell(cells, 2), false), strings.Join(languages, ", ")}, strings.ToLower(handle), ok
}

func readMute(cells []string) ([]string, string, bool) {
	handle, ok := address(cell(cells, 0))
	return []string{handle, truth(cell(cells, 1), true)}, strings.ToLower(handle), ok
}

func readDomain(cells []string) ([]string, string, bool) {
	host := strings.ToLower(strings.TrimSuffix(cell(cells, 0), "."))
	return []string{host}, host, len(host) <= 255 && strings.Contains(host, ".") && hostForm.MatchString(host)
}

func readMember(cells []string) ([]string, string, bool) {
	title := cell(cells, 0)
	handle, ok := address(cell(cells, 1))
	return []string{title, handle}, memberKey(title, handle), ok && title != "" && len([]rune(title)) <= domain.MaxListTitle
}

func memberKey(title, handle string) string { return title + "\n" + strings.ToLower(handle) }

func readURI(cells []string) ([]string, string, bool) {
	uri := cell(cells, 0)
	u, err := url.Parse(uri)
	return []string{uri}, uri, err == nil && len(uri) <= domain.MaxImportCell && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// filterJSON is a filter in a file: as in the API, but without ids.
type filterJSON struct {
	Title    string              `json:"title"`
	Contexts []string            `json:"context"`
	Action   domain.FilterAction `json:"filter_action"`
	Expires  *time.Time          `json:"expires_at"`
	Keywords []keywordJSON       `json:"keywords"`
	Statuses []string            `json:"statuses"` // their ids at their servers
}

type keywordJSON struct {
	Keyword   string `json:"keyword"`
	WholeWord bool   `json:"whole_word"`
}

func readFilter(cells []string) ([]string, string, bool) {
	var f filterJSON
	if err := json.Unmarshal([]byte(cell(cells, 0)), &f); err != nil {
		return nil, "", false
	}
	f.Title = strings.TrimSpace(f.Title)
	known := func(name string) bool { return slices.Contains(domain.FilterContexts[:], name) }
	f.Contexts = slices.DeleteFunc(f.Contexts, func(name string) bool { return !known(name) })
	f.Keywords = slices.DeleteFunc(f.Keywords, func(k keywordJSON) bool {
		return strings.TrimSpace(k.Keyword) == "" || len([]rune(k.Keyword)) > domain.MaxFilterKeyword || strings.ContainsRune(k.Keyword, 0)
	})
	switch {
	case f.Title == "" || len([]rune(f.Title)) > domain.MaxFilterTitle || strings.ContainsRune(f.Title, 0):
		return nil, "", false
	case len(f.Contexts) == 0 || len(f.Keywords) > domain.MaxKeywords || len(f.Statuses) > domain.MaxFiltered:
		return nil, "", false
	case !f.Action.Valid():
		f.Action = domain.FilterWarn
	}
	clean, err := json.Marshal(f)
	return []string{string(clean)}, f.Title, err == nil
}
