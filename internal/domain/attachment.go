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

// Attachment is one file of a status. Attachments sort by Position.
type Attachment struct {
	ID          ID
	Account     ID
	Status      ID
	Position    int
	Kind        AttachmentKind
	MediaType   string
	RemoteURL   string
	PreviewURL  string
	Description string // alt text
	Blurhash    string
	Width       int
	Height      int
	Duration    time.Duration
	Focus       Focus
}

// Focus is the point of a picture that stays visible when it is cropped: -1
// to 1 each, y up; zero is the middle.
type Focus struct{ X, Y float64 }
