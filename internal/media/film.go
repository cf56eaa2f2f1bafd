package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/picture"
)

// outcome is what became of video, sound or a picture of a newer kind.
type outcome struct {
	kind       domain.AttachmentKind
	result     // of the preview, and the size of what is shown
	out, small made
	film       film
	end        []func() // gives its files back
}

func (o *outcome) close() {
	for _, f := range o.end {
		f()
	}
}

// keepOpen takes a file that outcome gives back.
func (o *outcome) keepOpen(f *os.File) { o.end = append(o.end, func() { _ = f.Close() }) }

// Names of files in a shop.
const (
	shopIn     = "in"
	shopPoster = "poster.png"
)

// develop makes of a file what is playable everywhere, without what is private
// in it (behaviours 10.4). What cannot be taken is Invalid, in words for whoever
// sent it.
func (s *Service) develop(ctx context.Context, in io.Reader, kind picture.Type) (*outcome, error) {
	w, err := s.openShop()
	if err != nil {
		return nil, err
	}
	defer w.close()
	if err := writeFile(w.path(shopIn), in); err != nil {
		return nil, err
	}
	o := &outcome{}
	switch kind {
	case picture.AVIF:
		err = w.avif(ctx, o)
	case picture.HEIC:
		err = w.heic(ctx, o)
	default:
		err = w.film(ctx, o, kind)
	}
	if errors.Is(err, errProgram) {
		s.Log.InfoContext(ctx, "ffmpeg did not take a file", "type", kind, "err", err)
		err = errBroken
	}
	if err != nil {
		o.close()
		return nil, err
	}
	return o, nil
}

func writeFile(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write a temporary file: %w", err)
	}
	if _, err = io.Copy(f, r); err != nil {
		err = fmt.Errorf("write a temporary file: %w", err)
	}
	return errors.Join(err, f.Close())
}

// avif makes a JPEG or PNG of an AVIF.
func (w *shop) avif(ctx context.Context, o *outcome) error {
	f, err := w.probe(ctx, shopIn, picture.AVIF)
	if err != nil {
		return err
	}
	if f.video == nil {
		return errBroken
	}
	if err := f.check(picture.AVIF); err != nil {
		return err
	}
	turns, err := w.whole(f)
	if err != nil {
		return err
	}
	err = w.still(ctx, picture.AVIF, f.video.width, f.video.height, f.video.format, "", turns)
	if err != nil {
		return err
	}
	return w.finish(ctx, o, nil)
}

// heic makes a JPEG or PNG of a HEIC.
func (w *shop) heic(ctx context.Context, o *outcome) error {
	t, err := w.unpack(ctx)
	if err != nil {
		return err
	}
	f, err := w.probe(ctx, shopIn, picture.HEIC)
	if err != nil {
		return err
	}
	if f.video == nil || f.video.width != t.TileWidth || f.video.height != t.TileHeight {
		return errBroken
	}
	whole := fmt.Sprintf("tile=%dx%d,crop=%d:%d:0:0,", t.Columns, t.Rows, t.Width, t.Height)
	if err := w.still(ctx, picture.HEIC, t.Width, t.Height, f.video.format, whole, t.Turns); err != nil {
		return err
	}
	return w.finish(ctx, o, t.Profile)
}

// unpack puts the frames of a HEIC in the place of the file.
func (w *shop) unpack(ctx context.Context) (*picture.Tiles, error) {
	var r result
	b, err := w.look(ctx, shopIn, task{Purpose: forTiles}, &r)
	if err != nil {
		return nil, err
	}
	defer b.close()
	_, err = b.out.Seek(0, io.SeekStart)
	if err == nil {
		err = os.Remove(w.path(shopIn))
	}
	if err == nil {
		err = writeFile(w.path(shopIn), b.out)
	}
	if err != nil {
		return nil, fmt.Errorf("write the frames of a picture: %w", err)
	}
	return &r.Tiles, nil
}

// still writes a picture as a PNG, after the filters named first.
func (w *shop) still(ctx context.Context, kind picture.Type, width, height int, format, first string, turns int) error {
	width, height = picture.Within(width, height, domain.MaxPicturePixels)
	return w.encode(ctx, shopPoster, kind, "-map", "0:v:0", "-frames:v", "1", "-vf", fmt.Sprintf("%sscale=%d:%d", first, width, height)+quarters[turns],
		"-pix_fmt", pixels(format), "-c:v", "png", "-compression_level", "1", "-f", "image2")
}

