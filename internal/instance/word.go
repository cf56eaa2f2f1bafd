package instance

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/moderation"
)

// The commands about rules, canned texts and hashtags, their arguments and
// results.
type (
	// RuleChange is "rule change"; an empty Text leaves it as it is.
	RuleChange struct {
		ID   domain.ID `json:"id"`
		Text string    `json:"text,omitempty"`
		Hint *string   `json:"hint,omitempty"`
	}
	// RuleLine is one line of the result of "rule list".
	RuleLine struct {
		ID   domain.ID `json:"id"`
		Text string    `json:"text"`
		Hint string    `json:"hint,omitempty"`
	}
	// OneRow is "rule remove" and "text remove".
	OneRow struct {
		ID domain.ID `json:"id"`
	}
	// CannedText is "text add" and "text change", its result, and one line of
	// that of "text list".
	CannedText struct {
		ID    domain.ID         `json:"id,omitempty"`
		Kind  domain.CannedKind `json:"kind"`
		Title string            `json:"title"`
		Text  string            `json:"text"`
	}
	// TagSet is "tag set"; nil leaves what it is.
	TagSet struct {
		Name      string  `json:"name"`
		Display   *string `json:"display,omitempty"`
		Usable    *bool   `json:"usable,omitempty"`
		Listable  *bool   `json:"listable,omitempty"`
		Trendable *bool   `json:"trendable,omitempty"`
	}
	// TagShown is its result.
	TagShown struct {
		Name     string `json:"name"`
		Usable   bool   `json:"usable"`
		Listable bool   `json:"listable"`
	}
)

// word runs the commands about rules, texts and hashtags; done is false for
// any other.
func (in *Instance) word(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	switch verb {
	case "rule list":
		v, err = in.RuleList(ctx)
	case "rule change":
		v, err = command(args, func(a RuleChange) (RuleLine, error) { return in.RuleChange(ctx, a) })
	case "rule remove":
		v, err = command(args, func(a OneRow) (struct{}, error) { return struct{}{}, in.moderation.RemoveRule(ctx, 0, a.ID) })
	case "text list":
		v, err = in.CannedTexts(ctx)
	case "text save":
		v, err = command(args, func(a CannedText) (CannedText, error) {
			c, err := in.moderation.SaveCannedText(ctx, 0, domain.CannedText{ID: a.ID, Kind: a.Kind, Title: a.Title, Text: a.Text})
			return shownText(&c), err
		})
	case "text remove":
		v, err = command(args, func(a OneRow) (struct{}, error) { return struct{}{}, in.moderation.RemoveCannedText(ctx, 0, a.ID) })
	case "tag set":
		v, err = command(args, func(a TagSet) (TagShown, error) { return in.TagSet(ctx, a) })
	default:
		return nil, false, nil
	}
	return v, true, err
}

// RuleList are the rules in their order.
func (in *Instance) RuleList(ctx context.Context) ([]RuleLine, error) {
	list, err := in.moderation.Rules(ctx)
	out := []RuleLine{}
	for _, r := range list {
		out = append(out, RuleLine{r.ID, r.Text, r.Hint})
	}
	return out, err
}

// RuleChange says a rule otherwise.
func (in *Instance) RuleChange(ctx context.Context, c RuleChange) (RuleLine, error) {
	list, err := in.moderation.Rules(ctx)
	if err != nil {
		return RuleLine{}, err
	}
	for _, r := range list {
		if r.ID != c.ID {
			continue
		}
		if c.Text != "" {
			r.Text = c.Text
		}
		if c.Hint != nil {
			r.Hint = *c.Hint
		}
		return RuleLine{r.ID, r.Text, r.Hint}, in.moderation.ChangeRule(ctx, 0, r)
	}
	return RuleLine{}, domain.Errorf(domain.NotFound, "There is no rule %s; coterie rule list shows them.", c.ID)
}

// CannedTexts are the texts that the staff shares.
func (in *Instance) CannedTexts(ctx context.Context) ([]CannedText, error) {
	list, err := in.moderation.CannedTexts(ctx, "")
	out := []CannedText{}
	for i := range list {
		out = append(out, shownText(&list[i]))
	}
	return out, err
}

func shownText(c *domain.CannedText) CannedText { return CannedText{c.ID, c.Kind, c.Title, c.Text} }

// TagSet decides about a hashtag.
func (in *Instance) TagSet(ctx context.Context, c TagSet) (TagShown, error) {
	r := in.st.Reader()
	tag, err := r.TagByName(ctx, c.Name)
	if domain.Is(err, domain.NotFound) {
		return TagShown{}, domain.Errorf(domain.NotFound, "Nobody used #%s here yet.", c.Name)
	}
	if err != nil {
		return TagShown{}, err
	}
	change := moderation.TagChange{Display: c.Display, Usable: c.Usable, Listable: c.Listable, Trendable: c.Trendable}
	if err := in.moderation.ChangeTag(ctx, 0, tag.ID, change); err != nil {
		return TagShown{}, err
	}
	if tag, err = r.Tag(ctx, tag.ID); err != nil {
		return TagShown{}, err
	}
	rules, err := r.TagRules(ctx, []domain.ID{tag.ID})
	if err != nil {
		return TagShown{}, err
	}
	now := TagShown{Name: tag.Display, Usable: true, Listable: true}
	for _, rule := range rules {
		now.Usable, now.Listable = rule.Usable, rule.Listable
	}
	return now, nil
}
