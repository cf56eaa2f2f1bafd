package render

import (
	"crypto/sha256"
	"encoding/hex"

	"coterie/internal/domain"
)

// domainBlockJSON is the entity DomainBlock.
type domainBlockJSON struct {
	Domain   string `json:"domain"`
	Digest   string `json:"digest"`
	Severity string `json:"severity"`
	Comment  string `json:"comment"`
}

// DomainBlocks are the decisions that hold a domain off, in the API's words;
// the whole name is told.
func DomainBlocks(list []domain.DomainPolicy) any {
	words := map[domain.Severity]string{domain.SeverityLimit: "silence", domain.SeveritySuspend: "suspend"}
	out := []domainBlockJSON{}
	for _, p := range list {
		word := words[p.Severity]
		if word == "" {
			continue
		}
		sum := sha256.Sum256([]byte(p.Domain))
		out = append(out, domainBlockJSON{p.Domain, hex.EncodeToString(sum[:]), word, p.Comment})
	}
	return out
}
