import type { mastodon } from '../api/client';
import { later } from '../lib/ids';
import { Chunks, type Shown } from '../lib/rows';
import { posts } from './posts.svelte';

type Status = mastodon.v1.Status;

/** A row of a timeline: a post, or a gap whose posts were not asked for yet. */
export type Row = { kind: 'post'; id: string } | { kind: 'gap'; id: string; above: string; below: string };

export interface Cursor {
  maxId?: string;
  sinceId?: string;
  minId?: string;
  limit: number;
}

/** How a timeline asks the server for a page, newest first. */
export type Fetch = (cursor: Cursor) => Promise<Status[]>;

const PAGE = 20;

/**
 * A timeline that grows at both ends and never moves what is being read: what
 * is new waits until it is asked for, and where more is missing than one page
 * holds, a gap says so.
 */
export class Timeline {
  rows = $state.raw<Row[]>([]);
  /** Posts that came and wait, newest first. */
  waiting = $state.raw<string[]>([]);
  loading = $state(false);
  loaded = $state(false);
  done = $state(false);
  error = $state.raw<unknown>();
  /** What is known of the rows' heights. */
  chunks = new Chunks<Shown<Row>>();
  #fetch: Fetch;
  #leaves: ((id: string) => boolean) | undefined;
  #narrow: () => boolean;

  /** `narrow` says whether anything is left out at all, and `leaves` whether a post is. */
  constructor(fetch: Fetch, narrow: () => boolean = () => false, leaves?: (id: string) => boolean) {
    this.#fetch = fetch;
    this.#narrow = narrow;
    this.#leaves = leaves;
  }

  #kept<T>(all: T[], keep: (each: T) => boolean): T[] {
    return this.#narrow() ? all.filter(keep) : all;
  }

  /** What of the rows is shown. */
  get visible(): Row[] {
    return this.#kept(this.rows, (row) => row.kind === 'gap' || !this.#leaves!(row.id));
  }

  /** What of those that wait will be shown. */
  get fresh(): string[] {
    return this.#kept(this.waiting, (id) => !this.#leaves!(id));
  }

  get newest(): string | undefined {
    return this.waiting[0] ?? this.#first();
  }

  /** The first page, or the next older one. */
  async older(): Promise<void> {
    if (this.loading || this.done) return;
    await this.#work(async () => {
      const last = this.rows.at(-1);
      const page = await this.#fetch({ maxId: last?.id, limit: PAGE });
      posts.take(page);
      this.rows = [...this.rows, ...this.#fresh(page)];
      this.done = page.length === 0;
    });
  }

  /** Begins at a place further down, with a gap to the newest page above it. */
  async from(id: string): Promise<void> {
    await this.#work(async () => {
      const page = await this.#fetch({ maxId: String(BigInt(id) + 1n), limit: PAGE });
      posts.take(page);
      const above = this.rows.at(-1);
      const fresh = this.#fresh(page);
      const first = fresh[0];
      if (above && first) this.rows = [...this.rows, { kind: 'gap', id: `gap-${above.id}`, above: above.id, below: first.id }, ...fresh];
    });
  }

  /** Fills a gap from above; what is still missing remains a gap. */
  async fill(gap: Row): Promise<void> {
    if (gap.kind !== 'gap') return;
    await this.#work(async () => {
      const page = await this.#fetch({ maxId: gap.above, limit: PAGE });
      posts.take(page);
      const between = this.#fresh(page.filter((s) => later(s.id, gap.below)));
      const reached = between.length < page.length || page.length === 0;
      const end = between.at(-1);
      const rest: Row[] = reached || !end ? [] : [{ ...gap, id: `gap-${end.id}`, above: end.id }];
      this.rows = this.rows.flatMap((row) => (row.id === gap.id ? [...between, ...rest] : [row]));
    });
  }

  /** Asks for what is newer than all that is known: after a lost connection, or on request. */
  async catchUp(): Promise<void> {
    if (this.loading) this.#owed = true;
    if (this.loading || !this.loaded) return;
    await this.#work(async () => {
      const page = await this.#fetch({ sinceId: this.newest, limit: 40 });
      posts.take(page);
      this.#wait(page.map((s) => s.id));
      this.#missing = page.length >= 40;
    });
  }

  /** Whether something may have come that the answer on its way does not know. */
  #owed = false;

  /** Whether more is missing between what waits and what is shown. */
  #missing = false;

  /** A post that just came. */
  arrive(status: Status): void {
    if (!this.loaded) {
      this.#owed = this.loading;
      return;
    }
    posts.take([status]);
    this.#wait([status.id]);
  }

  /** Shows a post of one's own at once, also where the stream was faster. */
  insert(status: Status): void {
    if (!this.loaded || this.rows.some((row) => row.id === status.id)) return;
    posts.take([status]);
    this.waiting = this.waiting.filter((id) => id !== status.id);
    this.rows = [{ kind: 'post', id: status.id }, ...this.rows];
  }

  /** Shows what waits. */
  reveal(): void {
    const first = this.#first();
    const last = this.waiting.at(-1);
    const gap: Row[] = this.#missing && first && last ? [{ kind: 'gap', id: `gap-${last}`, above: last, below: first }] : [];
    this.rows = [...this.waiting.map((id): Row => ({ kind: 'post', id })), ...gap, ...this.rows];
    this.waiting = [];
    this.#missing = false;
  }

  remove(id: string): void {
    const gone = (other: string) => other === id || posts.get(other)?.reblog?.id === id;
    this.waiting = this.waiting.filter((other) => !gone(other));
    this.rows = this.rows.filter((row) => row.kind === 'gap' || !gone(row.id));
  }

  /** Takes away whatever somebody wrote or boosted, once they are blocked or muted. */
  removeBy(account: string): void {
    const theirs = (id: string) => {
      const status = posts.get(id);
      return status?.account.id === account || status?.reblog?.account.id === account;
    };
    this.rows = this.rows.filter((row) => row.kind === 'gap' || !theirs(row.id));
    this.waiting = this.waiting.filter((id) => !theirs(id));
  }

  #first(): string | undefined {
    return this.rows.find((row) => row.kind === 'post')?.id;
  }

  #has(id: string): boolean {
    return this.waiting.includes(id) || this.rows.some((row) => row.id === id);
  }

  #fresh(page: Status[]): Row[] {
    return page.filter((s) => !this.#has(s.id)).map((s): Row => ({ kind: 'post', id: s.id }));
  }

  #wait(ids: string[]): void {
    const fresh = ids.filter((id) => !this.#has(id));
    this.waiting = [...fresh, ...this.waiting].sort((a, b) => (later(a, b) ? -1 : 1));
  }

  async #work(job: () => Promise<void>): Promise<void> {
    this.loading = true;
    this.error = undefined;
    try {
      await job();
    } catch (error) {
      this.error = error;
    } finally {
      this.loading = false;
      this.loaded = true;
    }
    if (this.#owed) {
      this.#owed = false;
      await this.catchUp();
    }
  }
}