// finish takes the PNG for the picture that was sent.
func (w *shop) finish(ctx context.Context, o *outcome, profile []byte) error {
	b, err := w.look(ctx, shopPoster, task{Purpose: forAttachment, Lossy: true, Profile: profile}, &o.result)
	if err != nil {
		return err
	}
	o.end = append(o.end, b.close)
	o.kind = domain.AttachmentImage
	o.out, o.small, err = b.made(o.result)
	return err
}

// quarters are the filters for quarters of a turn, against the clock.
var quarters = [4]string{"", ",transpose=cclock", ",hflip,vflip", ",transpose=clock"}

// pixels is the format of a PNG that keeps what shines through.
func pixels(format string) string {
	if len(format) > 3 && (format[:4] == "yuva" || format[:4] == "gbra") || format == "rgba" || format == "argb" || format == "bgra" {
		return "rgba"
	}
	return "rgb24"
}

// whole says how an AVIF is to be turned. It refuses one of tiles of which the
// program sees but one.
func (w *shop) whole(f *film) (turns int, err error) {
	head, err := os.Open(w.path(shopIn))
	if err != nil {
		return 0, fmt.Errorf("read an upload: %w", err)
	}
	defer head.Close()
	b, err := io.ReadAll(io.LimitReader(head, domain.MaxImageBytes))
	if err != nil {
		return 0, fmt.Errorf("read an upload: %w", err)
	}
	width, height, turns := picture.StillSize(b)
	if f.video.turned { // by what the program found out itself, which is not heeded below
		f.video.width, f.video.height = f.video.height, f.video.width
	}
	if width*height > f.video.width*f.video.height {
		return 0, errTiles
	}
	return turns, nil
}

// encode runs ffmpeg on the file in the shop.
func (w *shop) encode(ctx context.Context, to string, kind picture.Type, args ...string) error {
	all := slices.Concat([]string{"-v", "error", "-nostdin", "-y"}, turning(kind), input(kind), []string{"-i", shopIn},
		[]string{"-map_metadata", "-1", "-map_chapters", "-1", "-dn", "-sn", "-fflags", "+bitexact", "-threads", "2"}, args, []string{to})
	_, err := w.run(ctx, w.s.Tools.FFmpeg, all...)
	return err
}

// turning keeps ffmpeg from turning a picture that is turned here: some versions
// do, some do not.
func turning(kind picture.Type) []string {
	if kind == picture.AVIF {
		return []string{"-noautorotate"}
	}
	return nil
}

