package domain

import "time"

// Search is what somebody looks for among posts, taken apart: all of it must
// hold (behaviours 16.2).
type Search struct {
	Phrases   []Sought[Phrase]
	Tags      []Sought[string] // names of hashtags
	Authors   []Sought[string] // handles without the leading @, or SearchMe
	Languages []Sought[string] // tags such as "de" or "zh-TW"; "zh" is every Chinese
	Traits    []Sought[Trait]
	Scope     SearchScope
	After     time.Time // the first moment, if any
	Before    time.Time // the first moment that is too late, if any
}

// Empty reports whether nothing is asked for.
func (s *Search) Empty() bool {
	return len(s.Phrases)+len(s.Tags)+len(s.Authors)+len(s.Languages)+len(s.Traits) == 0 &&
		s.Scope == SearchAll && s.After.IsZero() && s.Before.IsZero()
}

// SearchMe is the author that stands for whoever searches.
const SearchMe = "me"

// Sought is one thing that a search wants or, with Not, does not want.
type Sought[T any] struct {
	What T
	Not  bool
}

// Phrase is words, prepared like those of the index, that stand side by side.
// Of an Open one the last word need only begin so.
type Phrase struct {
	Words []string
	Open  bool
}

// Trait is what a post has or is.
type Trait string

const (
	HasMedia    Trait = "media"
	HasImage    Trait = "image"
	HasVideo    Trait = "video" // or a silent one
	HasAudio    Trait = "audio"
	HasPoll     Trait = "poll"
	HasLink     Trait = "link"
	HasEmbed    Trait = "embed" // a link to something that plays
	IsReply     Trait = "reply"
	IsSensitive Trait = "sensitive"
	IsQuote     Trait = "quote"
)

// SearchScope says among which posts to look. The library is what one wrote,
// favourited, boosted, bookmarked, voted on, or is mentioned in.
type SearchScope string

const (
	SearchAll     SearchScope = "" // the library and what SearchPublic is
	SearchLibrary SearchScope = "library"
	SearchPublic  SearchScope = "public" // public posts of people who agreed to be found
)
