package media

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/picture"
)

// demuxers are what reads a type. It is always named, so that no file is taken
// for a playlist that names others (SEC-57).
var demuxers = map[picture.Type]string{
	picture.MP4: "mov", picture.QuickTime: "mov", picture.ThreeGPP: "mov", picture.M4A: "mov", picture.AVIF: "mov",
	picture.HEIC: "hevc", // once out of their container
	picture.WebM: "matroska", picture.Matroska: "matroska", picture.Ogg: "ogg", picture.MP3: "mp3", picture.FLAC: "flac",
	picture.WAV: "wav", picture.AAC: "aac", picture.GIF: "gif",
}

// codecs are those that are decoded; each is common in files of people.
const codecs = "h264,hevc,av1,libdav1d,libaom-av1,vp8,vp9,libvpx,libvpx-vp9,mpeg4,h263,theora,gif,png,mjpeg," +
	"aac,aac_latm,mp3,mp3float,opus,libopus,vorbis,libvorbis,flac,alac,amrnb,amrwb,pcm_s16le,pcm_s24le,pcm_s32le,pcm_u8,pcm_f32le,pcm_s16be,pcm_mulaw,pcm_alaw,adpcm_ms,adpcm_ima_wav"

// input are the arguments that come before a file that strangers made.
func input(t picture.Type) []string {
	return []string{"-protocol_whitelist", "file", "-format_whitelist", formatsOf(demuxers[t]), "-codec_whitelist", codecs, "-f", demuxers[t]}
}

// formatsOf is a demuxer under all its names.
func formatsOf(demuxer string) string {
	switch demuxer {
	case "mov":
		return "mov,mp4,m4a,3gp,3g2,mj2"
	case "matroska":
		return "matroska,webm"
	}
	return demuxer
}

// film is what is known of video, sound or a picture of a newer kind.
type film struct {
	video, audio, cover *track
	duration            time.Duration
	bitrate             int
}

// track is one stream of it.
type track struct {
	index         int
	codec, format string
	width, height int // as it is shown
	turned        bool
	rate          string
	fps           float64
	frames        int
}

// probed is what ffprobe says.
type probed struct {
	Streams []struct {
		Index       int    `json:"index"`
		Type        string `json:"codec_type"`
		Codec       string `json:"codec_name"`
		PixFmt      string `json:"pix_fmt"`
		Width       int    `json:"width"`
		Height      int    `json:"height"`
		Rate        string `json:"avg_frame_rate"`
		Frames      string `json:"nb_frames"`
		Disposition struct {
			AttachedPic int `json:"attached_pic"`
		} `json:"disposition"`
		SideData []struct {
			Rotation float64 `json:"rotation"`
		} `json:"side_data_list"`
	} `json:"streams"`
	Format struct {
		Duration string `json:"duration"`
		BitRate  string `json:"bit_rate"`
	} `json:"format"`
}

// probe looks at a file in the shop.
func (w *shop) probe(ctx context.Context, name string, kind picture.Type) (*film, error) {
	args := slices.Concat([]string{"-v", "error"}, input(kind), []string{"-show_streams", "-show_format", "-of", "json", name})
	out, err := w.run(ctx, w.s.Tools.FFprobe, args...)
	if err != nil {
		return nil, err
	}
	var p probed
	if err := json.Unmarshal(out, &p); err != nil {
		return nil, fmt.Errorf("%w: it says what is no JSON: %w", errProgram, err)
	}
	f := &film{}
	seconds, _ := strconv.ParseFloat(p.Format.Duration, 64)
	f.duration = time.Duration(max(0, min(seconds, 1e6)) * float64(time.Second)).Round(time.Millisecond)
	f.bitrate, _ = strconv.Atoi(p.Format.BitRate)
	for _, s := range p.Streams {
		t := &track{index: s.Index, codec: s.Codec, format: s.PixFmt, width: s.Width, height: s.Height, rate: s.Rate}
		t.fps = fraction(s.Rate)
		t.frames, _ = strconv.Atoi(s.Frames)
		for _, d := range s.SideData {
			if int(math.Round(d.Rotation))%180 != 0 {
				t.width, t.height, t.turned = t.height, t.width, true
			}
		}
		switch {
		case s.Type == "video" && s.Disposition.AttachedPic == 1:
			f.cover = first(f.cover, t)
		case s.Type == "video":
			f.video = first(f.video, t)
		case s.Type == "audio":
			f.audio = first(f.audio, t)
		}
	}
	return f, nil
}

func first(had, found *track) *track {
	if had != nil {
		return had
	}
	return found
}

// fraction reads "30000/1001", 0 for what is none.
func fraction(s string) float64 {
	a, b, _ := strings.Cut(s, "/")
	x, _ := strconv.ParseFloat(a, 64)
	y, _ := strconv.ParseFloat(b, 64)
	if y <= 0 || x <= 0 {
		return 0
	}
	return x / y
}

// check refuses what is too large (behaviours 10.3).
func (f *film) check(kind picture.Type) error {
	v := f.video
	if v == nil {
		return nil
	}
	most := domain.MaxVideoPixels
	if kind == picture.GIF {
		most = domain.MaxGIFPixels
	}
	if kind.Image() && kind != picture.GIF {
		most = domain.MaxImagePixels
	}
	frames := max(v.frames, int(f.duration.Seconds()*v.fps))
	switch {
	case v.width <= 0 || v.height <= 0:
		return errBroken
	case v.width > most/v.height, frames > domain.MaxFrames:
		return errPixels
	case v.fps > domain.MaxFrameRate && frames > 1:
		return domain.Errorf(domain.Invalid, "Validation failed: File has more than %d frames a second", domain.MaxFrameRate)
	}
	return nil
}
