package adminapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// exportBlocks is GET /api/coterie/v1/admin/domain_blocks/export.
func (a *API) exportBlocks(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.ExportBlocks(r.Context())
	return struct {
		List string `json:"list"`
	}{string(list)}, err
}

// importBlocks is POST /api/coterie/v1/admin/domain_blocks/import.
func (a *API) importBlocks(r *httpkit.Request) (any, error) {
	list, ok := r.Params.String("list")
	if !ok {
		return nil, domain.Errorf(domain.BadRequest, "The parameter list is missing")
	}
	done, odd, err := a.Moderation.ImportBlocks(r.Context(), r.Viewer.Account, []byte(list), r.Params.BoolOr("dry_run", false))
	return struct {
		Rules any      `json:"rules"`
		Odd   []string `json:"odd"` // lines that are no domains
	}{done, append([]string{}, odd...)}, err
}
