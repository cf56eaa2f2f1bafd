package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/picture"
	"coterie/internal/store"
)

// Upload is a file that somebody sends.
type Upload struct {
	File        io.ReadSeeker
	Size        int64
	Description string
	Focus       domain.Focus
	// Thumbnail is the preview of sound or video, nil for none.
	Thumbnail     io.ReadSeeker
	ThumbnailSize int64
}

// Create takes an upload (behaviours 10.1). Pictures are processed at once
// unless many are, everything else by a job: State says which. With wait it
// is processed when Create returns, unless many are.
func (s *Service) Create(ctx context.Context, actor domain.ID, up Upload, wait bool) (domain.Attachment, error) {
	kind, err := s.admit(up.File, up.Size)
	if err != nil {
		return domain.Attachment{}, err
	}
	a := domain.Attachment{Account: actor, Kind: kindOf(kind), MediaType: string(kind), State: domain.MediaWaiting, Focus: clamp(up.Focus)}
	if a.Description, err = describe(up.Description); err != nil {
		return a, err
	}
	moves, err := s.moves(kind, up.File)
	if err != nil {
		return a, err
	}
	if up.Thumbnail != nil && a.Kind != domain.AttachmentImage {
		t, err := s.thumbnail(ctx, actor, up.Thumbnail, up.ThumbnailSize)
		if err != nil {
			return a, err
		}
		t.show(&a)
	}
	in, err := s.copy(up.File, up.Size)
	if err != nil {
		return a, err
	}
	b, err := s.newBench(in)
	if err != nil {
		return a, errors.Join(err, in.Close())
	}
	defer b.close()
	if moves && !wait {
		return a, s.later(ctx, &a, b, up.Size, domain.JobProcessFilm)
	}
	if moves {
		leave, ok := take(ctx, s.films, patience)
		if !ok {
			return a, s.later(ctx, &a, b, up.Size, domain.JobProcessFilm)
		}
		defer leave()
		return a, s.finish(ctx, &a, b, s.processFilm)
	}
	leave, ok := s.enter(ctx, patience)
	if !ok {
		return a, s.later(ctx, &a, b, up.Size, domain.JobProcessMedia)
	}
	defer leave()
	return a, s.finish(ctx, &a, b, s.process)
}

// moves reports whether programs of the system work on a file: on video, sound,
// pictures that only they read, and an animated GIF, which becomes a loop.
func (s *Service) moves(kind picture.Type, file io.ReadSeeker) (bool, error) {
	if !s.able().film() {
		return false, nil
	}
	if kind != picture.GIF {
		return !kind.Still(), nil
	}
	raw, err := io.ReadAll(io.LimitReader(file, domain.MaxImageBytes))
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return false, fmt.Errorf("read an upload: %w", err)
	}
	return picture.Frames(raw) > 1, nil
}

// admit tells the type of a file and refuses what is not taken.
func (s *Service) admit(file io.ReadSeeker, size int64) (picture.Type, error) {
	kind, err := sniff(file)
	switch {
	case err != nil:
		return kind, err
	case kind == picture.Unknown:
		return kind, errType
	case kind.Still():
		return s.admitPicture(file, size)
	case !s.takes(kind):
		return kind, needsProgram(kind)
	case kind.Image() && size > domain.MaxImageBytes:
		return kind, tooLarge(domain.MaxImageBytes)
	case size > domain.MaxVideoBytes:
		return kind, tooLarge(domain.MaxVideoBytes)
	}
	return kind, nil
}

// takes reports whether files of a type that is no still picture are taken on
// this system.
func (s *Service) takes(kind picture.Type) bool {
	switch {
	case kind == picture.AVIF:
		return s.able().avif()
	case kind == picture.HEIC:
		return s.able().heic()
	case plain[kind] != nil:
		return true
	}
	return s.able().film()
}

// The words for what this system lacks.
const (
	otherPictures = "send a JPEG, PNG, GIF or WebP instead"
	otherFilms    = "send an MP4 with H.264 and AAC, a WebM, an MP3, a FLAC or a WAV instead"
)

var errConvert = domain.Errorf(domain.Invalid, "Validation failed: File would have to be converted to play everywhere and to keep private what it says of its maker, for which this server lacks ffmpeg; "+otherFilms)

func needsProgram(kind picture.Type) error {
	other := otherFilms
	if kind.Image() {
		other = otherPictures
	}
	return domain.Errorf(domain.Invalid, "Validation failed: File is of type %s, for which this server lacks a suitable ffmpeg; %s", kind, other)
}

// errTiles is for a picture of which the program sees a part.
var errTiles = domain.Errorf(domain.Invalid, "Validation failed: File is an AVIF of several tiles, which are not put together here; "+otherPictures)

// admitPicture is admit for what has to be a picture.
func (s *Service) admitPicture(file io.ReadSeeker, size int64) (picture.Type, error) {
	kind, err := sniff(file)
	if err != nil {
		return kind, err
	}
	if !kind.Still() {
		return kind, errType
	}
	if size > domain.MaxImageBytes {
		return kind, tooLarge(domain.MaxImageBytes)
	}
	return kind, nil
}

