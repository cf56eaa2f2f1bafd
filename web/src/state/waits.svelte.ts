import { api, type mastodon } from '../api/client';
import { digest, readBack, starts, type Digest, type Start } from '../lib/catchup';
import { later } from '../lib/ids';
import { marker } from './marker.svelte';
import { posts } from './posts.svelte';
import { session } from './session.svelte';
import { timeline } from './timelines.svelte';

const MOST = 120; // posts, and so three requests

/** What came to home since reading ended, summed up once home is drawn. */
class Waits {
  digest = $state.raw<Digest>();
  starts = $state.raw<Start[]>([]);
  /** Whether more came than was counted. */
  cut = $state(false);
  #of = '';

  /** When reading ended. */
  get since(): string {
    return marker('home').opened?.at ?? '';
  }

  /** Sums up once for each place where reading ended; what home has loaded is not asked for again. */
  async look(): Promise<void> {
    const { opened } = marker('home');
    if (!opened || this.#of === opened.id) return;
    this.#of = opened.id;
    const { rows } = timeline('home');
    const gap = rows.findIndex((row) => row.kind === 'gap');
    const known = rows.slice(0, gap < 0 ? undefined : gap).flatMap((row) => posts.get(row.id) ?? []);
    const fresh = (s: mastodon.v1.Status) => later(s.id, opened.id);
    try {
      const { posts: all, more } = await readBack((maxId) => api.v1.timelines.home.list({ limit: 40, maxId }), fresh, MOST, known);
      posts.take(all.slice(known.length));
      const found = digest(all, session.me.id);
      if (found.ids.length === 0) return;
      this.digest = found;
      this.starts = starts(all, session.me.id, (id) => posts.get(id));
      this.cut = more;
    } catch (error) {
      console.error(error);
    }
  }

  /** All is read. */
  clear(): void {
    this.digest = undefined;
    this.starts = [];
  }
}

export const waits = new Waits();
