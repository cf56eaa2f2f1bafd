import { tick } from 'svelte';
import { isInner } from './addresses';

/** What an address shows: the name of a view and what its pattern caught. */
export interface Route {
  name: string;
  params: Record<string, string>;
  path: string;
  query: URLSearchParams;
  /** Names the entry of the history, for what is kept with it. */
  key: string;
}

type Table = readonly (readonly [name: string, pattern: RegExp])[];

class Router {
  #table: Table = [];
  current = $state.raw<Route>({ name: '', params: {}, path: '', query: new URLSearchParams(), key: '' });
  #heights = new Map<string, number>();
  #moved = false;

  /** Begins to follow the address and the links of the page. */
  start(table: Table): void {
    this.#table = table;
    history.scrollRestoration = 'manual';
    if (!(history.state as { key?: string } | null)?.key) history.replaceState({ key: newKey() }, '');
    this.#match();
    addEventListener('popstate', () => {
      this.#keepHeight();
      this.#match();
    });
    document.addEventListener('click', (e) => this.#click(e));
  }

  /** Goes to an address of the client. */
  go(to: string, how: { replace?: boolean } = {}): void {
    this.#keepHeight();
    if (how.replace) history.replaceState(history.state, '', to);
    else history.pushState({ key: newKey() }, '', to);
    this.#match();
  }

  /** Goes back, or to where there is nothing to go back to. */
  back(otherwise: string): void {
    if (history.length > 1 && this.#heights.size > 0) history.back();
    else this.go(otherwise);
  }

  /** How far down the page was when this entry of the history was left. */
  height(key: string): number {
    return this.#heights.get(key) ?? 0;
  }

  /** Settles the page once the view of the address is shown. */
  shown(): void {
    if (!this.#moved) return;
    this.#moved = false;
    void settle(this.height(this.current.key));
  }

  #keepHeight(): void {
    this.#heights.set(this.current.key, scrollY);
  }

  #match(): void {
    const { pathname, search } = location;
    const key = (history.state as { key?: string } | null)?.key ?? '';
    for (const [name, pattern] of this.#table) {
      const hit = pattern.exec(pathname);
      if (!hit) continue;
      const params = Object.fromEntries(Object.entries(hit.groups ?? {}).map(([k, v]) => [k, decode(v ?? '')]));
      const moved = this.current.path !== '' && this.current.path !== pathname;
      this.current = { name, params, path: pathname, query: new URLSearchParams(search), key };
      this.#moved ||= moved;
      return;
    }
    this.current = { name: 'missing', params: {}, path: pathname, query: new URLSearchParams(search), key };
  }

  #click(e: MouseEvent): void {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    const link = (e.target as Element).closest('a');
    if (!link || link.target === '_blank' || link.hasAttribute('download') || !link.href) return;
    const url = new URL(link.href);
    if (!isInner(url) || (url.hash && url.pathname === location.pathname)) return;
    e.preventDefault();
    this.go(url.pathname + url.search);
  }
}

/** Scrolls and gives the focus to the heading, so that screen readers tell where one is. */
async function settle(height: number): Promise<void> {
  await tick();
  scrollTo(0, height);
  if (document.querySelector('dialog[open]')) return;
  const heading = document.querySelector<HTMLElement>('main h1');
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

function newKey(): string {
  return Math.random().toString(36).slice(2, 10);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const router = new Router();
