package adminapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// rules is GET /api/coterie/v1/admin/rules.
func (a *API) rules(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.Rules(r.Context())
	return render.Rules(list), err
}

// ruleOf is the rule that a request says, with translations by language.
func ruleOf(p httpkit.Params) domain.Rule {
	rule := domain.Rule{Text: p.StringOr("text", ""), Hint: p.StringOr("hint", ""), Translations: map[string]domain.RuleWords{}}
	translations, _ := p.Hash("translations")
	for _, tag := range translations.Keys() {
		words, _ := translations.Hash(tag)
		rule.Translations[tag] = domain.RuleWords{Text: words.StringOr("text", ""), Hint: words.StringOr("hint", "")}
	}
	return rule
}

// addRule is POST /api/coterie/v1/admin/rules, changeRule the PUT of one.
func (a *API) addRule(r *httpkit.Request) (any, error) {
	if _, err := a.Moderation.AddRule(r.Context(), r.Viewer.Account, ruleOf(r.Params)); err != nil {
		return nil, err
	}
	return a.rules(r)
}

func (a *API) changeRule(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	rule := ruleOf(r.Params)
	rule.ID = id
	if err := a.Moderation.ChangeRule(r.Context(), r.Viewer.Account, rule); err != nil {
		return nil, err
	}
	return a.rules(r)
}

// orderRules is POST /api/coterie/v1/admin/rules/order.
func (a *API) orderRules(r *httpkit.Request) (any, error) {
	if err := a.Moderation.OrderRules(r.Context(), r.Viewer.Account, r.Params.IDs("ids")); err != nil {
		return nil, err
	}
	return a.rules(r)
}
