package testkit

import (
	"net/http"
	"testing"

	"coterie/internal/instance"
)

func TestTwoCommunitiesDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	one, two := NewInstance(t), NewInstance(t, Domain("other.test"))
	one.Join("frank", "user")
	if _, err := two.AccountToken(t.Context(), accountToken("frank")); err == nil {
		t.Error("frank of one community has an account in the other")
	}
	one.As("frank").In(t).GET("/healthz").Want(http.StatusOK)
}

func accountToken(name string) instance.AccountToken {
	return instance.AccountToken{Name: name, Scopes: "read"}
}
