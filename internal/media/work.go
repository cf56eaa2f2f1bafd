package media

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"time"

	"coterie/internal/container"
	"coterie/internal/domain"
	"coterie/internal/picture"
	"coterie/internal/sandbox"
)

// purpose is what a file is made into.
type purpose string

const (
	forAttachment purpose = "attachment"
	forAvatar     purpose = "avatar"
	forHeader     purpose = "header"
	forEmoji      purpose = "emoji"
	forServer     purpose = "server"    // the picture of the community
	forIcon       purpose = "icon"      // the icon of the community
	forThumbnail  purpose = "thumbnail" // the preview of something that is no picture
	forProbe      purpose = "probe"     // of nothing: what confines the worker is asked
	forTiles      purpose = "tiles"     // the frames of a HEIC, out of their container
	forPlain      purpose = "plain"     // video or sound that plays as it is
	forProgram    purpose = "program"   // the worker becomes a program of the system
)

// task is what a worker is told.
type task struct {
	Purpose purpose `json:"purpose"`
	// Side is that of the square an icon is made, in pixels.
	Side int `json:"side,omitempty"`
	// Lossy says of a picture that a program of ours wrote that it is kept as a
	// JPEG where nothing shines through.
	Lossy bool `json:"lossy,omitempty"`
	// Profile is that of the picture's colours, where it does not say it itself.
	Profile []byte `json:"profile,omitempty"`
	// Kind is the type of video or sound.
	Kind picture.Type `json:"kind,omitempty"`
	// Program is a command, and Dir where it works.
	Program []string `json:"program,omitempty"`
	Dir     string   `json:"dir,omitempty"`
}

// result is what a worker says of the files it wrote.
type result struct {
	Fault       fault        `json:"fault,omitempty"`
	Missing     []string     `json:"missing,omitempty"` // of what should confine the worker
	Type        picture.Type `json:"type"`
	SmallType   picture.Type `json:"small_type"`
	Animated    bool         `json:"animated"`
	Blurhash    string       `json:"blurhash"`
	Width       int          `json:"width"`
	Height      int          `json:"height"`
	SmallWidth  int          `json:"small_width"`
	SmallHeight int          `json:"small_height"`

	Film  container.Info `json:"film"`
	Tiles picture.Tiles  `json:"tiles"`
}

// fault is why a file cannot be taken.
type fault string

const (
	faultType   fault = "type"
	faultLarge  fault = "large"
	faultBroken fault = "broken"
	faultPlays  fault = "plays" // not everywhere
	faultSmall  fault = "small" // for an icon
)

// bench is where a worker works: the file as it came, and those it makes.
type bench struct{ in, out, small *os.File }

func (s *Service) newBench(in *os.File) (*bench, error) {
	b := &bench{in: in}
	var err error
	if b.out, err = s.scratch(); err != nil {
		return nil, err
	}
	if b.small, err = s.scratch(); err != nil {
		return nil, errors.Join(err, b.out.Close())
	}
	return b, nil
}

// close gives the files back, the one that came too.
func (b *bench) close() {
	for _, f := range []*os.File{b.in, b.out, b.small} {
		if f != nil {
			_ = f.Close() // they have no names
		}
	}
}

// leave leaves files to whoever asked for them.
func (b *bench) leave(files ...made) {
	for _, m := range files {
		switch m.file {
		case b.out:
			b.out = nil
		case b.small:
			b.small = nil
		}
	}
}

// ProcessTime bounds the processing of one upload.
const ProcessTime = 10 * time.Minute

// workTime bounds one task.
const workTime = 30 * time.Second

// work has a worker do the task. A file that cannot be taken is Invalid, in
// words for whoever sent it.
func (s *Service) work(ctx context.Context, t task, b *bench) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	var r result
	if len(s.Worker) == 0 {
		r = perform(t, b)
	} else {
		var err error
		if r, err = s.delegate(ctx, t, b); err != nil {
			return result{}, err
		}
	}
	switch r.Fault {
	case "":
		return r, nil
	case faultType:
		return result{}, errType
	case faultLarge:
		return result{}, errPixels
	case faultPlays:
		return result{}, errConvert
	case faultSmall:
		return result{}, errSmall
	}
	return result{}, errBroken
}

