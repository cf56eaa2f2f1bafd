package webui

import (
	"net/http"

	"coterie/internal/httpkit"
)

// userAddress and statusAddress lead people from the addresses that other
// servers use to the pages.
func (s *Server) userAddress(r *httpkit.Request) (any, error) {
	a, err := s.find(r, r.Path("name"))
	if err != nil {
		return nil, err
	}
	return redirect(s.urls.Profile(&a), http.StatusFound)
}

func (s *Server) statusAddress(r *httpkit.Request) (any, error) {
	a, err := s.find(r, r.Path("name"))
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	st, err := s.publicStatus(r, &a, id)
	if err != nil {
		return nil, err
	}
	return redirect(s.urls.Profile(&a)+"/"+st.ID.String(), http.StatusFound)
}
