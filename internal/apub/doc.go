// Package apub is the ActivityStreams codec: bytes to typed values and back.
// It reads what other servers send (one-or-many everywhere, strings or
// objects, language maps, prefixed names), answers questions about what was
// read (visibility, vote, quote, standing), writes the documents we send, and
// makes and checks signed documents (FEP-8b32 proofs and Linked Data
// signatures). It reaches neither the network nor a database and never
// fetches a context.
//
// Any package above level 1 may import it where the level table allows.
// Everything is a pure function of its arguments, or a value that is not
// changed after it was made, so all of it may be used by any number of
// goroutines at once. Byte slices given to Parse must not change afterwards:
// the values that come back share them.
package apub
