import { api } from '../api/client';
import { session } from './session.svelte';

/** A list or a followed hashtag that stands beside home. */
export interface HomeTab {
  label: string;
  href: string;
}

const MOST = 6;

/**
 * What stands beside home. The device keeps it, so that the tabs are there with
 * the first view and the server is asked only afterwards.
 */
class HomeTabs {
  list = $state.raw<HomeTab[]>([]);
  #of = '';

  get #name(): string {
    return `tabs.${session.me.id}`;
  }

  /** Takes over what the device kept. */
  read(): void {
    if (this.#of === session.me.id) return;
    this.#of = session.me.id;
    try {
      this.list = JSON.parse(localStorage.getItem(this.#name) ?? '[]') as HomeTab[];
    } catch {
      this.list = [];
    }
  }

  async load(): Promise<void> {
    try {
      const [lists, tags] = await Promise.all([api.v1.lists.list(), api.v1.followedTags.list({ limit: MOST })]);
      this.list = [
        ...lists.slice(0, MOST).map((l) => ({ label: l.title, href: `/lists/${l.id}` })),
        ...tags.slice(0, MOST).map((tag) => ({ label: `#${tag.name}`, href: `/tags/${encodeURIComponent(tag.name)}` })),
      ];
      localStorage.setItem(this.#name, JSON.stringify(this.list));
    } catch (error) {
      console.error(error);
    }
  }
}

export const homeTabs = new HomeTabs();