// The words for files that are not taken.
var (
	errType   = domain.Errorf(domain.Invalid, "Validation failed: File content type is invalid")
	errPixels = domain.Errorf(domain.Invalid, "Validation failed: File has too many pixels or frames")
	errBroken = domain.Errorf(domain.Invalid, "Validation failed: File could not be read; it seems to be damaged")
	errSmall  = domain.Errorf(domain.Invalid, "An icon needs at least %d by %d pixels.", domain.LeastIconSide, domain.LeastIconSide)
)

// delegate starts a process for the task. One that dies has met a file that
// kills decoders.
func (s *Service) delegate(ctx context.Context, t task, b *bench) (result, error) {
	in, err := json.Marshal(t)
	if err != nil {
		return result{}, fmt.Errorf("tell a worker its task: %w", err)
	}
	cmd := exec.CommandContext(ctx, s.Worker[0], s.Worker[1:]...)
	cmd.Env = []string{"GOMAXPROCS=2"}
	cmd.Args = append(cmd.Args, string(in))
	cmd.ExtraFiles = []*os.File{b.in, b.out, b.small}
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	var died *exec.ExitError
	if errors.As(err, &died) || ctx.Err() != nil {
		s.Log.InfoContext(ctx, "a media worker died of a file", "purpose", t.Purpose, "err", err)
		return result{Fault: faultBroken}, nil
	}
	if err != nil {
		return result{}, fmt.Errorf("run a media worker: %w", err)
	}
	var r result
	if err := json.Unmarshal(out, &r); err != nil {
		return result{}, fmt.Errorf("read what a media worker said: %w", err)
	}
	return r, nil
}

// Confined says what should confine workers and is missing on this system.
func (s *Service) Confined(ctx context.Context) (missing []string, err error) {
	if len(s.Worker) == 0 {
		return []string{"a process of its own"}, nil
	}
	b, err := s.newBench(nil)
	if err != nil {
		return nil, err
	}
	defer b.close()
	r, err := s.delegate(ctx, task{Purpose: forProbe}, b)
	if err == nil && r.Fault != "" {
		err = errors.New("the media worker does not start")
	}
	return r.Missing, err
}

// Files of a worker, by number.
const (
	fdIn    = 3
	fdOut   = 4
	fdSmall = 5
)

// workerMemory bounds what a worker may take: a progressive JPEG of the most
// pixels takes 600 MB.
const workerMemory = 1 << 30

// Work is what a worker process does: one task, told as JSON, on the files it
// was given; it says what became of them on w.
func Work(told string, w io.Writer) error {
	var t task
	if err := json.Unmarshal([]byte(told), &t); err != nil {
		return fmt.Errorf("read the task: %w", err)
	}
	if t.Purpose == forProgram {
		return become(t)
	}
	missing := sandbox.Enter(sandbox.Limits{Memory: workerMemory, CPU: int(workTime.Seconds()), File: domain.MaxVideoBytes})
	if t.Purpose == forProbe {
		return json.NewEncoder(w).Encode(result{Missing: missing})
	}
	b := &bench{in: os.NewFile(fdIn, "in"), out: os.NewFile(fdOut, "out"), small: os.NewFile(fdSmall, "small")}
	return json.NewEncoder(w).Encode(perform(t, b))
}

// limits of what is decoded.
var limits = picture.Limits{
	Pixels: domain.MaxImagePixels, GIFPixels: domain.MaxGIFPixels, Frames: domain.MaxFrames, FramesPixels: 200 << 20,
}

// perform does a task. A decoder that panics has met a broken file.
func perform(t task, b *bench) (r result) {
	defer func() {
		if p := recover(); p != nil {
			r = result{Fault: faultBroken}
		}
	}()
	if _, err := b.in.Seek(0, io.SeekStart); err != nil {
		return result{Fault: faultBroken}
	}
	most := int64(domain.MaxImageBytes)
	switch {
	case t.Purpose == forPlain:
		most = domain.MaxVideoBytes
	case t.Lossy:
		most = programFile
	}
	raw, err := io.ReadAll(io.LimitReader(b.in, most+1))
	if err != nil || int64(len(raw)) > most {
		return result{Fault: faultLarge}
	}
	switch t.Purpose {
	case forPlain:
		return performPlain(t.Kind, raw, b)
	case forTiles:
		return performTiles(raw, b)
	}
	p, err := picture.Decode(raw, limits)
	if err != nil {
		return result{Fault: faultOf(err)}
	}
	if t.Profile != nil {
		p.Image = picture.InSRGB(p.Image, t.Profile)
	}
	if size := p.Image.Bounds(); t.Purpose == forIcon && min(size.Dx(), size.Dy()) < domain.LeastIconSide {
		return result{Fault: faultSmall}
	}
	came := picture.Sniff(raw)
	if t.Lossy {
		came = picture.JPEG
	}
	if r, err = write(t, p, came, b); err != nil {
		return result{Fault: faultBroken}
	}
	return r
}

