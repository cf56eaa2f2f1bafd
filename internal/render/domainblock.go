package render

import "coterie/internal/domain"

// domainBlockJSON is the entity DomainBlock.
type domainBlockJSON struct {
	Domain   string `json:"domain"`
	Digest   string `json:"digest"`
	Severity string `json:"severity"`
	Comment  string `json:"comment"`
}

// obfuscate hides the middle half of a name, but for its dots.
func obfuscate(name string) string {
	b := []byte(name)
	for i := len(b) / 4; i < len(b)-len(b)/4; i++ {
		if b[i] != '.' {
			b[i] = '*'
		}
	}
	return string(b)
}

// DomainBlocks are the decisions that hold a domain off, in the API's words.
func DomainBlocks(list []domain.DomainPolicy) any {
	out := []domainBlockJSON{}
	for _, p := range list {
		if p.Severity != domain.SeverityLimit && p.Severity != domain.SeveritySuspend {
			continue
		}
		name := p.Domain
		if p.Obfuscate {
			name = obfuscate(name)
		}
		out = append(out, domainBlockJSON{name, digest(p.Domain), severityWords[p.Severity], p.Comment})
	}
	return out
}
