import type { mastodon } from '../api/client';

/** The media that are looked at in full. */
class Viewer {
  media = $state.raw<mastodon.v1.MediaAttachment[]>([]);
  at = $state(0);

  open(media: mastodon.v1.MediaAttachment[], at: number): void {
    this.media = media.filter((m) => m.type !== 'unknown' && m.url);
    this.at = Math.max(0, this.media.indexOf(media[at]!));
  }

  close(): void {
    this.media = [];
  }
}

export const viewer = new Viewer();
