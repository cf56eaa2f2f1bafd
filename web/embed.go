// Package web holds the files the server shows as they are: styles, logo,
// icons, fonts and default pictures. Any package may import it; it imports only
// the standard library. Everything in it is read-only, so safe for concurrent
// use.
package web

import (
	"embed"
	"io/fs"
)

// Static is everything served to browsers, below the folder "static":
// style sheets, logo, fonts (SIL Open Font License, see the OFL-*.txt beside
// them) and the default pictures.
//
//go:embed static
var Static embed.FS

// Icons are the line icons that pages inline, "icons/NAME.svg" (Lucide, ISC
// licence, see icons/LICENSE.txt).
//
//go:embed icons
var Icons embed.FS

// client is what "npm run build" makes of the web client below the folder
// "dist". Without Node it holds nothing but a placeholder, and the server shows
// its own pages only.
//
//go:embed all:dist
var client embed.FS

// Client is the built web client: "manifest.json" names what its shell loads,
// each text stands beside its compressed forms, "NAME.br" and "NAME.gz".
func Client() (fs.FS, error) { return fs.Sub(client, "dist") }
