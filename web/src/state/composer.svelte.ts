import { api, type mastodon } from '../api/client';
import { session } from './session.svelte';
import { attempt } from './toasts.svelte';
import { drafts, newDraft, type Draft } from './drafts.svelte';

type Status = mastodon.v1.Status;

/** Files to upload, or the emoji to choose from. */
export interface Begin {
  files?: File[];
  emoji?: boolean;
}

/** What is being written, in the dialog that opens over everything. */
class Composer {
  draft = $state<Draft>();
  /** The post that is answered or quoted, to show above the writing. */
  context = $state.raw<Status>();
  /** What it begins with beyond the text. */
  begin = $state.raw<Begin>({});

  close(): void {
    this.draft = undefined;
    this.context = undefined;
  }

  open(change: Partial<Draft> = {}, context?: Status, begin: Begin = {}): void {
    if (this.draft) drafts.save($state.snapshot(this.draft) as Draft);
    this.context = context;
    this.begin = begin;
    this.draft = { ...newDraft(), ...change };
  }

  reply(status: Status): void {
    const others = status.mentions.filter((m) => m.id !== session.me.id && m.id !== status.account.id).map((m) => m.acct);
    const names = session.isMe(status.account) ? others : [status.account.acct, ...others];
    this.open(
      {
        replyTo: status.id,
        text: names.map((acct) => `@${acct} `).join(''),
        visibility: narrower(status.visibility, newDraft().visibility),
        spoiler: status.spoilerText,
        language: newDraft().language,
      },
      status,
    );
  }

  quote(status: Status): void {
    this.open({ quote: status.id }, status);
  }

  mention(account: { acct: string }): void {
    this.open({ text: `@${account.acct} ` });
  }

  message(account: { acct: string }): void {
    this.open({ text: `@${account.acct} `, visibility: 'direct' });
  }

  async edit(status: Status): Promise<void> {
    const source = await attempt(() => api.v1.statuses.$select(status.id).source.fetch());
    if (source) this.open({ ...written(status), edit: status.id, text: source.text, spoiler: source.spoilerText }, await this.#around(status));
  }

  /** Writes a post again that was deleted; the server told its source. */
  async redraft(status: Status): Promise<void> {
    this.open({ ...written(status), text: status.text ?? '', replyTo: status.inReplyToId ?? undefined }, await this.#around(status));
  }

  /** Opens a scheduled post; once it is sent it takes the place of the old one. */
  async reschedule({ id, scheduledAt, params, mediaAttachments }: mastodon.v1.ScheduledStatus): Promise<void> {
    // The library does not know all that the server tells.
    const more = params as typeof params & { language?: string | null; poll?: Draft['poll'] & { expiresIn: number | string }; quotedStatusId?: string | null; quoteApprovalPolicy?: string | null };
    const plain = newDraft();
    const around = params.inReplyToId ?? more.quotedStatusId;
    const context = around ? await api.v1.statuses.$select(around).fetch().then((s) => s, () => undefined) : undefined;
    this.open(
      {
        text: params.text,
        spoiler: params.spoilerText ?? '',
        sensitive: params.sensitive ?? false,
        visibility: params.visibility ?? plain.visibility,
        language: more.language ?? plain.language,
        media: mediaAttachments,
        replyTo: params.inReplyToId ?? undefined,
        quote: more.quotedStatusId ?? undefined,
        quotePolicy: (more.quoteApprovalPolicy as Draft['quotePolicy'] | null) ?? plain.quotePolicy,
        poll: more.poll ? { options: more.poll.options, multiple: more.poll.multiple ?? false, expiresIn: Number(more.poll.expiresIn) } : undefined,
        scheduledAt,
        scheduled: id,
      },
      context,
    );
  }

  /** What a post answers or quotes, as far as it can be seen. */
  async #around(status: Status): Promise<Status | undefined> {
    if (!status.inReplyToId) return status.quote && 'quotedStatus' in status.quote ? (status.quote.quotedStatus ?? undefined) : undefined;
    return api.v1.statuses.$select(status.inReplyToId).fetch().then(
      (found) => found,
      () => undefined,
    );
  }
}

/** What a post that is written again takes over. */
function written(status: Status): Partial<Draft> {
  const quoted = status.quote && 'quotedStatus' in status.quote ? status.quote.quotedStatus?.id : undefined;
  return {
    spoiler: status.spoilerText,
    visibility: status.visibility,
    language: status.language ?? '',
    sensitive: status.sensitive,
    media: status.mediaAttachments,
    quote: quoted,
    quotePolicy: policyOf(status),
    poll: status.poll
      ? { options: status.poll.options.map((o) => o.title), multiple: status.poll.multiple, expiresIn: lifeOf(status) }
      : undefined,
  };
}

/** Who may quote a post by itself. */
function policyOf(status: Status): Draft['quotePolicy'] {
  const automatic = (status.quoteApproval?.automatic ?? []) as string[];
  return automatic.includes('public') ? 'public' : automatic.includes('followers') ? 'followers' : 'nobody';
}

/** How long the poll of a post ran or runs, to the day. */
function lifeOf(status: Status): number {
  const ends = Date.parse(status.poll?.expiresAt ?? '');
  const lives = [3_600, 21_600, 86_400, 259_200, 604_800];
  const life = (ends - Date.parse(status.createdAt)) / 1_000;
  return lives.find((each) => each >= life - 60) ?? 86_400;
}

const order = ['public', 'unlisted', 'private', 'direct'] as const;

/** An answer is never shown to more people than what it answers. */
function narrower(a: Status['visibility'], b: Status['visibility']): Status['visibility'] {
  return order[Math.max(order.indexOf(a as 'public'), order.indexOf(b as 'public'))] ?? b;
}

export const composer = new Composer();
