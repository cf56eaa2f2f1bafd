package ownapi

import (
	"io"
	"net/http"
	"time"

	"coterie/internal/archive"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// exportScopes are what a token needs to take each kind of data along.
var exportScopes = map[domain.DataKind]string{
	domain.DataFollowing: "read:follows", domain.DataLists: "read:lists", domain.DataMutes: "read:mutes", domain.DataBlocks: "read:blocks",
	domain.DataDomainBlocks: "read:blocks", domain.DataBookmarks: "read:bookmarks", domain.DataFilters: "read:filters",
}

// exportRoutes are GET /exports/FILE for each kind of data.
func (a *API) exportRoutes(route func(method, path, scope string, limit httpkit.LimitClass, h httpkit.Handler) httpkit.Route) []httpkit.Route {
	var list []httpkit.Route
	for _, kind := range archive.Kinds() {
		list = append(list, route(http.MethodGet, "/exports/"+archive.FileName(kind), exportScopes[kind], httpkit.LimitGeneral, a.export(kind)))
	}
	return list
}

func (a *API) export(kind domain.DataKind) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		file, err := a.Archive.Export(r.Context(), r.Viewer.Account, kind)
		return download(archive.FileName(kind), kind, file), err
	}
}

// download is a file that a browser keeps instead of showing it.
func download(name string, kind domain.DataKind, file []byte) any {
	form := "text/csv; charset=utf-8"
	if kind == domain.DataFilters {
		form = "application/json; charset=utf-8"
	}
	return httpkit.Status(http.StatusOK, httpkit.Content{Type: form, Body: file}).With("Content-Disposition", `attachment; filename="`+name+`"`)
}

// exports is GET /exports: how much there is of each kind.
func (a *API) exports(r *httpkit.Request) (any, error) {
	return a.Archive.Sizes(r.Context(), r.Viewer.Account)
}

type importEntity struct {
	ID         string             `json:"id"`
	Type       domain.DataKind    `json:"type"`
	Mode       string             `json:"mode"`
	State      domain.ImportState `json:"state"`
	FileName   string             `json:"file_name"`
	Rows       int                `json:"rows"`
	Done       int                `json:"done"`
	Removed    int                `json:"removed"`
	Failed     int                `json:"failed"`
	Plan       importPlan         `json:"plan"`
	Failures   []importFailure    `json:"failures,omitempty"`
	CreatedAt  time.Time          `json:"created_at"`
	FinishedAt *time.Time         `json:"finished_at"`
}

type importPlan struct {
	New     int `json:"new"`
	Known   int `json:"known"`
	Removed int `json:"removed"`
}

type importFailure struct {
	Line   int                 `json:"line"`
	Cells  []string            `json:"cells"`
	Reason domain.ImportReason `json:"reason"`
}

const (
	merge     = "merge"
	overwrite = "overwrite"
)

func importOf(i *domain.Import, failures []domain.ImportFailure) importEntity {
	e := importEntity{
		ID: i.ID.String(), Type: i.Kind, Mode: merge, State: i.State, FileName: i.FileName, Rows: i.Total, Done: i.Done, Removed: i.Removed,
		Failed: i.Failures, Plan: importPlan{i.Fresh, i.Known, i.Leaving}, CreatedAt: i.CreatedAt, FinishedAt: orNull(i.FinishedAt),
	}
	if i.Overwrite {
		e.Mode = overwrite
	}
	for _, f := range failures {
		e.Failures = append(e.Failures, importFailure{f.Line, f.Cells, f.Reason})
	}
	return e
}

// propose is POST /imports: reads the file data of the type and says what
// would happen.
func (a *API) propose(r *httpkit.Request) (any, error) {
	file := r.Params.File("data")
	mode := r.Params.StringOr("mode", merge)
	switch {
	case file == nil:
		return nil, domain.Errorf(domain.Invalid, "Validation failed: Data can't be blank")
	case mode != merge && mode != overwrite:
		return nil, domain.Errorf(domain.Invalid, "Validation failed: Mode is not included in the list")
	}
	content, err := io.ReadAll(io.LimitReader(file.Open(), archive.MaxFile+1))
	if err != nil {
		return nil, err
	}
	kind := domain.DataKind(r.Params.StringOr("type", ""))
	made, err := a.Archive.Propose(r.Context(), r.Viewer.Account, kind, mode == overwrite, file.Name, content)
	if err != nil {
		return nil, err
	}
	return a.showImport(r, made.ID)
}

// shownFailures is how many lines that were not taken an answer names.
const shownFailures = 20

func (a *API) showImport(r *httpkit.Request, id domain.ID) (any, error) {
	i, failures, err := a.Archive.Import(r.Context(), r.Viewer.Account, id, shownFailures)
	return importOf(&i, failures), err
}

// imports is GET /imports: the newest, newest first.
func (a *API) imports(r *httpkit.Request) (any, error) {
	list, err := a.Archive.Imports(r.Context(), r.Viewer.Account)
	out := make([]importEntity, 0, len(list))
	for i := range list {
		out = append(out, importOf(&list[i], nil))
	}
	return out, err
}

// oneImport is GET /imports/{id}.
func (a *API) oneImport(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return a.showImport(r, id)
}

// importFailures is GET /imports/{id}/failures: the lines as a file.
func (a *API) importFailures(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	kind, file, err := a.Archive.Failures(r.Context(), r.Viewer.Account, id)
	return download("failed_"+archive.FileName(kind), kind, file), err
}

// startImport is POST /imports/{id}/start.
func (a *API) startImport(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	i, err := a.Archive.Start(r.Context(), r.Viewer.Account, id)
	return importOf(&i, nil), err
}

// forgetImport is DELETE /imports/{id}.
func (a *API) forgetImport(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Archive.Forget(r.Context(), r.Viewer.Account, id)
}

// severedEntity is what a decision about a server or somebody there ended.
type severedEntity struct {
	ID         domain.ID            `json:"id"`
	Type       domain.SeveranceType `json:"type"`
	TargetName string               `json:"target_name"`
	Followers  int                  `json:"followers_count"`
	Following  int                  `json:"following_count"`
	CreatedAt  time.Time            `json:"created_at"`
}

// severed is GET /severed_relationships: the latest, newest first.
func (a *API) severed(r *httpkit.Request) (any, error) {
	list, err := a.Archive.Severed(r.Context(), r.Viewer.Account)
	out := make([]severedEntity, 0, len(list))
	for _, s := range list {
		out = append(out, severedEntity{s.ID, s.Type, s.Target, s.Followers, s.Following, s.CreatedAt})
	}
	return out, err
}

// severedFile is GET /severed_relationships/{id}/followers.csv or following.csv.
func (a *API) severedFile(name string, followers bool) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		file, err := a.Archive.ExportSevered(r.Context(), r.Viewer.Account, id, followers)
		return download(name, domain.DataFollowing, file), err
	}
}
