package fanout_test

import (
	"coterie/internal/domain"
	"coterie/internal/relation"
	"coterie/internal/store"
)

// collection makes a collection with its owner in it.
func (h *house) collection(owner string) domain.ID {
	h.t.Helper()
	name, about, language := "Friends", "They are nice", "en"
	c, err := h.relation.CreateCollection(h.ctx, h.id(owner),
		relation.CollectionChange{Name: &name, Description: &about, Language: &language}, []domain.ID{h.id(owner)})
	h.must(err)
	return c.ID
}

// asked is the item of somebody elsewhere who is asked to be in a collection.
func (h *house) asked(owner, member string) domain.ID {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		a, err := tx.Actor(h.ctx, h.id(member))
		if err != nil {
			return err
		}
		a.Features = domain.FeaturePublic
		return tx.SaveActor(a)
	})
	i, err := h.relation.AddToCollection(h.ctx, h.id(owner), h.collection(owner), h.id(member))
	h.must(err)
	return i.ID
}

// requested is somebody elsewhere who asks to put a member of ours into theirs.
func (h *house) requested(owner, member string) {
	h.t.Helper()
	theirs := domain.Collection{Account: h.id(owner), URI: "http://stranger.test/collections/1", Name: "Friends"}
	h.must(h.relation.AnswerFeatureRequest(h.ctx, h.id(owner), h.id(member), theirs, "http://stranger.test/requests/1"))
}

func (h *house) item(id domain.ID) domain.CollectionItem {
	h.t.Helper()
	i, err := h.st.Reader().Item(h.ctx, id)
	h.must(err)
	return i
}
