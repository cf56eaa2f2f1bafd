package domain

// Page asks for one page of a list (behaviours 4.1). The cursors are compared
// numerically and need not exist; 0 means the cursor is absent.
type Page struct {
	MaxID   ID  // only entries with a smaller id
	SinceID ID  // only entries with a larger id, newest first, so a gap may remain
	MinID   ID  // only larger ids, the page next to the cursor; wins over SinceID
	Limit   int // entries wanted, at least 1
}

// Ascending reports whether the page is read upwards from MinID. The answer
// is still delivered newest first.
func (p Page) Ascending() bool { return p.MinID != 0 }

// After is the id that every entry must exceed: MinID, else SinceID.
func (p Page) After() ID {
	if p.MinID != 0 {
		return p.MinID
	}
	return p.SinceID
}

// Before is the id that every entry must stay below: MaxID of the page, else
// the largest id there is, so that one SQL text serves both.
func (p Page) Before() ID {
	if p.MaxID != 0 {
		return p.MaxID
	}
	return MaxID
}
