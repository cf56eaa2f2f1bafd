package domain

// FeedAccess says who gets a public timeline (behaviours 11.6).
type FeedAccess string

const (
	FeedEveryone FeedAccess = "everyone" // "" is the same
	FeedMembers  FeedAccess = "members"
	FeedNobody   FeedAccess = "nobody" // but those who may view feeds
)

// Valid reports whether f is one of the three, or empty.
func (f FeedAccess) Valid() bool {
	return f == "" || f == FeedEveryone || f == FeedMembers || f == FeedNobody
}

// FeedReader is who asks for a public timeline.
type FeedReader struct {
	Known bool // a member
	All   bool // who may view feeds that nobody else gets
}

// lets reports whether the reader gets the posts; members only is
// Unauthenticated to a visitor.
func (f FeedAccess) lets(r FeedReader) (bool, error) {
	switch {
	case f == FeedNobody:
		return r.All, nil
	case f == FeedMembers && !r.Known:
		return false, Errorf(Unauthenticated, "This method requires an authenticated user")
	}
	return true, nil
}

// FeedAccess says who gets the posts of here and of elsewhere, live or by topic.
// With limited federation they are for members at most.
func (s *Settings) FeedAccess(topic bool) (here, elsewhere FeedAccess) {
	here, elsewhere = s.LiveLocal, s.LiveRemote
	if topic {
		here, elsewhere = s.TopicLocal, s.TopicRemote
	}
	for _, f := range []*FeedAccess{&here, &elsewhere} {
		if s.LimitedFederation && *f != FeedNobody {
			*f = FeedMembers
		}
	}
	return here, elsewhere
}

// Feed narrows a public timeline, or one of a topic, a hashtag or link, down to
// the posts of here and elsewhere that the reader gets of those wanted.
func (s *Settings) Feed(topic bool, r FeedReader, wantLocal, wantRemote bool) (local, remote bool, err error) {
	here, elsewhere := s.FeedAccess(topic)
	if wantLocal {
		if local, err = here.lets(r); err != nil {
			return false, false, err
		}
	}
	if wantRemote {
		remote, err = elsewhere.lets(r)
	}
	return local && err == nil, remote, err
}
