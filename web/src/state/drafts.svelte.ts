import type { mastodon } from '../api/client';
import { language } from '../lib/i18n';
import { session } from './session.svelte';

export type QuotePolicy = 'public' | 'followers' | 'nobody';

export interface PollDraft {
  options: string[];
  multiple: boolean;
  expiresIn: number; // seconds
}

/** A poll before anything is asked. */
export function newPoll(): PollDraft {
  return { options: ['', ''], multiple: false, expiresIn: 86_400 };
}

/** One more post of a thread. */
export interface Part {
  text: string;
  media: mastodon.v1.MediaAttachment[];
}

/** A post that is being written. */
export interface Draft {
  key: string; // makes one post of it, however often it is sent
  text: string;
  spoiler: string;
  visibility: mastodon.v1.StatusVisibility;
  language: string;
  sensitive: boolean;
  poll?: PollDraft;
  media: mastodon.v1.MediaAttachment[];
  replyTo?: string;
  quote?: string;
  edit?: string;
  /** Those that follow it in a thread of one's own. */
  more?: Part[];
  scheduledAt?: string;
  /** The scheduled post that this one takes the place of. */
  scheduled?: string;
  quotePolicy: QuotePolicy;
  savedAt: number;
}

export function newDraft(): Draft {
  const { source } = session.me;
  return {
    key: crypto.randomUUID(),
    text: '',
    spoiler: '',
    visibility: source.privacy ?? 'public',
    language: source.language || language.split('-')[0]!,
    sensitive: source.sensitive ?? false,
    media: [],
    quotePolicy: (source.quotePolicy as QuotePolicy | undefined) ?? 'public',
    savedAt: Date.now(),
  };
}

/** Whether anything was written that would be missed. */
export function worthKeeping(draft: Draft): boolean {
  const said = [draft, ...(draft.more ?? [])].some((part) => part.text.replace(/@\S+/g, '').trim() !== '' || part.media.length > 0);
  return !draft.edit && !draft.scheduled && (said || draft.poll?.options.some((o) => o.trim() !== '') === true);
}

const MOST = 20;

/** Drafts on this device, newest first, each account's own. */
class Drafts {
  #list = $state.raw<Draft[]>([]);

  get #name(): string {
    return `drafts.${session.me.id}`;
  }

  get list(): Draft[] {
    return this.#list;
  }

  /** Reads what this device kept; call it once somebody is known to be signed in. */
  load(): void {
    try {
      this.#list = JSON.parse(localStorage.getItem(this.#name) ?? '[]') as Draft[];
    } catch {
      this.#list = [];
    }
  }

  save(draft: Draft): void {
    const others = this.list.filter((d) => d.key !== draft.key);
    this.#store(worthKeeping(draft) ? [{ ...draft, savedAt: Date.now() }, ...others] : others);
  }

  drop(key: string): void {
    this.#store(this.list.filter((d) => d.key !== key));
  }

  #store(list: Draft[]): void {
    this.#list = list.slice(0, MOST);
    localStorage.setItem(this.#name, JSON.stringify(this.#list));
  }
}

export const drafts = new Drafts();
