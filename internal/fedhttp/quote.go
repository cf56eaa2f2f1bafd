package fedhttp

import (
	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// quoteAuthorization is the leave of an account here for one post to quote one
// of its own (FEP-044f), as long as it holds. It tells of the post that quotes,
// so it exists for those alone who may see that.
func (s *Server) quoteAuthorization(r *httpkit.Request) (any, error) {
	v, err := s.reader(r, false)
	if err != nil {
		return nil, err
	}
	a, err := s.account(r.Context(), r.Path("name"))
	if err != nil {
		return nil, err
	}
	if a.Suspended() {
		return nil, errSuspended
	}
	id, ok := domain.ParseID(r.Path("id"))
	if !ok {
		return nil, domain.ErrNotFound
	}
	q, err := s.st.Quote(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if q.QuotedAccount != a.ID || q.State != domain.QuoteAccepted {
		return nil, domain.ErrNotFound
	}
	quoting, err := s.st.AnyStatus(r.Context(), q.Status)
	if err != nil {
		return nil, err
	}
	author, err := s.st.Account(r.Context(), quoting.Account)
	if err != nil {
		return nil, err
	}
	if !quoting.Visibility.Listed() || quoting.LocalOnly {
		if v, err = s.quoteReader(r, &quoting, &author); err != nil {
			return nil, err
		}
	}
	return document(r, v, apub.ConsentDoc{
		ID: s.URLs.QuoteAuthorization(&a, q.Status), Type: "QuoteAuthorization", AttributedTo: s.URLs.ActorURI(&a),
		Object: s.URLs.StatusURI(&quoting, &author), Target: s.URLs.StatusURI(&domain.Status{ID: q.Quoted}, &a),
	})
}

// quoteReader is who asks, if they may see a post that is not listed or their
// server holds it; else it is ErrNotFound.
func (s *Server) quoteReader(r *httpkit.Request, quoting *domain.Status, author *domain.Account) (reader, error) {
	v, err := s.reader(r, r.Header("Signature") != "")
	switch {
	case domain.Is(err, domain.Forbidden), domain.Is(err, domain.Internal) && err != nil:
		return v, err
	case err != nil:
		return v, domain.ErrNotFound
	case v.host != "" && v.host == apub.Host(author.URI):
		return v, nil
	}
	_, err = s.st.Status(r.Context(), v.id, quoting.ID)
	return v, err
}
