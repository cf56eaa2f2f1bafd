// Command schema turns the OpenAPI description of Mastodon's client API into
// the file that tests check answers against. It keeps names, types, required
// keys, enumerations and the schema of each successful answer; it drops every
// text and example, whose licence differs from ours; and it corrects what the
// description is known to have wrong (corrections.go). Only developers run it:
//
//	go run ./scripts/schema OPENAPI.json > internal/testkit/schema/testdata/mastodon.json
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// object is a JSON object.
type object = map[string]any

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./scripts/schema OPENAPI.json > internal/testkit/schema/testdata/mastodon.json")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

func run(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the description: %w", err)
	}
	var in object
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("parse the description: %w", err)
	}
	out, err := convert(in)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(out)
}

// convert makes the stripped and corrected document (OpenAPI 3.0, whose
// "nullable" gives readable failures).
func convert(in object) (object, error) {
	c := &converter{schemas: object{}}
	components, _ := at(in, "components", "schemas").(object)
	for _, name := range slices.Sorted(maps.Keys(components)) {
		c.schemas[name] = c.schema(components[name].(object))
	}
	if err := c.correct(); err != nil {
		return nil, err
	}
	paths := object{}
	described, _ := in["paths"].(object)
	for _, path := range slices.Sorted(maps.Keys(described)) {
		for method, operation := range described[path].(object) {
			if op, ok := operation.(object); ok && slices.Contains(methods, method) {
				c.addOperation(paths, method, path, answers(c, op))
			}
		}
	}
	c.addUndescribed(paths)
	c.prune(paths)
	return object{
		"openapi":    "3.0.3",
		"info":       object{"title": "Answers of the Mastodon client API, made by scripts/schema", "version": at(in, "info", "version")},
		"paths":      paths,
		"components": object{"schemas": c.schemas},
	}, nil
}

var methods = []string{"get", "post", "put", "patch", "delete"}

type converter struct {
	schemas object
}

// answers are the JSON schemas of the successful answers of an operation.
func answers(c *converter, op object) object {
	found := object{}
	responses, _ := op["responses"].(object)
	for status, response := range responses {
		if schema, ok := at(response, "content", "application/json", "schema").(object); ok && status[0] == '2' {
			found[status] = c.schema(schema)
		}
	}
	return found
}

// addOperation adds answers by status, corrected by operations.
func (c *converter) addOperation(paths object, method, path string, found object) {
	key := strings.ToUpper(method) + " " + path
	if name, ok := operations[key]; ok {
		found = object{"200": named(name)}
	}
	if len(found) == 0 {
		return
	}
	if key == "GET /api/v1/media/{id}" || key == "PUT /api/v1/media/{id}" {
		found["206"] = found["200"]
	}
	responses := object{}
	for status, schema := range found {
		responses[status] = object{"description": "", "content": object{"application/json": object{"schema": schema}}}
	}
	item, _ := paths[path].(object)
	if item == nil {
		item = object{}
		paths[path] = item
	}
	item[method] = object{"responses": responses}
}

// addUndescribed adds the operations of our table that the description lacks.
func (c *converter) addUndescribed(paths object) {
	for key := range operations {
		method, path, _ := strings.Cut(key, " ")
		if at(paths, path, strings.ToLower(method)) == nil {
			c.addOperation(paths, strings.ToLower(method), path, nil)
		}
	}
}

// named is a reference to a schema; "[Name]" is an array of it.
func named(name string) object {
	if element, ok := strings.CutPrefix(name, "["); ok {
		return object{"type": "array", "items": named(strings.TrimSuffix(element, "]"))}
	}
	return object{"$ref": "#/components/schemas/" + name}
}

// schema strips one schema.
func (c *converter) schema(in object) object {
	if ref, ok := in["$ref"].(string); ok {
		return c.nullable(object{"$ref": ref}, holdsNull(in["type"]))
	}
	if alternatives, ok := in["oneOf"].([]any); ok {
		return c.oneOf(alternatives)
	}
	out := object{}
	switch t := in["type"].(type) {
	case string:
		out["type"] = t
	case []any:
		for _, name := range t {
			if name == "null" {
				out["nullable"] = true
			} else {
				out["type"] = name
			}
		}
	}
	if values, ok := in["enum"]; ok {
		out["enum"] = values
	}
	if pattern := patterns[fmt.Sprint(in["format"])]; pattern != "" {
		out["pattern"] = pattern
	}
	if items, ok := in["items"].(object); ok {
		out["items"] = c.schema(items)
	} else if out["type"] == "array" {
		out["items"] = object{}
	}
	if extra, ok := in["additionalProperties"].(object); ok {
		out["additionalProperties"] = c.schema(extra)
	}
	c.properties(in, out)
	return out
}

func (c *converter) properties(in, out object) {
	properties, ok := in["properties"].(object)
	if !ok {
		return
	}
	kept := object{}
	for name, p := range properties {
		kept[name] = c.schema(p.(object))
	}
	out["properties"] = kept
	if required, ok := in["required"].([]any); ok {
		out["required"] = slices.DeleteFunc(required, func(name any) bool { return kept[name.(string)] == nil })
	}
}

// oneOf becomes the first alternative that is not null: what differs between
// alternatives is corrected by hand.
func (c *converter) oneOf(alternatives []any) object {
	var first object
	null := false
	for _, a := range alternatives {
		schema := a.(object)
		if schema["type"] == "null" {
			null = true
		} else if first == nil {
			first = c.schema(schema)
		}
	}
	return c.nullable(first, null)
}

// nullable lets a schema be null too. A reference becomes one to a nullable
// copy, which prune makes: failures inside it keep their place.
func (c *converter) nullable(schema object, null bool) object {
	if !null {
		return schema
	}
	if ref, ok := schema["$ref"].(string); ok {
		return object{"$ref": ref + nullSuffix}
	}
	schema["nullable"] = true
	return schema
}

const nullSuffix = "OrNull"

func holdsNull(t any) bool {
	list, ok := t.([]any)
	return ok && slices.Contains(list, any("null"))
}

// prune makes the nullable copies, drops schemas that no answer uses, and
// sorts required keys so that the output is always the same.
func (c *converter) prune(paths object) {
	used := map[string]bool{}
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case object:
			ref, _ := v["$ref"].(string)
			if name := strings.TrimPrefix(ref, "#/components/schemas/"); ref != "" && !used[name] {
				used[name] = true
				if original, ok := strings.CutSuffix(name, nullSuffix); ok {
					copied := maps.Clone(c.schemas[original].(object))
					copied["nullable"] = true
					if values, ok := copied["enum"].([]any); ok {
						copied["enum"] = append(slices.Clone(values), nil)
					}
					c.schemas[name] = copied
				}
				visit(c.schemas[name])
			}
			if required, ok := v["required"].([]any); ok {
				slices.SortFunc(required, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
			}
			for _, inner := range v {
				visit(inner)
			}
		case []any:
			for _, inner := range v {
				visit(inner)
			}
		}
	}
	visit(paths)
	used["Error"] = true
	maps.DeleteFunc(c.schemas, func(name string, _ any) bool { return !used[name] })
}

// at walks down objects; nil where there is nothing.
func at(v any, keys ...string) any {
	for _, key := range keys {
		o, ok := v.(object)
		if !ok {
			return nil
		}
		v = o[key]
	}
	return v
}