func tooLarge(most int) error {
	return domain.Errorf(domain.Invalid, "Validation failed: File file size must be less than %d MB", most>>20)
}

// sniff tells the type of a file by its first bytes.
func sniff(file io.ReadSeeker) (picture.Type, error) {
	var head [picture.SniffLength]byte
	n, err := io.ReadFull(file, head[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return picture.Unknown, fmt.Errorf("read an upload: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return picture.Unknown, fmt.Errorf("read an upload: %w", err)
	}
	return picture.Sniff(head[:n]), nil
}

// Types are the media types that are taken on this system (behaviours 10.2),
// under each of their names.
func (s *Service) Types() []string {
	out := []string{string(picture.JPEG), string(picture.PNG), string(picture.GIF), string(picture.WebP)}
	if s.able().avif() {
		out = append(out, string(picture.AVIF))
	}
	if s.able().heic() {
		out = append(out, string(picture.HEIC), "image/heif")
	}
	if s.able().film() {
		return append(out, "video/webm", "video/mp4", "video/quicktime", "video/ogg", "audio/wave", "audio/wav", "audio/x-wav", "audio/x-pn-wave", "audio/vnd.wave",
			"audio/ogg", "audio/vorbis", "audio/mpeg", "audio/mp3", "audio/webm", "audio/flac", "audio/aac", "audio/m4a", "audio/x-m4a", "audio/mp4", "audio/3gpp", "audio/opus")
	}
	return append(out, "video/mp4", "video/webm", "audio/mpeg", "audio/mp3", "audio/webm", "audio/mp4", "audio/m4a", "audio/x-m4a",
		"audio/flac", "audio/wave", "audio/wav", "audio/x-wav", "audio/x-pn-wave", "audio/vnd.wave")
}

func kindOf(t picture.Type) domain.AttachmentKind {
	switch {
	case t.Image():
		return domain.AttachmentImage
	case t.Video():
		return domain.AttachmentVideo
	}
	return domain.AttachmentAudio
}

func describe(text string) (string, error) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > domain.MaxDescription {
		return "", domain.Errorf(domain.Invalid, "Validation failed: Description is too long (maximum is %d characters)", domain.MaxDescription)
	}
	return text, nil
}

func clamp(f domain.Focus) domain.Focus {
	return domain.Focus{X: max(-1, min(1, f.X)), Y: max(-1, min(1, f.Y))}
}

// copy is the file in one without a name, which a worker may be given.
func (s *Service) copy(file io.Reader, size int64) (*os.File, error) {
	f, err := s.scratch()
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(f, io.LimitReader(file, size+1))
	if err == nil && n != size {
		err = domain.Errorf(domain.BadRequest, "The file is not as long as announced")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read a file: %w", err), f.Close())
	}
	return f, nil
}

// later keeps an upload as it came and has a job process it.
func (s *Service) later(ctx context.Context, a *domain.Attachment, b *bench, size int64, kind domain.JobKind) error {
	a.Source = blob.NewName(picture.Type(a.MediaType).Extension())
	if err := s.keep(ctx, a.Account, false, made{a.Source, b.in, size}); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.KeepFiles(a.Source, a.Small); err != nil {
			return err
		}
		if err := tx.InsertUpload(a); err != nil {
			return err
		}
		_, err := job.Enqueue(tx, kind, a.ID, job.Unique(a.ID.String()))
		return err
	})
}

// finish processes the upload on the bench and stores what became of it.
func (s *Service) finish(ctx context.Context, a *domain.Attachment, b *bench, process func(context.Context, *domain.Attachment, *bench) error) error {
	if err := process(ctx, a, b); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.KeepFiles(a.File, a.Small); err != nil {
			return err
		}
		return tx.InsertUpload(a)
	})
}

// process has the files of an upload made and kept.
func (s *Service) process(ctx context.Context, a *domain.Attachment, b *bench) error {
	if !picture.Type(a.MediaType).Still() {
		return s.processPlain(ctx, a, b)
	}
	r, err := s.work(ctx, task{Purpose: forAttachment}, b)
	if err != nil {
		return err
	}
	out, small, err := b.made(r)
	if err != nil {
		return err
	}
	if err := s.keep(ctx, a.Account, false, out, small); err != nil {
		return err
	}
	a.State, a.MediaType, a.File, a.Small = domain.MediaDone, string(r.Type), out.name, small.name
	a.Blurhash, a.Width, a.Height, a.SmallWidth, a.SmallHeight = r.Blurhash, r.Width, r.Height, r.SmallWidth, r.SmallHeight
	return nil
}

