package adminapi

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// upkeep is what would go now if things were kept for so many days.
type upkeep struct {
	MediaFiles int64 `json:"media_files"`
	MediaBytes int64 `json:"media_bytes"`
	Posts      int64 `json:"posts"`
	Addresses  int64 `json:"addresses"`
}

// upkeep is GET /api/coterie/v1/admin/upkeep, with the days of media_days,
// post_days and address_days; of what is not named nothing is counted.
func (a *API) upkeep(r *httpkit.Request) (any, error) {
	var out upkeep
	for _, c := range []struct {
		name  string
		count func(unseen time.Duration) error
	}{
		{"media_days", func(d time.Duration) (err error) {
			out.MediaFiles, out.MediaBytes, err = a.Media.Prune(r.Context(), d, true, nil)
			return err
		}},
		{"post_days", func(d time.Duration) (err error) {
			out.Posts, err = a.Store.CountOldMirrors(r.Context(), a.Now().Add(-d))
			return err
		}},
		{"address_days", func(d time.Duration) (err error) {
			out.Addresses, err = a.Store.CountOldAddresses(r.Context(), a.Now().Add(-d))
			return err
		}},
	} {
		days, _ := r.Params.Int(c.name)
		if days < 0 || days > domain.MostDays {
			return nil, domain.Errorf(domain.Invalid, "Things are kept for 1 to %d days.", domain.MostDays)
		}
		if days == 0 {
			continue
		}
		if err := c.count(domain.Days(int(days))); err != nil {
			return nil, err
		}
	}
	return out, nil
}
