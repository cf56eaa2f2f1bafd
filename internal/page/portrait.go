package page

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// palettes are the colours of sky, sun, hills, ground and fur in which the
// default portrait is painted, so that people without a picture can be told
// apart on a page. The first is that of avatar.svg.
var palettes = [...][5]string{
	{"#E0EFE6", "#FBEFD3", "#B9D9C6", "#2F7D5E", "#E2B878"},
	{"#E9EAF8", "#FFF8E8", "#C5C9EE", "#474C9C", "#D9A066"},
	{"#FBEFD3", "#FFFFFF", "#F3D08F", "#B07A1E", "#C98F55"},
	{"#FBE7E1", "#FFF3D6", "#F1BFAF", "#B1402A", "#EBCB94"},
	{"#D9EAF2", "#FFF3D6", "#A9CBDD", "#2C6E8F", "#E8C48E"},
	{"#F0E4F5", "#FFF8E8", "#D5B6E3", "#7A4A94", "#D8A97A"},
	{"#EDF2D8", "#FFFFFF", "#C9D79A", "#5F7A22", "#BD8A58"},
}

func portraitName(i int) string { return fmt.Sprintf("portrait-%d.svg", i) }

// addPortraits paints the default portrait in every palette.
func (a *assets) addPortraits() error {
	drawing, ok := a.byName["avatar.svg"]
	if !ok {
		return fmt.Errorf("no avatar.svg to paint")
	}
	for i, colours := range palettes {
		var swap []string
		for j, c := range colours {
			swap = append(swap, palettes[0][j], c)
		}
		if err := a.put(portraitName(i), []byte(strings.NewReplacer(swap...).Replace(string(drawing.plain)))); err != nil {
			return err
		}
	}
	return nil
}

// face is the picture of a person: the own one, or the default portrait in
// colours that stay the same for that person, on our pages and in the client,
// which counts the same way (web/src/lib/portrait.ts).
func (a *assets) face(p Account) (string, error) {
	if !strings.HasSuffix(p.Avatar, MissingAvatar) {
		return p.Avatar, nil
	}
	name, _, _ := strings.Cut(p.Handle, "@")
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(strings.ToLower(name)))
	return a.path(portraitName(int(sum.Sum32() % uint32(len(palettes)))))
}

// portraits are the addresses of the default portraits in every palette.
func (a *assets) portraits() (string, error) {
	list := make([]string, len(palettes))
	for i := range palettes {
		var err error
		if list[i], err = a.path(portraitName(i)); err != nil {
			return "", err
		}
	}
	return strings.Join(list, " "), nil
}