// processFilm has the files of video, sound or a picture of a newer kind made
// and kept. The caller has its turn. A preview that its author chose stays.
func (s *Service) processFilm(ctx context.Context, a *domain.Attachment, b *bench) error {
	if !s.able().film() {
		return s.process(ctx, a, b) // ffmpeg was taken away meanwhile
	}
	if _, err := b.in.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read an upload: %w", err)
	}
	o, err := s.develop(ctx, b.in, picture.Type(a.MediaType))
	if err != nil {
		return err
	}
	defer o.close()
	if a.Small != "" {
		o.small = made{}
	}
	if err := s.keep(ctx, a.Account, false, o.out, o.small); err != nil {
		return err
	}
	o.tell(a)
	return nil
}

// processPlain keeps video or sound as it is, without what is private in it.
func (s *Service) processPlain(ctx context.Context, a *domain.Attachment, b *bench) error {
	r, err := s.work(ctx, task{Purpose: forPlain, Kind: picture.Type(a.MediaType)}, b)
	if err != nil {
		return err
	}
	out, _, err := b.made(r)
	if err != nil {
		return err
	}
	if err := s.keep(ctx, a.Account, false, out); err != nil {
		return err
	}
	a.State, a.File, a.Kind = domain.MediaDone, out.name, domain.AttachmentAudio
	a.Width, a.Height, a.Duration = r.Film.Width, r.Film.Height, r.Film.Duration
	switch {
	case r.Film.Video && r.Film.Audio:
		a.Kind = domain.AttachmentVideo
	case r.Film.Video:
		a.Kind = domain.AttachmentGIFV
	}
	if s := r.Film.Duration.Seconds(); s > 0 {
		a.Bitrate = int(float64(out.size) * 8 / s)
	}
	return nil
}

var errCrowd = domain.Errorf(domain.Unavailable, "Too many files are being processed, please try again in a moment")

// made names the files that a worker wrote.
func (b *bench) made(r result) (out, small made, err error) {
	name := func(f *os.File, t picture.Type) (m made) {
		fi, serr := f.Stat()
		if serr != nil {
			err = fmt.Errorf("look at what was made: %w", serr)
			return m
		}
		if ext := t.Extension(); ext != "" && fi.Size() > 0 {
			m = made{blob.NewName(ext), f, fi.Size()}
		}
		return m
	}
	return name(b.out, r.Type), name(b.small, r.SmallType), err
}

// ProcessAttempts is how often Process and ProcessFilm are tried.
const ProcessAttempts = 5

// Process is the job that processes an upload. A file that cannot be taken is
// marked so; it runs again after a crash and does the same again.
func (s *Service) Process(ctx context.Context, j *job.Job) error {
	return s.processUpload(ctx, j, s.slots, s.process)
}

// ProcessFilm is Process for what programs of the system work on.
func (s *Service) ProcessFilm(ctx context.Context, j *job.Job) error {
	return s.processUpload(ctx, j, s.films, s.processFilm)
}

func (s *Service) processUpload(ctx context.Context, j *job.Job, turn chan struct{}, process func(context.Context, *domain.Attachment, *bench) error) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	a, err := s.Store.Reader().AnyUpload(ctx, id)
	if domain.Is(err, domain.NotFound) || err == nil && a.State != domain.MediaWaiting {
		return nil // deleted, or done by an earlier try
	}
	if err != nil {
		return err
	}
	source, chosen := a.Source, a.Small
	if err := s.processSource(ctx, &a, turn, process); err != nil {
		// Whoever asks for it is not to wait for ever.
		if !domain.Is(err, domain.Invalid) && j.Attempts < ProcessAttempts {
			return err
		}
		s.Log.WarnContext(ctx, "an upload could not be processed", "upload", a.ID.String(), "type", a.MediaType, "err", err)
		a.State = domain.MediaFailed
	}
	a.Source = ""
	return j.Write(ctx, func(tx *store.Tx) error {
		now, err := tx.AnyUpload(ctx, id)
		if err != nil {
			return ignoreGone(err)
		}
		if now.Small != chosen { // its author chose a preview meanwhile
			if a.Small != chosen {
				if err := tx.DoomFiles(a.Small); err != nil {
					return err
				}
			}
			a.Small, a.SmallWidth, a.SmallHeight, a.Blurhash = now.Small, now.SmallWidth, now.SmallHeight, now.Blurhash
		}
		if err := tx.FinishUpload(&a); err != nil {
			return err
		}
		if err := tx.KeepFiles(a.File, a.Small); err != nil {
			return err
		}
		return tx.DoomFiles(source)
	})
}

func ignoreGone(err error) error {
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	return err
}

func (s *Service) processSource(ctx context.Context, a *domain.Attachment, turn chan struct{}, process func(context.Context, *domain.Attachment, *bench) error) error {
	f, err := s.Blobs.Open(ctx, a.Source)
	if err != nil {
		return err
	}
	in, err := s.copy(f, f.Size())
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	b, err := s.newBench(in)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	defer b.close()
	leave, ok := take(ctx, turn, workTime)
	if !ok {
		return errCrowd
	}
	defer leave()
	return process(ctx, a, b)
}
