// Package fetch is the one way out to strangers, and the proof of who a
// stranger is: the HTTP client with the SSRF guard and the size and time
// limits (SEC-23 to SEC-26), and HTTP signatures, made and checked, in both
// forms that the fediverse speaks: draft-cavage-12 and RFC 9421.
//
// Services and surfaces above level 1 may import it; it imports domain only.
// A Client is safe for concurrent use and is made once by instance. Signing
// and checking are functions of their arguments and share no state.
package fetch
