package mastoapi

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/timeline"
)

func (a *API) featuredTags(r *httpkit.Request) (any, error) {
	return a.featuredTagsOf(r.Context(), r.Viewer.Account)
}

// accountFeaturedTags are those on somebody's profile.
func (a *API) accountFeaturedTags(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if id, err = a.Account.Present(r.Context(), id); err != nil {
		return nil, err
	}
	return a.featuredTagsOf(r.Context(), id)
}

func (a *API) featuredTagsOf(ctx context.Context, id domain.ID) (any, error) {
	owner, err := a.Store.Account(ctx, id)
	if err != nil {
		return nil, err
	}
	if owner.Suspended() {
		return a.Render.FeaturedTags(&owner), nil
	}
	list, err := a.Store.FeaturedTags(ctx, id)
	if err != nil {
		return nil, err
	}
	return a.Render.FeaturedTags(&owner, list...), nil
}

func (a *API) featureTag(r *httpkit.Request) (any, error) {
	name, ok := r.Params.String("name")
	if !ok || name == "" {
		return nil, domain.Errorf(domain.BadRequest, "The parameter name is missing")
	}
	t, err := timeline.TagNamed(name)
	if err != nil {
		return nil, domain.Errorf(domain.Invalid, "Validation failed: Tag is not a valid hashtag")
	}
	f, err := a.Relation.FeatureTag(r.Context(), r.Viewer.Account, t)
	if err != nil {
		return nil, err
	}
	owner, err := a.Store.Account(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return a.Render.FeaturedTags(&owner, f)[0], nil
}

// featureNamedTag is the same by a name in the path, answered as a Tag.
func (a *API) featureNamedTag(ctx context.Context, actor domain.ID, t domain.Tag) (domain.Tag, error) {
	f, err := a.Relation.FeatureTag(ctx, actor, t)
	return f.Tag, err
}

func (a *API) unfeatureTag(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Relation.DeleteFeaturedTag(r.Context(), r.Viewer.Account, id)
}

func (a *API) suggestedTags(r *httpkit.Request) (any, error) {
	list, err := a.Store.SuggestedTags(r.Context(), r.Viewer.Account, suggestedCount)
	if err != nil {
		return nil, err
	}
	return a.Render.Tags(r.Context(), r.Viewer.Account, list...)
}
