import { api, type mastodon } from '../api/client';
import { t } from '../lib/i18n';
import { session } from './session.svelte';

/** The columns that stand side by side, by name: "home", "notifications", "local", "federated", "list 12", "tag birds". */
class Deck {
  columns = $state.raw<string[]>([]);
  lists = $state.raw<mastodon.v1.List[]>([]);
  tags = $state.raw<mastodon.v1.Tag[]>([]);

  get #name(): string {
    return `deck.${session.me.id}`;
  }

  /** Reads which columns this device keeps for the account, and what else there could be. */
  load(): void {
    try {
      this.columns = JSON.parse(localStorage.getItem(this.#name) ?? '["home","notifications","local"]') as string[];
    } catch {
      this.columns = ['home'];
    }
    api.v1.lists.list().then((found) => (this.lists = found), console.error);
    api.v1.followedTags.list().then((found) => (this.tags = found), console.error);
  }

  /** What a column is called; nothing while its list is not known, or gone. */
  title(column: string): string {
    const [kind = '', argument = ''] = column.split(' ', 2);
    if (kind === 'list') return this.lists.find((l) => l.id === argument)?.title ?? '…';
    if (kind === 'tag') return `#${argument}`;
    if (kind === 'local' || kind === 'federated') return t(`timeline.${kind}`);
    return t(kind === 'home' ? 'nav.home' : 'nav.notifications');
  }

  /** The columns that could be added. */
  get further(): string[] {
    const all = ['home', 'notifications', 'local', 'federated', ...this.lists.map((l) => `list ${l.id}`), ...this.tags.map((tag) => `tag ${tag.name}`)];
    return all.filter((column) => !this.columns.includes(column));
  }

  add(column: string): void {
    this.#keep([...this.columns, column]);
  }

  remove(column: string): void {
    this.#keep(this.columns.filter((c) => c !== column));
  }

  move(column: string, by: number): void {
    const rest = this.columns.filter((c) => c !== column);
    rest.splice(Math.max(0, this.columns.indexOf(column) + by), 0, column);
    this.#keep(rest);
  }

  /** Puts a column where another stands. */
  put(column: string, at: string): void {
    if (this.columns.includes(column)) this.move(column, this.columns.indexOf(at) - this.columns.indexOf(column));
  }

  #keep(columns: string[]): void {
    this.columns = columns;
    localStorage.setItem(this.#name, JSON.stringify(columns));
  }
}

export const deck = new Deck();
