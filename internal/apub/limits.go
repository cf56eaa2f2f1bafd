package apub

// Limits of what is read (federation facts, section 27, and the values peers
// settled on in the advisories). "Cut" values are shortened, list limits keep
// the first entries, all others refuse.
const (
	MaxBody     = 1 << 20 // bytes of one document; refused
	MaxDepth    = 256     // nested arrays and objects; refused
	maxValues   = 1 << 16 // JSON values of one document; refused
	maxMembers  = 1024    // of one object; refused
	maxRepeats  = 16      // repeated keys of one document; refused
	maxEmbedded = 6       // objects read inside objects; deeper ones are left as ids

	MaxURI         = 2048     // bytes; longer ones count as missing
	MaxUsername    = 2048     // bytes; the actor is refused
	MaxName        = 2048     // characters, cut; also titles
	MaxBio         = 20 << 10 // bytes, cut
	MaxContent     = 256 << 10
	MaxSpoiler     = 5000 // characters, cut
	MaxDescription = 1500 // characters of alt text, cut
	MaxShortcode   = 2048 // bytes; the emoji is dropped
	MaxFieldText   = 2047 // characters of a profile field's name and value, cut
	MaxTagName     = 500  // characters; longer hashtags are dropped

	MaxFields      = 50
	MaxAliases     = 256 // alsoKnownAs, attributionDomains
	MaxKeys        = 10
	MaxRecipients  = 1024 // of each of to, cc, audience
	MaxMentions    = 256
	MaxHashtags    = 256
	MaxEmojis      = 256
	MaxAttachments = 32
	MaxLinks       = 64  // urls of one object, link tags
	MaxOptions     = 500 // of a poll

	MaxTaggedCollections = 16  // featured collections of one post
	MaxOptionText        = 500 // characters, cut
	MaxObjects           = 256 // objects of one activity
	MaxItems             = 20000
)
