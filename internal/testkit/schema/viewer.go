package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// viewerSets are keys that are all there with a token and all absent without
// one (behaviours 2.5), by a key that only that entity has.
var viewerSets = map[string][]string{
	"reblogs_count": {"favourited", "reblogged", "muted", "bookmarked", "filtered"}, // Status
	"voters_count":  {"voted", "own_votes"},                                         // Poll
}

// viewerKeys finds entities that have only some keys of their set.
func viewerKeys(pointer string, value any) []string {
	var lines []string
	switch v := value.(type) {
	case []any:
		for i, inner := range v {
			lines = append(lines, viewerKeys(pointer+"/"+strconv.Itoa(i), inner)...)
		}
	case map[string]any:
		for key, inner := range v {
			lines = append(lines, viewerKeys(pointer+"/"+key, inner)...)
		}
		for entity, set := range viewerSets {
			if _, ok := v[entity]; !ok {
				continue
			}
			absent := slices.DeleteFunc(slices.Clone(set), func(key string) bool { _, ok := v[key]; return ok })
			if len(absent) > 0 && len(absent) < len(set) {
				lines = append(lines, fmt.Sprintf("%s: %s missing, but others of %s are there: with a token all of them are, without one none",
					orRoot(pointer), strings.Join(absent, ", "), strings.Join(set, ", ")))
			}
		}
	}
	return lines
}

// orRoot is the pointer, "/" for the whole document.
func orRoot(pointer string) string {
	if pointer == "" {
		return "/"
	}
	return pointer
}
