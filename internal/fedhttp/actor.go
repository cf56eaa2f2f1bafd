package fedhttp

import (
	"strings"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// handle is /@NAME.
func (s *Server) handle(r *httpkit.Request) (any, error) {
	return s.serveActor(r, strings.TrimPrefix(r.Path("handle"), "@"))
}

// actor is /users/NAME.
func (s *Server) actor(r *httpkit.Request) (any, error) { return s.serveActor(r, r.Path("name")) }

// serveActor answers with an account. In secure mode who did not sign well
// gets who it is and its key, nothing else: without that two such servers
// could never learn each other's keys (facts 4.5).
func (s *Server) serveActor(r *httpkit.Request, name string) (any, error) {
	v, err := s.reader(r, false)
	bare := false
	if v.secure && err != nil && !domain.Is(err, domain.Forbidden) && !domain.Is(err, domain.Internal) {
		bare, err = true, nil
	}
	if err != nil {
		return nil, err
	}
	a, err := s.account(r.Context(), name)
	if err != nil {
		return nil, err
	}
	doc, err := s.DescribeActor(r.Context(), a)
	if err != nil {
		return nil, err
	}
	if bare {
		doc = doc.Bare()
	}
	return document(r, v, doc)
}

// instanceActor is /actor, which everybody may read but those whom we do not
// talk to (facts 4.5).
func (s *Server) instanceActor(r *httpkit.Request) (any, error) {
	if host := keyHost(signedBy(r)); host != "" && s.Refused(host) {
		return nil, errHost
	}
	doc, err := s.DescribeInstance(r.Context())
	if err != nil {
		return nil, err
	}
	return document(r, reader{signed: r.Header("Signature") != ""}, doc)
}

// instanceOutbox is empty: the community's own actor says nothing.
func (s *Server) instanceOutbox(r *httpkit.Request) (any, error) {
	v, err := s.reader(r, false)
	if err != nil {
		return nil, err
	}
	return document(r, v, apub.CollectionDoc{ID: s.URLs.InstanceActor() + "/outbox", Ordered: true})
}
