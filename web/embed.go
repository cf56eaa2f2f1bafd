// Package web holds the files the server shows as they are: styles, logo,
// icons, fonts and default pictures. Any package may import it; it imports only
// the standard library. Everything in it is read-only, so safe for concurrent
// use.
package web

import "embed"

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
