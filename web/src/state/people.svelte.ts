import { SvelteMap } from 'svelte/reactivity';
import { api, type mastodon } from '../api/client';
import { call } from '../api/extra';
import { session } from './session.svelte';
import { toasts } from './toasts.svelte';

type Relationship = mastodon.v1.Relationship;

/** How one stands to other people. */
class People {
  #known = new SvelteMap<string, Relationship>();
  #wanted = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** How one stands to somebody, once the server told; undefined until then. */
  relation(id: string): Relationship | undefined {
    return this.#known.get(id);
  }

  /** Asks for what is not known yet, many at once. */
  want(ids: string[]): void {
    for (const id of ids) if (!this.#known.has(id) && id !== session.me.id) this.#wanted.add(id);
    if (this.#wanted.size > 0) this.#timer ??= setTimeout(() => void this.#ask(), 20);
  }

  #again(id: string): void {
    this.#wanted.add(id);
    this.#timer ??= setTimeout(() => void this.#ask(), 20);
  }

  async #ask(): Promise<void> {
    const ids = [...this.#wanted];
    this.#wanted.clear();
    this.#timer = undefined;
    try {
      for (const one of await api.v1.accounts.relationships.fetch({ id: ids, withSuspended: true })) this.#known.set(one.id, one);
    } catch (error) {
      console.error(error);
    }
  }

  async #change(ask: () => Promise<Relationship | void>): Promise<boolean> {
    try {
      // The library believes of some that they answer nothing.
      const answer = (await ask()) as Relationship;
      this.#known.set(answer.id, answer);
      return true;
    } catch (error) {
      toasts.fail(error);
      return false;
    }
  }

  follow = async (id: string, params: { reblogs?: boolean; notify?: boolean } = {}) => {
    const done = await this.#change(() => api.v1.accounts.$select(id).follow(params));
    // Another server says yes a moment later, and nothing tells of it.
    for (const wait of [1_500, 6_000]) setTimeout(() => this.#known.get(id)?.requested && this.#again(id), wait);
    return done;
  };
  unfollow = (id: string) => this.#change(() => api.v1.accounts.$select(id).unfollow());
  block = (id: string) => this.#change(() => api.v1.accounts.$select(id).block());
  unblock = (id: string) => this.#change(() => api.v1.accounts.$select(id).unblock());
  mute = (id: string, params: { notifications?: boolean; duration?: number } = {}) =>
    this.#change(() => api.v1.accounts.$select(id).mute(params));
  unmute = (id: string) => this.#change(() => api.v1.accounts.$select(id).unmute());
  note = (id: string, comment: string) => this.#change(() => api.v1.accounts.$select(id).note.create({ comment }));
  endorse = (id: string, on: boolean) => this.#change(() => call<Relationship>('POST', `/api/v1/accounts/${id}/${on ? 'endorse' : 'unendorse'}`));
  removeFollower = (id: string) => this.#change(() => api.v1.accounts.$select(id).removeFromFollowers());
  accept = (id: string) => this.#change(() => api.v1.followRequests.$select(id).authorize());
  reject = (id: string) => this.#change(() => api.v1.followRequests.$select(id).reject());
}

export const people = new People();
