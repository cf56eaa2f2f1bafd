package instance

import (
	"context"
	"encoding/json"
	"strings"

	"coterie/internal/domain"
)

// The commands about names that nobody gets, their arguments and results.
type (
	// UsernameBlockAdd is "name block".
	UsernameBlockAdd struct {
		Name     string `json:"name"`
		Contains bool   `json:"contains,omitempty"`
		Approval bool   `json:"approval,omitempty"`
	}
	// UsernameBlockOne is "name unblock".
	UsernameBlockOne struct {
		Name string `json:"name"`
	}
	// UsernameBlock is the result of the first, and one line of that of
	// "name list".
	UsernameBlock struct {
		Name     string `json:"name"`
		Contains bool   `json:"contains"`
		Approval bool   `json:"approval"`
	}
)

// usernameBlock runs the commands about names; done is false for any other.
func (in *Instance) usernameBlock(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	switch verb {
	case "name block":
		v, err = command(args, func(a UsernameBlockAdd) (UsernameBlock, error) { return in.UsernameBlockAdd(ctx, a) })
	case "name unblock":
		v, err = command(args, func(a UsernameBlockOne) (struct{}, error) { return struct{}{}, in.UsernameUnblock(ctx, a) })
	case "name list":
		v, err = in.UsernameBlockList(ctx)
	default:
		return nil, false, nil
	}
	return v, true, err
}

// UsernameBlockAdd keeps a name from being taken by signing up.
func (in *Instance) UsernameBlockAdd(ctx context.Context, c UsernameBlockAdd) (UsernameBlock, error) {
	b, err := in.moderation.BlockUsername(ctx, 0, domain.UsernameBlock{Username: c.Name, Exact: !c.Contains, AllowApproval: c.Approval})
	return shownUsernameBlock(&b), err
}

// UsernameUnblock lets people take a name again, and those that contain it.
func (in *Instance) UsernameUnblock(ctx context.Context, c UsernameBlockOne) error {
	list, err := in.usernameBlocks(ctx)
	if err != nil {
		return err
	}
	found := false
	for i := range list {
		if strings.EqualFold(list[i].Username, strings.TrimPrefix(c.Name, "@")) {
			found = true
			if err := in.moderation.UnblockUsername(ctx, 0, list[i].ID); err != nil {
				return err
			}
		}
	}
	if !found {
		return domain.Errorf(domain.NotFound, "The name %q is not blocked; coterie name list shows those that are.", c.Name)
	}
	return nil
}

// UsernameBlockList are all names that nobody gets, newest first.
func (in *Instance) UsernameBlockList(ctx context.Context) ([]UsernameBlock, error) {
	list, err := in.usernameBlocks(ctx)
	out := []UsernameBlock{}
	for i := range list {
		out = append(out, shownUsernameBlock(&list[i]))
	}
	return out, err
}

// usernameBlocks reads page after page.
func (in *Instance) usernameBlocks(ctx context.Context) (all []domain.UsernameBlock, err error) {
	p := domain.Page{Limit: 200}
	for {
		list, err := in.moderation.ListUsernameBlocks(ctx, p)
		all = append(all, list...)
		if err != nil || len(list) < p.Limit {
			return all, err
		}
		p.MaxID = list[len(list)-1].ID
	}
}

func shownUsernameBlock(b *domain.UsernameBlock) UsernameBlock {
	return UsernameBlock{Name: b.Username, Contains: !b.Exact, Approval: b.AllowApproval}
}
