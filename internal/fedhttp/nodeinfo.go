package fedhttp

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

const (
	software      = "coterie"
	compatible    = "mastodon" // what clients may take us for (behaviours 20.3)
	infoKept      = 5 * time.Minute
	month         = 30 * 24 * time.Hour
	halfYear      = 180 * 24 * time.Hour
	nodeInfoPath  = "/nodeinfo/"
	nodeInfo20Key = "2.0"
	nodeInfo21Key = "2.1"
)

// nodeInfo is the document as far as it has been counted.
type nodeInfo struct {
	doc apub.NodeInfoDoc
	at  time.Time
}

func (s *Server) nodeLinks(*httpkit.Request) (any, error) {
	at := s.URLs.Base + nodeInfoPath
	doc := apub.NodeLinksDoc{NodeInfo20: at + nodeInfo20Key, NodeInfo21: at + nodeInfo21Key, InstanceActor: s.URLs.InstanceActor()}
	return httpkit.Content{Type: "application/json; charset=utf-8", Body: doc.Encode()}, nil
}

func (s *Server) nodeInfo20(r *httpkit.Request) (any, error) { return s.nodeInfo(r, nodeInfo20Key) }

func (s *Server) nodeInfo21(r *httpkit.Request) (any, error) { return s.nodeInfo(r, nodeInfo21Key) }

func (s *Server) nodeInfo(r *httpkit.Request, version string) (any, error) {
	info := s.info.Load()
	if now := s.now(); info == nil || now.Sub(info.at) >= infoKept {
		doc, err := s.describeNode(r.Context(), now)
		if err != nil {
			return nil, err
		}
		info = &nodeInfo{doc: doc, at: now}
		s.info.Store(info)
	}
	return httpkit.Content{Type: apub.ContentTypeNodeInfo(version), Body: info.doc.Encode(version)}, nil
}

// describeNode counts: the answer is kept, for it reads all accounts.
func (s *Server) describeNode(ctx context.Context, now time.Time) (apub.NodeInfoDoc, error) {
	set, err := s.Settings(ctx)
	if err != nil {
		return apub.NodeInfoDoc{}, err
	}
	recent, err := s.st.Counts(ctx, now.Add(-month))
	if err != nil {
		return apub.NodeInfoDoc{}, fmt.Errorf("count who was here this month: %w", err)
	}
	longer, err := s.st.Counts(ctx, now.Add(-halfYear))
	if err != nil {
		return apub.NodeInfoDoc{}, fmt.Errorf("count who was here this half year: %w", err)
	}
	return apub.NodeInfoDoc{
		Software: software, Version: s.Version, Upstream: compatible,
		Users: recent.Users, Month: recent.Recent, HalfYear: longer.Recent, Posts: recent.Statuses,
		Open: set.Registrations == domain.RegistrationsOpen, Name: set.Title, Description: set.ShortDescription,
	}, nil
}
