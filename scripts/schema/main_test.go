package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestSchema converts the forms the description uses.
func TestSchema(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"texts go":           {`{"type":"string","description":"x","example":"y","externalDocs":{"url":"z"}}`, `{"type":"string"}`},
		"nullable":           {`{"type":["string","null"]}`, `{"nullable":true,"type":"string"}`},
		"nullable reference": {`{"oneOf":[{"$ref":"#/components/schemas/A"},{"type":"null"}]}`, `{"$ref":"#/components/schemas/AOrNull"}`},
		"reference with a type": {
			`{"type":["string","null"],"$ref":"#/components/schemas/A"}`, `{"$ref":"#/components/schemas/AOrNull"}`,
		},
		"format uri goes": {`{"type":"string","format":"uri"}`, `{"type":"string"}`},
		"date":            {`{"type":"string","format":"date"}`, `{"pattern":"^\\d{4}-\\d{2}-\\d{2}$","type":"string"}`},
		"object": {
			`{"type":"object","description":"x","properties":{"description":{"type":"string","description":"x"}},"required":["description","gone"]}`,
			`{"properties":{"description":{"type":"string"}},"required":["description"],"type":"object"}`,
		},
		"array without items": {`{"type":"array"}`, `{"items":{},"type":"array"}`},
		"enumeration":         {`{"type":"string","enum":["a","b"]}`, `{"enum":["a","b"],"type":"string"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var in object
			if err := json.Unmarshal([]byte(c.in), &in); err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal((&converter{schemas: object{}}).schema(in))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestCorrectPresence shows what the three marks do.
func TestCorrectPresence(t *testing.T) {
	t.Parallel()
	c := &converter{schemas: object{}}
	c.schemas["A"] = c.schema(object{"type": "object", "properties": object{
		"always":  object{"type": []any{"string", "null"}},
		"filled":  object{"type": []any{"string", "null"}},
		"applies": object{"oneOf": []any{object{"$ref": "#/components/schemas/B"}, object{"type": "null"}}},
	}})
	if err := c.correctPresence("A", []string{"always?", "filled!", "applies-"}); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(c.schemas["A"])
	if err != nil {
		t.Fatal(err)
	}
	want := `{"properties":{"always":{"nullable":true,"type":"string"},"applies":{"$ref":"#/components/schemas/B"},"filled":{"type":"string"}},` +
		`"required":["always","filled"],"type":"object"}`
	if string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := c.correctPresence("A", []string{"renamed!"}); err == nil || !strings.Contains(err.Error(), "no property renamed") {
		t.Errorf("a key that is gone upstream gives %v", err)
	}
}
