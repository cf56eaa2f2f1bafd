package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

// CollectionJSON is the entity Collection. URL is null for one from elsewhere.
type CollectionJSON struct {
	ID           domain.ID            `json:"id"`
	AccountID    domain.ID            `json:"account_id"`
	URI          string               `json:"uri"`
	URL          *string              `json:"url"`
	Name         string               `json:"name"`
	Description  string               `json:"description"`
	Language     *string              `json:"language"`
	Local        bool                 `json:"local"`
	Sensitive    bool                 `json:"sensitive"`
	Discoverable bool                 `json:"discoverable"`
	Tag          *tagJSON             `json:"tag"`
	ItemCount    int                  `json:"item_count"` // of those who agreed
	Items        []CollectionItemJSON `json:"items"`
	CreatedAt    string               `json:"created_at"`
	UpdatedAt    string               `json:"updated_at"`
}

// CollectionItemJSON is the entity CollectionItem.
type CollectionItemJSON struct {
	ID        domain.ID        `json:"id"`
	AccountID domain.ID        `json:"account_id"`
	State     domain.ItemState `json:"state"`
	CreatedAt string           `json:"created_at"`
}

// CollectionItem makes the entity.
func CollectionItem(i domain.CollectionItem) CollectionItemJSON {
	return CollectionItemJSON{ID: i.ID, AccountID: i.Account, State: i.State, CreatedAt: timestamp(i.CreatedAt)}
}

// Collections makes the entities as viewer sees them, in two statements.
func (r *Renderer) Collections(ctx context.Context, viewer domain.ID, list ...domain.Collection) ([]CollectionJSON, error) {
	out := make([]CollectionJSON, len(list))
	if len(list) == 0 {
		return out, nil
	}
	ids, owners := make([]domain.ID, len(list)), make([]domain.ID, len(list))
	for i, c := range list {
		ids[i], owners[i] = c.ID, c.Account
	}
	items, err := r.st.CollectionItems(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	accounts, err := r.st.Accounts(ctx, owners)
	if err != nil {
		return nil, err
	}
	byID := make(map[domain.ID]*domain.Account, len(accounts))
	for i := range accounts {
		byID[accounts[i].ID] = &accounts[i]
	}
	for i := range list {
		out[i] = r.collection(&list[i], byID[list[i].Account], items)
	}
	return out, nil
}

func (r *Renderer) collection(c *domain.Collection, owner *domain.Account, items []domain.CollectionItem) CollectionJSON {
	j := CollectionJSON{
		ID: c.ID, AccountID: c.Account, Name: c.Name, Description: c.Description, Language: textOrNull(c.Language),
		Local: c.Local(), URL: textOrNull(r.URLs.CollectionPage(c)), Sensitive: c.Sensitive, Discoverable: c.Discoverable, Items: []CollectionItemJSON{},
		CreatedAt: timestamp(c.CreatedAt), UpdatedAt: timestamp(c.UpdatedAt),
	}
	if owner != nil {
		j.URI = r.URLs.Collection(owner, c)
	}
	if c.Tag.Name != "" {
		j.Tag = &tagJSON{Name: c.Tag.Name, URL: r.URLs.Tag(c.Tag.Name)}
	}
	for _, i := range items {
		if i.Collection != c.ID {
			continue
		}
		j.Items = append(j.Items, CollectionItem(i))
		if i.State == domain.ItemAccepted {
			j.ItemCount++
		}
	}
	return j
}

// CollectionWithAccounts is the entity of that name: the collection, its owner
// and who is in it.
type CollectionWithAccounts struct {
	Accounts   []json.RawMessage `json:"accounts"`
	Collection CollectionJSON    `json:"collection"`
}

// CollectionWithAccounts makes the entity as viewer sees it.
func (r *Renderer) CollectionWithAccounts(ctx context.Context, viewer domain.ID, c domain.Collection) (CollectionWithAccounts, error) {
	list, err := r.Collections(ctx, viewer, c)
	if err != nil {
		return CollectionWithAccounts{}, err
	}
	people := []domain.ID{c.Account}
	for _, i := range list[0].Items {
		if i.AccountID != c.Account {
			people = append(people, i.AccountID)
		}
	}
	accounts, err := r.Accounts(ctx, viewer, people)
	return CollectionWithAccounts{Accounts: accounts, Collection: list[0]}, err
}

// tagged are the collections that these statuses link to and viewer may see,
// as JSON by id: no statement where there are none.
func (r *Renderer) tagged(ctx context.Context, viewer domain.ID, fragments map[domain.ID]*statusFragment) (map[domain.ID][]byte, error) {
	var ids []domain.ID
	for _, f := range fragments {
		ids = append(ids, f.collections...)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := r.st.CollectionsByID(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	entities, err := r.Collections(ctx, viewer, list...)
	if err != nil {
		return nil, err
	}
	out := make(map[domain.ID][]byte, len(entities))
	for i := range entities {
		if out[entities[i].ID], err = encode(entities[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// appendCollections writes those that a status links to.
func (p *statusPage) appendCollections(b []byte, id domain.ID) []byte {
	b = append(b, `,"tagged_collections":[`...)
	start := len(b)
	for _, c := range p.fragments[id].collections {
		if body := p.collections[c]; body != nil {
			if len(b) > start {
				b = append(b, ',')
			}
			b = append(b, body...)
		}
	}
	return append(b, ']')
}

// approvalJSON is the entity FeatureApproval: who may put an account into
// collections, and whether the viewer may.
type approvalJSON struct {
	Automatic   []string `json:"automatic"`
	Manual      []string `json:"manual"`
	CurrentUser string   `json:"current_user"`
}

func approval(s domain.FeatureStanding, viewer domain.ID) approvalJSON {
	j := approvalJSON{Automatic: []string{}, Manual: []string{}, CurrentUser: "denied"}
	switch s.Policy() {
	case domain.FeaturePublic:
		j.Automatic = append(j.Automatic, "public")
	case domain.FeatureFollowers:
		j.Automatic = append(j.Automatic, "followers")
	}
	if s.Allows(viewer) {
		j.CurrentUser = "automatic"
	}
	return j
}

// approvals are those of the accounts, as JSON.
func (r *Renderer) approvals(ctx context.Context, viewer domain.ID, ids []domain.ID) (map[domain.ID][]byte, error) {
	list, err := r.st.FeatureStandings(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[domain.ID][]byte, len(list))
	for _, s := range list {
		if out[s.Account], err = encode(approval(s, viewer)); err != nil {
			return nil, err
		}
	}
	return out, nil
}
