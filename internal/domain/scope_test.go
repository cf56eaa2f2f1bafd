package domain

import (
	"strings"
	"testing"
)

func TestScopesCover(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		granted, asked string
		want           bool
	}{
		{"read", "read:statuses", true},
		{"read", "write:statuses", false},
		{"read:statuses", "read", false},
		{"read:statuses", "read:lists", false},
		{"write", "write:conversations", true},
		{"write", "read:accounts", false},
		{"follow", "read:follows", true},
		{"follow", "write:blocks", true},
		{"follow", "write:mutes", true},
		{"follow", "read:accounts", false},
		{"read write follow", "push", false},
		{"read write follow", "profile", false},
		{"push", "push", true},
		{"read", "admin:read:accounts", false},
		{"admin:read", "admin:read:accounts", true},
		{"admin:read", "admin:write:accounts", false},
		{"admin:read", "read:accounts", false},
		{"", "read", false},
	} {
		granted, err := ParseScopes(tt.granted)
		if err != nil {
			t.Fatal(err)
		}
		asked, err := ParseScopes(tt.asked)
		if err != nil {
			t.Fatal(err)
		}
		if got := granted.Covers(asked); got != tt.want {
			t.Errorf("%q covers %q: %v, want %v", tt.granted, tt.asked, got, tt.want)
		}
		if got := granted.Allows(tt.asked); got != tt.want {
			t.Errorf("%q allows %q: %v, want %v", tt.granted, tt.asked, got, tt.want)
		}
	}
}

func TestScopesReadAndWrite(t *testing.T) {
	t.Parallel()
	s, err := ParseScopes(" write:media\tread  push ")
	if err != nil || s.String() != "read push write:media" {
		t.Errorf("got %q, %v", s, err)
	}
	for _, bad := range []string{"reed", "read+write", "READ", "read:", "read,write"} {
		if _, err := ParseScopes(bad); !Is(err, Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	all, err := ParseScopes(strings.Join(AllScopes(), " "))
	if err != nil || len(all.List()) != len(AllScopes()) {
		t.Errorf("all: %v, %v", all, err)
	}
	if Scopes(0).Allows("nonsense") || all.Allows("nonsense") {
		t.Error("an unknown scope is allowed")
	}
}
