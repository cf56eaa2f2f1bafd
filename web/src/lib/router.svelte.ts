import { tick } from 'svelte';
import { isInner } from './addresses';
import { focusHeading } from './focus';

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

const nowhere: Route = { name: '', params: {}, path: '', query: new URLSearchParams(), key: '' };

class Router {
  #table: Table = [];
  /** What the address asks for, whose view may still be on its way. */
  next = $state.raw<Route>(nowhere);
  /** What is shown. No view sees the address of another. */
  current = $state.raw<Route>(nowhere);
  /** The post and which of its media the address names, to be looked at over the view. */
  media = $state.raw<{ acct: string; id: string; at: number }>();
  #heights = new Map<string, number>();
  #moved = false;

  /** Begins to follow the address and the links of the page. */
  start(table: Table): void {
    this.#table = table;
    history.scrollRestoration = 'manual';
    if (!entry().key) history.replaceState({ key: newKey() }, '');
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
    if (how.replace) history.replaceState({ key: entry().key ?? newKey() }, '', to);
    else history.pushState({ key: newKey() }, '', to);
    this.#match();
  }

  /** Shows one of a post's media under an address of its own, over the view, which stays as it is. */
  show(post: string, at: number): void {
    const to = `${post}?media=${at + 1}`;
    if (this.media) history.replaceState(entry(), '', to);
    else {
      this.#keepHeight();
      history.pushState({ key: this.current.key, below: location.pathname + location.search } satisfies Entry, '', to);
    }
    this.#match();
  }

  /** Shows the view again that the media were over. */
  hide(): void {
    if (!this.media) return;
    if (entry().below) history.back();
    else this.go(location.pathname, { replace: true });
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

  /** Takes note that the view of an address is there, and settles the page. */
  shown(route: Route): void {
    this.current = route;
    if (!this.#moved) return;
    this.#moved = false;
    void settle(this.height(this.current.key));
  }

  #keepHeight(): void {
    this.#heights.set(this.current.key, scrollY);
  }

  #match(): void {
    const { key = '', below } = entry();
    const { pathname, search } = new URL(below ?? location.href, location.origin);
    this.media = mediaAt(location);
    const { next } = this;
    if (key === next.key && pathname === next.path && search.slice(1) === next.query.toString()) return;
    this.#moved ||= next.path !== '' && next.path !== pathname;
    for (const [name, pattern] of this.#table) {
      const hit = pattern.exec(pathname);
      if (!hit) continue;
      const params = Object.fromEntries(Object.entries(hit.groups ?? {}).map(([k, v]) => [k, decode(v ?? '')]));
      this.next = { name, params, path: pathname, query: new URLSearchParams(search), key };
      return;
    }
    this.next = { name: 'missing', params: {}, path: pathname, query: new URLSearchParams(search), key };
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

/** What is kept with an entry of the history. */
interface Entry {
  key?: string;
  /** The address of the view that media are looked at over. */
  below?: string;
}

function entry(): Entry {
  return (history.state as Entry | null) ?? {};
}

function mediaAt({ pathname, search }: Location): Router['media'] {
  const post = /^\/@([^/]+)\/(\d+)\/?$/.exec(pathname);
  const at = Number(new URLSearchParams(search).get('media'));
  return post && at > 0 ? { acct: decode(post[1]!), id: post[2]!, at: at - 1 } : undefined;
}

let awaited: MutationObserver | undefined;

/**
 * Scrolls and gives the focus to the heading, so that screen readers tell where
 * one is. One that comes only with what is fetched gets it then, unless
 * somebody has gone elsewhere meanwhile.
 */
async function settle(height: number): Promise<void> {
  awaited?.disconnect();
  await tick();
  scrollTo(0, height);
  // Whoever writes beside the page goes on writing when a view comes late.
  if (document.querySelector('dialog:modal') || document.activeElement?.closest('dialog[open]') || focusHeading()) return;
  awaited = new MutationObserver(() => {
    if (document.activeElement !== document.body || focusHeading()) awaited?.disconnect();
  });
  awaited.observe(document.body, { childList: true, subtree: true });
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
