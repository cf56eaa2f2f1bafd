import { api, type mastodon } from '../api/client';
import { session } from './session.svelte';
import { attempt } from './toasts.svelte';

type Announcement = mastodon.v1.Announcement & { read?: boolean };
type Reaction = mastodon.v1.Reaction;

/** What the server tells everybody, as long as one has not put it away. */
class Announcements {
  list = $state.raw<Announcement[]>([]);
  #begun = false;

  start(): void {
    if (this.#begun) return;
    this.#begun = true;
    void this.#load();
    session.stream.listen('user', {
      event: ({ event, payload }) => {
        if (event === 'announcement') this.#take(payload as Announcement);
        else if (event === 'announcement.delete') this.list = this.list.filter((a) => a.id !== payload);
        else if (event === 'announcement.reaction') {
          const { announcementId, ...reaction } = payload as Reaction & { announcementId: string };
          this.#react(announcementId, reaction.name, (known) => ({ ...known, ...reaction, me: known?.me ?? false }));
        }
      },
      opened: () => void this.#load(),
    });
  }

  async #load(): Promise<void> {
    try {
      this.list = ((await api.v1.announcements.list()) as Announcement[]).filter((a) => !a.read);
    } catch (error) {
      console.error(error);
    }
  }

  /** Puts one away, on all devices. */
  async dismiss(id: string): Promise<void> {
    this.list = this.list.filter((a) => a.id !== id);
    await attempt(() => api.v1.announcements.$select(id).dismiss());
  }

  /** Adds a reaction of one's own or takes it back; it is shown before the server answers. */
  async toggle(id: string, name: string): Promise<void> {
    const mine = this.list.find((a) => a.id === id)?.reactions.find((r) => r.name === name)?.me ?? false;
    const at = api.v1.announcements.$select(id).reactions.$select(encodeURIComponent(name));
    const count = (by: number, me: boolean) => this.#react(id, name, (known) => ({ name, ...known, me, count: (known?.count ?? 0) + by }) as Reaction);
    count(mine ? -1 : 1, !mine);
    const done = await attempt(async () => {
      await (mine ? at.remove() : at.update());
      return true;
    });
    if (!done) count(mine ? 1 : -1, mine);
  }

  #take(announcement: Announcement): void {
    const known = this.list.some((a) => a.id === announcement.id);
    this.list = known ? this.list.map((a) => (a.id === announcement.id ? announcement : a)) : [announcement, ...this.list];
  }

  #react(id: string, name: string, change: (known: Reaction | undefined) => Reaction): void {
    this.list = this.list.map((a) => {
      if (a.id !== id) return a;
      const known = a.reactions.find((r) => r.name === name);
      const next = change(known);
      const reactions = known ? a.reactions.map((r) => (r === known ? next : r)) : [...a.reactions, next];
      return { ...a, reactions: reactions.filter((r) => r.count > 0) };
    });
  }
}

export const announcements = new Announcements();
