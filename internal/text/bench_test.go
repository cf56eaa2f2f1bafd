package text

import "testing"

const benchPost = "Good morning @alice and @bob@remote.example! <3\n\nI wrote about it at " +
	"https://example.com/2026/11/a-rather-long-title-of-a-post (with pictures) — #Gardening #Bärlauch\nSee you :blobcat:"

func BenchmarkHTML(b *testing.B) {
	r := cast()
	b.ReportAllocs()
	for b.Loop() {
		HTML(benchPost, r)
	}
}

func BenchmarkCount(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Count("", benchPost)
	}
}

func BenchmarkSanitize(b *testing.B) {
	src := HTML(benchPost, cast())
	b.ReportAllocs()
	for b.Loop() {
		Sanitize(src)
	}
}
