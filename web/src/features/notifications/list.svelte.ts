import { SvelteMap } from 'svelte/reactivity';
import { api, type mastodon } from '../../api/client';
import { later } from '../../lib/ids';
import { marker } from '../../state/marker.svelte';
import { people } from '../../state/people.svelte';
import { posts } from '../../state/posts.svelte';

type Group = mastodon.v1.NotificationGroup;
type Kind = mastodon.v1.NotificationType;

/** What the tabs of the notifications show. */
export const kinds: Record<string, Kind[] | undefined> = {
  mentions: ['mention', 'quote'] as Kind[],
  follows: ['follow', 'follow_request'],
  reactions: ['favourite', 'reblog'],
};

/** Some of the people of a group; the library takes them for one text. */
export function sampleIds(group: Group): string[] {
  return group.sampleAccountIds as unknown as string[];
}

// The number is not exact on other servers, and was not here.
const id = (group: Group) => group.pageMaxId ?? String(group.mostRecentNotificationId);

/** Notifications by group, newest first; a group that comes again takes its old place's. */
export class NotificationList {
  groups = $state.raw<Group[]>([]);
  accounts = new SvelteMap<string, mastodon.v1.Account>();
  loading = $state(false);
  done = $state(false);
  error = $state.raw<unknown>();
  requests = $state(0);
  #types: Kind[] | undefined;
  /** Whether something came that was not asked for yet. */
  #came = false;

  constructor(types: Kind[] | undefined) {
    this.#types = types;
    api.v2.notifications.policy.fetch().then(
      (policy) => (this.requests = policy.summary.pendingRequestsCount),
      () => {},
    );
  }

  get newestId(): string | undefined {
    const newest = this.groups[0];
    return newest && id(newest);
  }

  /** Whether a group came after the last visit. */
  isFresh(group: Group): boolean {
    const opened = marker('notifications').opened;
    return !!opened && later(id(group), opened.id);
  }

  more(): Promise<void> {
    const last = this.groups.at(-1);
    return this.#ask({ maxId: last && (last.pageMinId ?? id(last)) }, (page) => {
      this.done = page.length === 0;
      return [...this.groups, ...page.filter((g) => !this.groups.some((known) => known.groupKey === g.groupKey))];
    });
  }

  /** Asks for what came since; once more where it is asked already. */
  async newer(): Promise<void> {
    this.#came = true;
    while (this.#came && !this.loading) {
      this.#came = false;
      await this.#newer();
    }
  }

  #newer(): Promise<void> {
    if (this.groups.length === 0) this.done = false; // there is one now
    return this.#ask({ sinceId: this.newestId }, (page) => [...page, ...this.groups.filter((g) => !page.some((fresh) => fresh.groupKey === g.groupKey))]);
  }

  /** Puts a group away for good. */
  async dismiss(group: Group): Promise<void> {
    await api.v2.notifications.$select(group.groupKey).dismiss();
    this.groups = this.groups.filter((other) => other.groupKey !== group.groupKey);
    if (this.groups.length === 0) this.done = true;
  }

  async clear(): Promise<void> {
    await api.v1.notifications.clear();
    this.groups = [];
    this.done = true;
  }

  async #ask(cursor: { maxId?: string; sinceId?: string }, merge: (page: Group[]) => Group[]): Promise<void> {
    if (this.loading || (this.done && !cursor.sinceId)) return;
    this.loading = true;
    this.error = undefined;
    try {
      const found = await api.v2.notifications.list({ ...cursor, limit: 30, types: this.#types } as mastodon.rest.v2.ListNotificationsParams);
      posts.take(found.statuses);
      for (const account of found.accounts) this.accounts.set(account.id, account);
      people.want(found.notificationGroups.filter((g) => g.type === 'follow').flatMap((g) => sampleIds(g).slice(0, 1)));
      this.groups = merge(found.notificationGroups);
    } catch (error) {
      this.error = error;
    } finally {
      this.loading = false;
    }
    if (this.#came && !this.error) await this.newer();
  }
}
