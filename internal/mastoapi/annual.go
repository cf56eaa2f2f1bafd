package mastoapi

import (
	"net/http"
	"strconv"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// year is the one in the path.
func year(r *httpkit.Request) (int, error) {
	n, err := strconv.Atoi(r.Path("year"))
	if err != nil || n < 1 || n > 9999 {
		return 0, domain.ErrNotFound
	}
	return n, nil
}

// annualReports are the viewer's that are made and not read yet.
func (a *API) annualReports(r *httpkit.Request) (any, error) {
	list, err := a.Store.UnreadAnnualReports(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return a.Render.AnnualReports(r.Context(), r.Viewer.Account, list)
}

func (a *API) annualReport(r *httpkit.Request) (any, error) {
	y, err := year(r)
	if err != nil {
		return nil, err
	}
	report, err := a.Store.AnnualReport(r.Context(), r.Viewer.Account, y)
	if err == nil && report.Data == nil {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return a.Render.AnnualReports(r.Context(), r.Viewer.Account, []domain.AnnualReport{report})
}

func (a *API) annualState(r *httpkit.Request) (any, error) {
	y, err := year(r)
	if err != nil {
		return nil, err
	}
	state, err := a.Post.AnnualState(r.Context(), r.Viewer.Account, y)
	if err != nil {
		return nil, err
	}
	return map[string]domain.AnnualState{"state": state}, nil
}

// makeAnnualReport answers 202 while the report is being made.
func (a *API) makeAnnualReport(r *httpkit.Request) (any, error) {
	y, err := year(r)
	if err != nil {
		return nil, err
	}
	state, err := a.Post.MakeAnnual(r.Context(), r.Viewer.Account, y)
	if err != nil || state != domain.AnnualGenerating {
		return nil, err
	}
	answer := httpkit.Status(http.StatusAccepted, map[string]string{})
	return answer.With(asyncHeader, a.refreshing(refreshAnnual, strconv.Itoa(y))), nil
}

func (a *API) readAnnualReport(r *httpkit.Request) (any, error) {
	y, err := year(r)
	if err != nil {
		return nil, err
	}
	return nil, a.Post.AnnualRead(r.Context(), r.Viewer.Account, y)
}
