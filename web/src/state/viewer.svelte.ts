import { postPath } from '../lib/addresses';
import { router } from '../lib/router.svelte';
import type { mastodon } from '../api/client';

/** The media of a post that are looked at in full, which have an address. */
class Viewer {
  media = $state.raw<mastodon.v1.MediaAttachment[]>([]);

  /** Which of them is shown. */
  get at(): number {
    return Math.min(router.media?.at ?? 0, Math.max(0, this.media.length - 1));
  }

  open(post: mastodon.v1.Status, at: number): void {
    this.#take(post);
    router.show(postPath(post), Math.max(0, this.media.indexOf(post.mediaAttachments[at]!)));
  }

  /** Opens what the address names, or closes what it does no longer. */
  async follow(find: (id: string) => Promise<mastodon.v1.Status>): Promise<void> {
    const wanted = router.media;
    if (!wanted) this.media = [];
    else if (this.#of !== wanted.id || this.media.length === 0) {
      try {
        const post = await find(wanted.id);
        if (router.media === wanted) this.#take(post);
      } catch {
        // The view below says what is wrong with the post.
      }
    }
  }

  step(by: number): void {
    const { media } = router;
    if (media) router.show(postPath({ id: media.id, account: media }), (this.at + by + this.media.length) % this.media.length);
  }

  close(): void {
    router.hide();
  }

  #of = '';

  #take(post: mastodon.v1.Status): void {
    this.#of = post.id;
    this.media = post.mediaAttachments.filter((m) => m.type !== 'unknown' && m.url);
  }
}

export const viewer = new Viewer();