func faultOf(err error) fault {
	switch {
	case errors.Is(err, picture.ErrType):
		return faultType
	case errors.Is(err, picture.ErrLarge):
		return faultLarge
	}
	return faultBroken
}

// write makes the two files of a picture: the one that is shown, and a
// smaller one, or one that does not move.
func write(t task, p *picture.Picture, came picture.Type, b *bench) (r result, err error) {
	why, size := t.Purpose, p.Image.Bounds()
	shown := sized(t, p.Image)
	lossless := !p.Opaque || came == picture.PNG || came == picture.GIF || why == forEmoji || why == forIcon
	r = result{Width: shown.Bounds().Dx(), Height: shown.Bounds().Dy()}
	fits := size.Dx() == r.Width && size.Dy() == r.Height
	switch {
	case p.Animation != nil && fits && why != forServer && why != forIcon:
		r.Type, r.Animated = picture.GIF, true
		err = picture.EncodeAnimation(b.out, p.Animation)
	case why != forThumbnail:
		r.Type, err = picture.Encode(b.out, shown, lossless)
	}
	if err != nil {
		return r, err
	}
	if why == forAvatar || why == forHeader || why == forEmoji || why == forIcon {
		if r.Animated {
			r.SmallType, err = picture.Encode(b.small, shown, true)
		}
		return r, err
	}
	w, h := picture.Within(size.Dx(), size.Dy(), domain.MaxPreviewPixels)
	small := picture.Scale(p.Image, w, h)
	r.SmallWidth, r.SmallHeight = w, h
	r.Blurhash = picture.Blurhash(small)
	r.SmallType, err = picture.Encode(b.small, small, !p.Opaque)
	return r, err
}

// sized is a picture in the size it is shown in.
func sized(t task, img image.Image) image.Image {
	b := img.Bounds()
	most := domain.MaxPicturePixels
	switch t.Purpose {
	case forIcon: // what asks for it counts on its size
		return picture.Scale(picture.Fill(img, t.Side, t.Side), t.Side, t.Side)
	case forAvatar:
		return picture.Fill(img, domain.AvatarSide, domain.AvatarSide)
	case forEmoji:
		most = domain.MaxEmojiPixels
	case forHeader, forServer:
		most = domain.MaxHeaderPixels
	}
	w, h := picture.Within(b.Dx(), b.Dy(), most)
	return picture.Scale(img, w, h)
}

// plain is what takes a type as it is, without what is private in it.
var plain = map[picture.Type]func([]byte) ([]byte, container.Info, error){
	picture.MP4: container.MP4, picture.M4A: container.MP4, picture.WebM: container.WebM,
	picture.MP3: container.MP3, picture.FLAC: container.FLAC, picture.WAV: container.WAV,
}

// performPlain writes video or sound as it is.
func performPlain(kind picture.Type, raw []byte, b *bench) result {
	clean := plain[kind]
	if clean == nil {
		return result{Fault: faultType}
	}
	out, info, err := clean(raw)
	switch {
	case errors.Is(err, container.ErrConvert):
		return result{Fault: faultPlays}
	case err != nil:
		return result{Fault: faultBroken}
	case info.Width > 0 && info.Height > 0 && info.Width > domain.MaxVideoPixels/info.Height:
		return result{Fault: faultLarge}
	}
	if _, err := b.out.Write(out); err != nil {
		return result{Fault: faultBroken}
	}
	return result{Type: kind, Film: info}
}

// performTiles writes what a HEIC is put together of.
func performTiles(raw []byte, b *bench) result {
	t, err := picture.ReadHEIC(raw, limits)
	if err != nil {
		return result{Fault: faultOf(err)}
	}
	if _, err := b.out.Write(t.Frames); err != nil {
		return result{Fault: faultBroken}
	}
	return result{Tiles: *t}
}
