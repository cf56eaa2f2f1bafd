import { api } from '../api/client';
import { later } from '../lib/ids';
import { session } from './session.svelte';

interface Place {
  id: string;
  at: string;
}

/** The timelines whose place the server keeps for all devices. */
type Shared = 'home' | 'notifications';

/**
 * How far somebody has read a timeline: home and notifications on all their
 * devices, others on this one. It moves forward only, and is told to the
 * server in pauses and when the page is left.
 */
class Marker {
  /** Where reading ended when the timeline was opened. */
  opened = $state.raw<Place>();
  #now: string | undefined;
  #told: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #name: string;
  #shared: Shared | undefined;

  constructor(name: string) {
    this.#name = `read.${session.me.id}.${name}`;
    this.#shared = name === 'home' || name === 'notifications' ? name : undefined;
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void this.tell();
    });
  }

  async load(): Promise<void> {
    try {
      const known = this.#shared ? await this.#ask(this.#shared) : (JSON.parse(localStorage.getItem(this.#name) ?? 'null') as Place | null);
      if (!known) return;
      this.opened = known;
      // What was seen while the server was asked is still to be told.
      if (!this.#now || later(known.id, this.#now)) this.#now = known.id;
      this.#told = known.id;
    } catch (error) {
      console.error(error);
    }
  }

  async #ask(name: Shared): Promise<Place | undefined> {
    const marker = (await api.v1.markers.fetch({ timeline: [name] }))[name];
    return marker && { id: marker.lastReadId, at: marker.updatedAt };
  }

  /** A post was seen. */
  saw(id: string): void {
    if (this.#now && !later(id, this.#now)) return;
    this.#now = id;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.tell(), 2_000);
  }

  async tell(): Promise<void> {
    if (!this.#now || this.#now === this.#told) return;
    const id = (this.#told = this.#now);
    try {
      if (this.#shared) await api.v1.markers.create({ [this.#shared]: { lastReadId: id } }, { requestInit: { keepalive: true } });
      else localStorage.setItem(this.#name, JSON.stringify({ id, at: new Date().toISOString() }));
    } catch (error) {
      console.error(error);
    }
  }
}

const markers = new Map<string, Marker>();

/** The marker of a timeline by its name, or of the notifications. */
export function marker(name: string): Marker {
  let found = markers.get(name);
  if (!found) {
    found = new Marker(name);
    markers.set(name, found);
  }
  return found;
}
