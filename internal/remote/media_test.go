package remote_test

import (
	"testing"

	"coterie/internal/domain"
)

// TestVideosOfPeerTube is of facts 11 and 17: link, thumbnail, and the best
// file that is not too large to be shown from here.
func TestVideosOfPeerTube(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		file := func(height, size int) doc {
			return doc{"type": "Link", "mediaType": "video/mp4", "href": farHost + "/files/" + string(rune('a'+height/360)) + ".mp4", "height": height, "width": height * 16 / 9, "size": size}
		}
		video := func(id string, files ...any) []domain.Attachment {
			st := h.accept(doc{
				"type": "Video", "id": farHost + "/videos/" + id, "name": "A walk", "duration": "PT90S", "mediaType": "text/markdown",
				"icon": []doc{{"type": "Image", "url": farHost + "/small.jpg", "width": 280, "height": 157}, {"type": "Image", "url": farHost + "/large.jpg", "width": 850, "height": 480}},
				"url": []doc{
					{"type": "Link", "mediaType": "text/html", "href": farHost + "/w/" + id},
					{"type": "Link", "mediaType": "application/x-mpegURL", "href": farHost + "/master.m3u8", "tag": files},
				},
			})
			if st.URL != farHost+"/w/"+id {
				t.Errorf("%s links to %s", id, st.URL)
			}
			list, err := h.st.Reader().Attachments(t.Context(), []domain.ID{st.ID})
			if err != nil || len(list) != 1 {
				t.Fatalf("%s has %v, %v", id, list, err)
			}
			return list
		}
		a := video("fits", doc{"type": "Infohash", "name": "x"}, file(360, 9<<20), file(1080, 240<<20), file(720, 80<<20))[0]
		if a.Kind != domain.AttachmentVideo || a.RemoteURL != farHost+"/files/c.mp4" || a.PreviewURL != farHost+"/large.jpg" || a.Height != 720 || a.Duration.Seconds() != 90 {
			t.Errorf("it shows %+v", a)
		}
		if a := video("long", file(1080, 900<<20))[0]; a.Kind != domain.AttachmentImage || a.RemoteURL != farHost+"/large.jpg" {
			t.Errorf("one that is too large shows %+v", a)
		}
	})
}

func TestPicturesOfPixelfed(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		st := h.accept(doc{"content": "", "attachment": []doc{
			{"type": "Image", "mediaType": "image/jpeg", "url": farHost + "/m/1.jpg", "name": "dusk", "blurhash": "U00000fQfQfQfQfQfQfQfQfQfQfQfQfQfQfQ", "width": 1080, "height": 720, "focalPoint": []float64{0.5, -0.5}},
			{"type": "Image", "mediaType": "image/jpeg", "url": farHost + "/m/2.jpg"},
		}})
		list, err := h.st.Reader().Attachments(t.Context(), []domain.ID{st.ID})
		if err != nil || len(list) != 2 {
			t.Fatalf("it has %v, %v", list, err)
		}
		if a := list[0]; a.Kind != domain.AttachmentImage || a.Description != "dusk" || a.Width != 1080 || a.Focus != (domain.Focus{X: 0.5, Y: -0.5}) || a.Key == "" {
			t.Errorf("the first is %+v", a)
		}
	})
}
