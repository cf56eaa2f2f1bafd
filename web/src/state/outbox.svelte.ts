import { MastoHttpError } from 'masto';
import type { mastodon } from '../api/client';
import { postPath } from '../lib/addresses';
import { t } from '../lib/i18n';
import { router } from '../lib/router.svelte';
import { composer } from './composer.svelte';
import { drafts, type Draft } from './drafts.svelte';
import { rest } from './letter';
import { posts } from './posts.svelte';
import { session } from './session.svelte';
import { toasts } from './toasts.svelte';

/** A post on its way: it leaves when it is due, or once there is a network. */
export interface Letter {
  draft: Draft;
  due: number;
  /** When it was first tried: the server knows its key again for an hour. */
  tried?: number;
  /** It waits for a connection. */
  held?: boolean;
  /** The posts that were made of it already, of a thread's parts. */
  sent: string[];
}

const KNOWN = 50 * 60_000;
const AGAIN = 20_000;

/**
 * What was written and has not left yet. It is kept on the device, so that
 * neither a closed page nor a lost connection loses it; the key of each post
 * keeps a second try from making a second post.
 */
class Outbox {
  letters = $state.raw<Letter[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hints = new Map<string, () => void>();
  #busy = false;

  get #name(): string {
    return `outbox.${session.me.id}`;
  }

  /** Those that wait for a connection. */
  get stuck(): Letter[] {
    return this.letters.filter((l) => l.held);
  }

  /** Takes over what an earlier page left, and sends it. */
  start(): void {
    try {
      this.letters = JSON.parse(localStorage.getItem(this.#name) ?? '[]') as Letter[];
    } catch {
      this.letters = [];
    }
    for (const letter of this.letters) {
      if (letter.tried === undefined || Date.now() - letter.tried < KNOWN) continue;
      // It may have arrived: people decide.
      this.#forget(letter);
      const left = rest(letter.draft, letter.sent);
      if (!left) continue;
      drafts.save({ ...left, key: crypto.randomUUID() });
      toasts.say(t('outbox.doubt'), { label: t('compose.drafts'), act: () => router.go('/scheduled') }, 15_000);
    }
    addEventListener('online', () => void this.flush(true));
    addEventListener('pagehide', () => {
      for (const letter of this.letters) if (letter.tried === undefined) void this.#send(letter, true).catch(() => {});
    });
    void this.flush(true);
  }

  /** Puts a post in, to leave after some seconds; until then it can be taken back. */
  put(draft: Draft, seconds: number): void {
    const letter: Letter = { draft, due: Date.now() + seconds * 1_000, sent: [] };
    this.#store([...this.letters, letter]);
    drafts.drop(draft.key);
    this.#hints.set(draft.key, toasts.say(t('outbox.sending'), { label: t('undo'), act: () => this.takeBack(draft.key) }, seconds * 1_000));
    this.#wake();
  }

  /** Sends at once and says so; what goes wrong is thrown, and the draft is kept. */
  async now(draft: Draft): Promise<void> {
    const letter: Letter = { draft, due: Date.now(), sent: [] };
    const first = await this.#send(letter);
    drafts.drop(draft.key);
    toasts.say(t('compose.sent'), first && { label: t('post.open'), act: () => router.go(postPath(first)) });
  }

  /** Takes a post back into the composer; without a key the last one. */
  takeBack(key = this.letters.filter((l) => l.sent.length === 0).at(-1)?.draft.key): void {
    const letter = this.letters.find((l) => l.draft.key === key);
    if (!letter) return;
    this.#forget(letter);
    const { replyTo, quote } = letter.draft;
    composer.open({ ...letter.draft, key: letter.tried ? crypto.randomUUID() : letter.draft.key }, posts.get(replyTo ?? quote ?? ''));
  }

  /** Gives up a post that waits. */
  drop(key: string): void {
    const letter = this.letters.find((l) => l.draft.key === key);
    if (letter) this.#forget(letter);
  }

  /** Sends what is due; those that failed before only when asked to. */
  async flush(again = false): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (const letter of this.letters) {
      if (letter.due > Date.now() || (letter.held && !again)) continue;
      if (navigator.onLine) await this.#try(letter);
      else this.#hold(letter);
    }
    this.#busy = false;
    this.#wake();
  }

  async #try(letter: Letter): Promise<void> {
    this.#hints.get(letter.draft.key)?.();
    try {
      const made = await this.#send(letter);
      this.#forget(letter);
      toasts.say(t('compose.sent'), made && { label: t('post.open'), act: () => router.go(postPath(made)) });
    } catch (error) {
      const refused = error instanceof MastoHttpError && error.statusCode < 500 && error.statusCode !== 429;
      if (!refused) {
        this.#change(letter, { tried: letter.tried ?? Date.now() });
        this.#hold(letter);
        return;
      }
      this.#forget(letter);
      const left = rest(letter.draft, letter.sent) ?? letter.draft;
      drafts.save(left);
      toasts.fail(error);
      if (!composer.draft) composer.open(left);
    }
  }

