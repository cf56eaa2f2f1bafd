package domain

import "time"

// AttachmentKind is what an attachment is shown as.
type AttachmentKind string

const (
	AttachmentImage   AttachmentKind = "image"
	AttachmentGIFV    AttachmentKind = "gifv" // a silent loop
	AttachmentVideo   AttachmentKind = "video"
	AttachmentAudio   AttachmentKind = "audio"
	AttachmentUnknown AttachmentKind = "unknown" // shown as a link
)

// MediaState says how far an upload is.
type MediaState string

const (
	MediaWaiting MediaState = "waiting" // to be processed, or being it
	MediaDone    MediaState = "done"
	MediaFailed  MediaState = "failed" // it never will be
)

// Attachment is one file of a status, or an upload that may become one.
// Attachments sort by Position.
type Attachment struct {
	ID        ID
	Account   ID
	Status    ID // 0 for an upload that no post has yet
	Scheduled ID // the scheduled post that will have it
	Position  int
	Kind      AttachmentKind
	MediaType string
	// Of those elsewhere: where they are, and the part of our address under
	// which they are shown here.
	RemoteURL  string
	PreviewURL string
	Key        string
	// Of ours: the names of its files, of the preview, and until it was
	// processed of what was uploaded.
	File, Small, Source     string
	State                   MediaState
	Description             string // alt text
	Blurhash                string
	Width, Height           int
	SmallWidth, SmallHeight int
	Duration                time.Duration
	Bitrate                 int    // bits a second
	FrameRate               string // such as "25/1"
	Focus                   Focus
	UnusedSince             time.Time
}

// Former reports whether only the history of its post shows it.
func (a *Attachment) Former() bool { return a.Position < 0 }

// Focus is the point of a picture that stays visible when it is cropped: -1
// to 1 each, y up; zero is the middle.
type Focus struct{ X, Y float64 }

// EditedMedia is an attachment as a revision had it.
type EditedMedia struct {
	ID          ID     `json:"id"`
	Description string `json:"description,omitempty"`
}

// MediaFile is one file in the store of media.
type MediaFile struct {
	Name      string
	Size      int64 // bytes
	Account   ID    // who uploaded it; 0: the community, or it is from elsewhere
	Remote    bool
	DoomedAt  time.Time
	Suspended bool // its account is
}

// RemoteKind is what something elsewhere is for.
type RemoteKind string

const (
	RemoteAttachment RemoteKind = "attachment"
	RemoteAvatar     RemoteKind = "avatar"
	RemoteHeader     RemoteKind = "header"
	RemoteEmoji      RemoteKind = "emoji"
	RemoteCard       RemoteKind = "card"
)

// RemoteMedia is something elsewhere that is shown here under an address of
// ours, and the copies that are kept of it.
type RemoteMedia struct {
	Key         string
	Kind        RemoteKind
	URL         string
	PosterURL   string
	File, Small string
	SeenAt      time.Time
	Failures    int
	NextTry     time.Time
}

// The variants under which remote media are asked for.
const (
	VariantOriginal = "original"
	VariantSmall    = "small"
	VariantStatic   = "static"
)

// RemotePath is where a variant of what is elsewhere is shown, from the root of
// our address; "" without a key.
func RemotePath(key, variant string) string {
	if key == "" {
		return ""
	}
	return "/media_proxy/" + key + "/" + variant
}

// MediaPath is where a file of ours is shown, from the root of our address; ""
// without a name.
func MediaPath(name string) string {
	if name == "" {
		return ""
	}
	return mediaRoot + name
}

const mediaRoot = "/media/"

// Limits of uploads (behaviours 10.3, 10.4, 7.7).
const (
	MaxDescription     = 10_000 // characters
	MaxImageBytes      = 16 << 20
	MaxImagePixels     = 33_177_600
	MaxGIFPixels       = 921_600
	MaxVideoBytes      = 99 << 20
	MaxVideoPixels     = 8_294_400
	MaxFrameRate       = 120
	MaxFrames          = 36_000
	MaxPictureBytes    = 8 << 20 // of an avatar or header
	MaxPictureAlt      = 150     // characters
	MaxEmojiBytes      = 256 << 10
	MaxEmojiPixels     = 262_144
	UnusedUploadLife   = 24 * time.Hour
	MaxPicturePixels   = 8_294_400 // of what is kept of a picture
	MaxPreviewPixels   = 230_400
	AvatarSide         = 400
	MaxHeaderPixels    = 750_000
	DefaultMediaBudget = 10 // GB of copies of what is elsewhere
)