// look has a worker look at a picture in the shop.
func (w *shop) look(ctx context.Context, name string, t task, r *result) (*bench, error) {
	in, _, err := w.open(name)
	if err != nil {
		return nil, err
	}
	b, err := w.s.newBench(in)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	if *r, err = w.s.work(ctx, t, b); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// film makes video or sound of the file in the shop.
func (w *shop) film(ctx context.Context, o *outcome, kind picture.Type) error {
	f, err := w.probe(ctx, shopIn, kind)
	if err != nil {
		return err
	}
	if err := f.check(kind); err != nil {
		return err
	}
	shot := f.cover
	var to picture.Type
	var args []string
	switch {
	case f.video != nil:
		shot, to, o.kind = f.video, picture.MP4, domain.AttachmentVideo
		if f.audio == nil {
			o.kind = domain.AttachmentGIFV
		}
		args = f.videoArgs(kind)
	case f.audio != nil:
		o.kind = domain.AttachmentAudio
		to, args = f.audioArgs(kind)
	default:
		return errType
	}
	name := "out." + to.Extension()
	if err := w.encode(ctx, name, kind, args...); err != nil {
		return err
	}
	if err := w.result(ctx, o, name, to); err != nil {
		return err
	}
	if shot == nil {
		return nil
	}
	return w.poster(ctx, o, shot, kind)
}

// result takes what was made.
func (w *shop) result(ctx context.Context, o *outcome, name string, to picture.Type) error {
	f, err := w.probe(ctx, name, to)
	if err != nil {
		return err
	}
	file, size, err := w.open(name)
	if err != nil {
		return err
	}
	o.keepOpen(file)
	if size > domain.MaxVideoBytes {
		return domain.Errorf(domain.Invalid, "Validation failed: File would be larger than %d MB once it is playable everywhere", domain.MaxVideoBytes>>20)
	}
	o.film, o.out = *f, made{blob.NewName(to.Extension()), file, size}
	return nil
}

// poster makes the preview of a still picture: the first one of a video, or the
// cover of sound. Sound does without where its cover is broken.
func (w *shop) poster(ctx context.Context, o *outcome, shot *track, kind picture.Type) error {
	width, height := picture.Within(shot.width, shot.height, domain.MaxPreviewPixels)
	err := w.encode(ctx, shopPoster, kind, "-map", "0:"+strconv.Itoa(shot.index), "-frames:v", "1",
		"-vf", fmt.Sprintf("scale=%d:%d", width, height), "-pix_fmt", "rgb24", "-c:v", "png", "-f", "image2")
	var b *bench
	if err == nil {
		b, err = w.look(ctx, shopPoster, task{Purpose: forThumbnail, Lossy: true}, &o.result)
	}
	if err != nil {
		if o.kind == domain.AttachmentAudio && (errors.Is(err, errProgram) || domain.Is(err, domain.Invalid)) {
			return nil
		}
		return err
	}
	o.end = append(o.end, b.close)
	_, o.small, err = b.made(o.result)
	return err
}

// maxFilmPixels is the size that video is made, where it is made anew: that of
// full HD, which plays smoothly everywhere.
const maxFilmPixels = 1920 * 1080

// videoArgs make H.264 with AAC. What is that already stays as it is.
func (f *film) videoArgs(kind picture.Type) []string {
	v := f.video
	args := []string{"-map", "0:" + strconv.Itoa(v.index)}
	if v.codec == "h264" && v.format == "yuv420p" && demuxers[kind] == "mov" {
		args = append(args, "-c:v", "copy")
	} else {
		width, height := picture.Within(v.width, v.height, maxFilmPixels)
		args = append(args, "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-profile:v", "high", "-pix_fmt", "yuv420p",
			"-vf", fmt.Sprintf("scale=%d:%d", even(width), even(height)), "-fps_mode", "vfr", "-g", "250", "-flags", "+bitexact")
	}
	if f.audio != nil {
		args = append(args, "-map", "0:"+strconv.Itoa(f.audio.index))
		args = append(args, f.aac()...)
	} else {
		args = append(args, "-an")
	}
	return append(args, "-movflags", "+faststart", "-f", "mp4")
}

// aac keeps AAC, and makes it of all else.
func (f *film) aac() []string {
	if f.audio.codec == "aac" {
		return []string{"-c:a", "copy"}
	}
	return []string{"-c:a", "aac", "-b:a", "160k", "-ac", "2", "-flags:a", "+bitexact"}
}

// even is what H.264 wants of a side.
func even(n int) int { return max(2, n&^1) }

// audioArgs keep MP3 and AAC as they are, and make MP3 of all else.
func (f *film) audioArgs(kind picture.Type) (picture.Type, []string) {
	args := []string{"-map", "0:" + strconv.Itoa(f.audio.index), "-vn"}
	switch {
	case f.audio.codec == "aac" && demuxers[kind] == "mov":
		return picture.M4A, append(args, "-c:a", "copy", "-movflags", "+faststart", "-f", "ipod")
	case f.audio.codec == "mp3" && kind == picture.MP3:
		args = append(args, "-c:a", "copy")
	default:
		args = append(args, "-c:a", "libmp3lame", "-q:a", "2", "-ac", "2")
	}
	return picture.MP3, append(args, "-id3v2_version", "0", "-write_id3v1", "0", "-f", "mp3")
}

// tell says in the attachment what became of it.
func (o *outcome) tell(a *domain.Attachment) {
	a.State, a.Kind, a.File = domain.MediaDone, o.kind, o.out.name
	a.MediaType = TypeOf(filepath.Base(o.out.name))
	if a.Small == "" {
		a.Small, a.Blurhash, a.SmallWidth, a.SmallHeight = o.small.name, o.Blurhash, o.SmallWidth, o.SmallHeight
	}
	a.Width, a.Height = o.Width, o.Height
	if o.kind == domain.AttachmentImage {
		return
	}
	a.Width, a.Height, a.Duration, a.Bitrate = 0, 0, o.film.duration, o.film.bitrate
	if v := o.film.video; v != nil {
		a.Width, a.Height, a.FrameRate = v.width, v.height, v.rate
	}
}
