package domain

import "testing"

func TestContentType(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"text/plain": TypePlain, "text/markdown": TypeMarkdown} {
		got, ok := ParseContentType(name)
		if !ok || got != want || ContentTypeName(got) != name {
			t.Errorf("%s is %q, %v, called %s", name, got, ok, ContentTypeName(got))
		}
	}
	for _, name := range []string{"", "text/html", "TEXT/PLAIN"} {
		if _, ok := ParseContentType(name); ok {
			t.Errorf("%q is taken", name)
		}
	}
}
