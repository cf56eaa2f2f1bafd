package domain

// Sight is how a viewer stands to the author of a status, as far as seeing
// the status depends on it. The zero value is an anonymous visitor.
type Sight struct {
	Viewer          ID
	Local           bool // the viewer lives in this community
	Follows         bool // an accepted follow of the author
	Mentioned       bool // by this status, silently too
	Blocked         bool // the author blocks the viewer, or the viewer's whole domain
	AuthorSuspended bool
}

// CanSee is the one rule of who may read a status (behaviours 8.4, 11). The
// store repeats it in SQL and a property test keeps the two equal. A boost is
// visible only when the boosted status is, too: ask for both.
func CanSee(s *Status, k Sight) bool {
	if k.AuthorSuspended {
		return false
	}
	if k.Viewer != 0 && k.Viewer == s.Account {
		return true
	}
	if s.LocalOnly && !k.Local {
		return false
	}
	switch s.Visibility {
	case Public, Unlisted:
		return !k.Blocked
	case Private:
		return k.Viewer != 0 && !k.Blocked && (k.Follows || k.Mentioned)
	case Direct:
		return k.Viewer != 0 && !k.Blocked && k.Mentioned
	}
	return false
}

// CanBoost reports whether viewer may boost a status that it can see:
// public and unlisted by all, private only by its author (behaviours 8.8).
func CanBoost(s *Status, viewer ID) bool {
	return s.Visibility.Listed() || s.Visibility == Private && s.Account == viewer
}
