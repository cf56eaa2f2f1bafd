package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// markupPieces are put together at random, since what breaks a sanitiser is
// how elements meet.
var markupPieces = strings.Split(`<p>|</p>|<br>|</br>|<span class="invisible">|<span class="h-card x">|</span>|<b>|</b>|<i>|</i>|<em>|`+
	`<a href="https://a.example/x">|<a href="https://b.com">|<a href="javascript:x">|<a>|</a>|<ul>|</ul>|<ol start=2 reversed>|</ol>|<li value=1>|</li>|`+
	`<pre>|</pre>|<blockquote>|</blockquote>|<ruby>|</ruby>|<rt>|</rt>|<rp>|</rp>|<code>|</code>|<del>|</del>|<h1>|</h1>|<h2>|</h2>|<div>|</div>|`+
	`<table>|<tr>|<td>|</table>|<svg>|</svg>|<math>|<semantics>|<annotation encoding="application/x-tex">|</annotation>|</math>|<style>|</style>|`+
	`<img src="https://a.example/i.png" alt="https://c.com/">|<img alt="y">|<form>|<select>|<option>|</select>|<template>|</template>|<hr>|<dd>|<nobr>|`+
	`<button>|</button>|<textarea>|</textarea>|<!--|-->|https://b.com/|a.example|x|&lt;|&#x202E;| |`+"\n|\u200b|\u202e|[a.example]|\u00a0|<font>|<big>|<tt>|</font>", "|")

func TestSanitizeRandomMarkup(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := strings.Join(rapid.SliceOfN(rapid.SampledFrom(markupPieces), 1, 30).Draw(rt, "pieces"), "")
		got := Sanitize(in)
		checkSanitized(t, in, got)
		if t.Failed() {
			rt.Fatalf("sanitising %q gave %q", in, got)
		}
	})
}
