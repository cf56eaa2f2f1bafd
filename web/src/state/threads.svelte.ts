import { later } from '../lib/ids';
import { session } from './session.svelte';

const MOST = 300;

interface Kept {
  /** The newest post that was there when the thread was looked at. */
  read?: string;
  /** Content warnings are open at once. */
  open?: boolean;
}

/** What this device keeps of threads, by their first post. */
class Threads {
  #kept = $state.raw<Record<string, Kept>>();

  get #name(): string {
    return `threads.${session.me.id}`;
  }

  get #all(): Record<string, Kept> {
    if (this.#kept) return this.#kept;
    try {
      return JSON.parse(localStorage.getItem(this.#name) ?? '{}') as Record<string, Kept>;
    } catch {
      return {};
    }
  }

  /** Up to which post a thread was read; nothing if it was not. */
  read(root: string): string | undefined {
    return this.#all[root]?.read;
  }

  opens(root: string): boolean {
    return this.#all[root]?.open ?? false;
  }

  saw(root: string, newest: string): void {
    const before = this.read(root);
    if (!before || later(newest, before)) this.#keep(root, { read: newest });
  }

  setOpen(root: string, open: boolean): void {
    this.#keep(root, { open });
  }

  #keep(root: string, change: Kept): void {
    const { [root]: known, ...others } = this.#all;
    // Those looked at longest ago go first.
    this.#kept = Object.fromEntries([...Object.entries(others).slice(1 - MOST), [root, { ...known, ...change }]]);
    localStorage.setItem(this.#name, JSON.stringify(this.#kept));
  }
}

export const threads = new Threads();
