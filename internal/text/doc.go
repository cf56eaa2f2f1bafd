// Package text turns what people type into what is shown, and makes what
// strangers send safe to show: links, mentions, hashtags and shortcodes found
// in plain text, plain text and Markdown to HTML, remote HTML to the allowed subset, length
// counting, search words and keyword filters (behaviours 8.1, 8.5, 9, 12.3).
//
// Any package above level 1 may import it. It imports domain and libraries
// only and does no I/O. Every function is pure and safe for concurrent use,
// and its work grows linearly with its input.
package text
