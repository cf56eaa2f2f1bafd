import { api, withHeader, type mastodon } from '../api/client';
import type { Draft } from './drafts.svelte';

type Scheduled = mastodon.v1.ScheduledStatus;

/** One's own posts that wait for their time, the next first. */
class ScheduledPosts {
  list = $state.raw<Scheduled[]>();

  async load(): Promise<void> {
    const found: Scheduled[] = [];
    for await (const page of api.v1.scheduledStatuses.list({ limit: 40 })) found.push(...page);
    this.#take(found);
  }

  /** Schedules a draft. Where it takes the place of another, that one goes, but not before the new one is there. */
  async put(params: mastodon.rest.v1.CreateStatusParams, draft: Draft): Promise<void> {
    await api.v1.statuses.create(params, withHeader('Idempotency-Key', draft.key));
    if (draft.scheduled) await api.v1.scheduledStatuses.$select(draft.scheduled).remove();
    if (this.list) await this.load();
  }

  async move(id: string, scheduledAt: string): Promise<void> {
    const moved = await api.v1.scheduledStatuses.$select(id).update({ scheduledAt });
    this.#take((this.list ?? []).map((s) => (s.id === id ? moved : s)));
  }

  async remove(id: string): Promise<void> {
    await api.v1.scheduledStatuses.$select(id).remove();
    this.#take((this.list ?? []).filter((s) => s.id !== id));
  }

  #take(list: Scheduled[]): void {
    this.list = list.toSorted((a, b) => Date.parse(a.scheduledAt) - Date.parse(b.scheduledAt));
  }
}

export const scheduled = new ScheduledPosts();
