package domain

import (
	"maps"
	"slices"
)

// Icon is the icon of a community: the names of its files by the side of their
// square in pixels, one for each of IconSides; empty for the usual one.
type Icon map[int]string

// Sides of an icon, each for one use.
const (
	IconSmall  = 48  // tabs of browsers
	IconTouch  = 180 // home screens of iOS
	IconMedium = 192 // home screens elsewhere, and pages
	IconLarge  = 512 // the screen while an installed app starts

	// LeastIconSide is how wide and high a picture must be to become an icon.
	LeastIconSide = IconMedium
)

// IconSides are the sides that are made of an icon, the least first.
var IconSides = []int{IconSmall, IconTouch, IconMedium, IconLarge}

// Path is where the icon of a side is shown, as MediaPath; "" for the usual one.
func (i Icon) Path(side int) string { return MediaPath(i[side]) }

// Files are the names of the files, in no order.
func (i Icon) Files() []string { return slices.Collect(maps.Values(i)) }
