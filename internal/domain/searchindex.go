package domain

// JobReindex brings the search words of some posts up to date and goes on
// until all are; it has no payload.
const JobReindex JobKind = "search.reindex"

// SearchIndex says how the words by which posts are searched stand to the
// preparation of words that the program has.
type SearchIndex struct {
	Version int `json:"version"` // with which the words of all posts were prepared
	Target  int `json:"target"`  // that is being brought in; Version: nothing is to do
	// Before is the smallest id that is done: posts are taken newest first.
	Before ID    `json:"before,omitempty"`
	Done   int64 `json:"done,omitempty"`  // posts looked at for Target
	Posts  int64 `json:"posts,omitempty"` // that there were to look at
}

// Current reports whether nothing is to do.
func (x *SearchIndex) Current() bool { return x.Version == x.Target }
