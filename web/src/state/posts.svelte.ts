import { SvelteMap } from 'svelte/reactivity';
import { api, withHeader, type mastodon } from '../api/client';
import { wroteTo } from './company';
import { toasts } from './toasts.svelte';

type Status = mastodon.v1.Status;

/** Every post the client has heard of, once: what changes in one place changes in all. */
class Posts {
  #known = new SvelteMap<string, Status>();

  get(id: string): Status | undefined {
    return this.#known.get(id);
  }

  /** Takes over posts as the server tells them, those inside of them too. */
  take(list: Status[]): void {
    for (const status of list) {
      this.#known.set(status.id, status);
      if (status.reblog) this.#known.set(status.reblog.id, status.reblog);
      const quoted = status.quote && 'quotedStatus' in status.quote ? status.quote.quotedStatus : undefined;
      if (quoted) this.#known.set(quoted.id, quoted);
    }
  }

  /** Forgets a post and its boosts. */
  drop(id: string): void {
    this.#known.delete(id);
  }

  /** Changes what is shown of a post at once. */
  patch(id: string, change: Partial<Status>): void {
    const status = this.#known.get(id);
    if (status) this.#known.set(id, { ...status, ...change });
  }

  /** Asks the server for a change that is shown before it answers, and taken back if it refuses. */
  async #toggle(id: string, change: Partial<Status>, ask: () => Promise<Status>): Promise<void> {
    const before = this.#known.get(id);
    this.patch(id, change);
    try {
      const answer = await ask();
      this.take([answer.reblog && answer.reblog.id === id ? answer.reblog : answer]);
    } catch (error) {
      if (before) this.#known.set(id, before);
      toasts.fail(error);
    }
  }

  favourite(s: Status): Promise<void> {
    const on = !s.favourited;
    const count = s.favouritesCount + (on ? 1 : -1);
    const at = api.v1.statuses.$select(s.id);
    return this.#toggle(s.id, { favourited: on, favouritesCount: count }, () => (on ? at.favourite() : at.unfavourite()));
  }

  boost(s: Status): Promise<void> {
    const on = !s.reblogged;
    const at = api.v1.statuses.$select(s.id);
    return this.#toggle(s.id, { reblogged: on, reblogsCount: s.reblogsCount + (on ? 1 : -1) }, () => (on ? at.reblog() : at.unreblog()));
  }

  bookmark(s: Status): Promise<void> {
    const on = !s.bookmarked;
    const at = api.v1.statuses.$select(s.id);
    return this.#toggle(s.id, { bookmarked: on }, () => (on ? at.bookmark() : at.unbookmark()));
  }

  pin(s: Status): Promise<void> {
    const at = api.v1.statuses.$select(s.id);
    return this.#toggle(s.id, { pinned: !s.pinned }, () => (s.pinned ? at.unpin() : at.pin()));
  }

  /** Mutes the conversation of a post, or hears of it again. */
  muteThread(s: Status): Promise<void> {
    const at = api.v1.statuses.$select(s.id);
    return this.#toggle(s.id, { muted: !s.muted }, () => (s.muted ? at.unmute() : at.mute()));
  }

  async vote(s: Status, choices: number[]): Promise<void> {
    if (!s.poll) return;
    this.patch(s.id, { poll: await api.v1.polls.$select(s.poll.id).votes.create({ choices }) });
  }

  /** Deletes a post of one's own; the answer holds its source, to write it again. */
  async remove(s: Status): Promise<Status> {
    const answer = (await api.v1.statuses.$select(s.id).remove()) as unknown as Status;
    this.drop(s.id);
    for (const heard of this.#removed) heard(s.id);
    return answer;
  }

  #removed = new Set<(id: string) => void>();

  /** Hears of posts that are gone; the answer ends it. */
  onRemoved(heard: (id: string) => void): () => void {
    this.#removed.add(heard);
    return () => this.#removed.delete(heard);
  }

  #created = new Set<(status: Status) => void>();

  /** Hears of posts written here. */
  onCreated(heard: (status: Status) => void): () => void {
    this.#created.add(heard);
    return () => this.#created.delete(heard);
  }

  /** Publishes a post, also while the page is being left. The key makes one post of it, however often it is sent. */
  async create(params: mastodon.rest.v1.CreateStatusParams, key: string, leaving = false): Promise<Status | undefined> {
    const answer = await api.v1.statuses.create(params, withHeader('Idempotency-Key', key, leaving));
    wroteTo(params.status ?? '', 'mentions' in answer ? answer.mentions : []);
    if (!('account' in answer)) return undefined; // it is scheduled
    this.take([answer]);
    for (const heard of this.#created) heard(answer);
    return answer;
  }

  async edit(id: string, params: mastodon.rest.v1.UpdateStatusParams): Promise<Status> {
    const answer = await api.v1.statuses.$select(id).update(params);
    this.take([answer]);
    return answer;
  }
}

export const posts = new Posts();
