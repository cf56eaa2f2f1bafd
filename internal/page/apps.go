package page

import (
	"net/http"
	"time"
)

// Apps is the list of apps a person has let in. Each has a form that posts
// app=ID to Action.
type Apps struct {
	Meta
	Action string
	Apps   []App
	Notice string // what was just done, "" for nothing
}

// App is one authorised application.
type App struct {
	ID, Name, Website string
	Scopes            []string
	Granted, LastUsed time.Time // LastUsed zero if never
}

// Apps writes the list of authorised apps.
func (p *Pages) Apps(w http.ResponseWriter, r *http.Request, d Apps) {
	l := p.Locale(r)
	rows := make([]appRow, len(d.Apps))
	for i, a := range d.Apps {
		rows[i] = appRow{a, grants(l, a.Scopes)}
	}
	w.Header().Set("Cache-Control", "no-store")
	d.Meta.Title, d.NoIndex = l.T("apps.title"), true
	p.render(w, r, http.StatusOK, "apps", d.Meta, appsView{d, rows})
}

type appsView struct {
	Apps
	Rows []appRow
}

type appRow struct {
	App
	Grants []Grant
}
