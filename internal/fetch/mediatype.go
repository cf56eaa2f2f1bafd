package fetch

import (
	"mime"
	"slices"
	"strings"
)

// AcceptActivity is the Accept header for ActivityPub documents (facts 2).
const AcceptActivity = "application/activity+json, application/ld+json"

const activityStreams = "https://www.w3.org/ns/activitystreams"

// IsActivity reports whether a Content-Type is one of the two ActivityPub
// media types: application/activity+json, or application/ld+json whose
// profile names ActivityStreams. Other parameters do not matter, plain JSON
// and look-alikes are refused (SEC-03, facts 2).
func IsActivity(contentType string) bool {
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch mediaType {
	case "application/activity+json":
		return true
	case "application/ld+json":
		return slices.Contains(strings.Fields(params["profile"]), activityStreams)
	}
	return false
}

// MediaTypes accepts the media types named, whatever their parameters.
func MediaTypes(names ...string) func(contentType string) bool {
	return func(contentType string) bool {
		mediaType, _, err := mime.ParseMediaType(contentType)
		return err == nil && slices.Contains(names, mediaType)
	}
}