  #hold(letter: Letter): void {
    this.#hints.get(letter.draft.key)?.();
    if (!letter.held) toasts.say(t('outbox.kept'), undefined, 8_000);
    this.#change(letter, { held: true });
  }

  /** Sends what of a letter has not left; the answer is its first post. */
  async #send(letter: Letter, leaving = false): Promise<mastodon.v1.Status | undefined> {
    let first: mastodon.v1.Status | undefined;
    const parts = [{ text: letter.draft.text, media: letter.draft.media }, ...(letter.draft.more ?? [])];
    if (leaving) this.#change(letter, { tried: Date.now() });
    const sent = [...letter.sent];
    for (let at = sent.length; at < parts.length; at++) {
      const params = written(letter.draft, parts[at]!, at === 0 ? letter.draft.replyTo : sent[at - 1], at > 0);
      const made = await posts.create(params, at === 0 ? letter.draft.key : `${letter.draft.key}-${at}`, leaving);
      first ??= made;
      if (!made) break; // it is scheduled
      sent.push(made.id);
      if (parts.length > 1) this.#change(letter, { sent: [...sent] });
    }
    return first;
  }

  #wake(): void {
    clearTimeout(this.#timer);
    const next = Math.min(...this.letters.map((l) => (l.held ? Date.now() + AGAIN : l.due)));
    if (next === Infinity) return;
    const stuck = this.letters.every((l) => l.held);
    this.#timer = setTimeout(() => void this.flush(stuck), Math.max(0, next - Date.now()));
  }

  #change(letter: Letter, change: Partial<Letter>): void {
    Object.assign(letter, change);
    if (this.letters.includes(letter)) this.#store([...this.letters]);
  }

  #forget(letter: Letter): void {
    this.#hints.get(letter.draft.key)?.();
    this.#hints.delete(letter.draft.key);
    this.#store(this.letters.filter((l) => l !== letter));
  }

  #store(list: Letter[]): void {
    this.letters = list;
    localStorage.setItem(this.#name, JSON.stringify(list));
  }
}

/** What the server is asked for one post of a draft. */
export function written(draft: Draft, part: { text: string; media: mastodon.v1.MediaAttachment[] }, replyTo?: string, further = false): mastodon.rest.v1.CreateStatusParams {
  const poll = draft.poll && !further && { ...draft.poll, options: draft.poll.options.filter((o) => o.trim()) };
  return {
    status: part.text,
    spoilerText: draft.spoiler,
    sensitive: draft.sensitive,
    language: draft.language || undefined,
    mediaIds: part.media.map((m) => m.id),
    poll: poll || undefined,
    visibility: draft.visibility,
    inReplyToId: replyTo,
    quotedStatusId: further ? undefined : draft.quote,
    quoteApprovalPolicy: draft.quotePolicy,
    scheduledAt: draft.scheduledAt,
  } as mastodon.rest.v1.CreateStatusParams;
}

export const outbox = new Outbox();
