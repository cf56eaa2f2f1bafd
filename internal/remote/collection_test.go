package remote_test

import (
	"testing"

	"coterie/internal/domain"
)

// TestSEC20OnlyTheRightConsentCounts: a consent to be in a collection is the
// account's own, on its host, and names this collection.
func TestSEC20OnlyTheRightConsentCounts(t *testing.T) {
	t.Parallel()
	eachWeb(t, func(t *testing.T, w *web) {
		const collection = "http://coterie.test/users/alice/collections/1"
		consent := func(path string, members doc) error {
			page := doc{"type": "FeatureAuthorization", "id": webHost + path, "interactingObject": collection, "interactionTarget": w.bob.URI}
			for k, v := range members {
				page[k] = v
			}
			w.publish(path, page)
			return w.s.FeatureGranted(t.Context(), &w.bob, webHost+path, collection)
		}
		for path, members := range map[string]doc{
			"/c/other": {"interactingObject": collection + "0"}, "/c/target": {"interactionTarget": w.ann.URI},
			"/c/by": {"attributedTo": w.ann.URI}, "/c/type": {"type": "QuoteAuthorization"},
		} {
			if err := consent(path, members); !domain.Is(err, domain.Invalid) {
				t.Errorf("%s: %v", path, err)
			}
		}
		if err := w.s.FeatureGranted(t.Context(), &w.bob, "http://evil.test/c", collection); !domain.Is(err, domain.Invalid) {
			t.Errorf("on another host: %v", err)
		}
		if err := consent("/c/right", nil); err != nil {
			t.Errorf("the right one: %v", err)
		}
	})
}
