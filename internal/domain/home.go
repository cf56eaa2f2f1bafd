package domain

// HomeEntry is what the rule of the home timeline must know of one status, as
// seen by the reader (behaviours 11, 11.1 to 11.4).
type HomeEntry struct {
	Own      bool // by the reader
	Follows  bool // the reader follows the author, accepted
	Reblogs  bool // and wants their boosts
	Tagged   bool // carries a hashtag that the reader follows
	Listed   bool // the author is in an exclusive list of the reader
	Hidden   bool // author blocked, muted or blocking; for a boost the same of the boosted author, or their domain blocked; for a stranger (by tag) the author's domain blocked
	Mentions bool // mentions the reader
	// MentionsHidden: mentions somebody the reader blocks or mutes.
	MentionsHidden bool
	// ReplyKnown: the status it answers still exists here.
	ReplyKnown bool
	// ReplyOwn, ReplyFollowed: whom it answers (Status.InReplyToAccount).
	ReplyOwn      bool
	ReplyFollowed bool
	// ReplyListed: it answers a member of the list that is read.
	ReplyListed bool
	// Limited: the author is silenced.
	Limited bool
	// WrongLanguage: the reader's wish for this author excludes its language.
	WrongLanguage bool
}

// OnHome is the one rule of what a home timeline holds. The viewer can see
// the status already (CanSee). Home by query and home by ring both follow it.
func OnHome(s *Status, e HomeEntry) bool {
	if e.Own {
		return true
	}
	if e.Hidden || e.MentionsHidden {
		return false
	}
	if !e.Follows {
		return e.Tagged && s.Visibility == Public && s.ReblogOf == 0 && !e.Limited
	}
	switch {
	case e.Listed, e.WrongLanguage:
		return false
	case s.ReblogOf != 0:
		return e.Reblogs
	case s.Visibility == Direct:
		return e.Mentions
	case s.InReplyTo == 0 && s.InReplyToURI == "":
		return true
	case !e.ReplyKnown:
		return false
	}
	return s.InReplyToAccount == s.Account || e.ReplyOwn || e.ReplyFollowed
}

// OnList is the one rule of what the timeline of a list holds, of the
// statuses of its members (behaviours 11).
func OnList(s *Status, e HomeEntry, replies RepliesPolicy) bool {
	switch {
	case e.Hidden, e.MentionsHidden, e.WrongLanguage:
		return false
	case s.ReblogOf != 0:
		return e.Own || e.Reblogs
	case s.Visibility == Direct:
		return e.Own || e.Mentions
	case s.InReplyTo == 0 && s.InReplyToURI == "":
		return true
	case !e.ReplyKnown:
		return false
	case s.InReplyToAccount == s.Account, e.ReplyOwn:
		return true
	}
	switch replies {
	case RepliesFollowed:
		return e.ReplyFollowed
	case RepliesList:
		return e.ReplyListed
	}
	return false
}
