import { api, type mastodon } from './client';
import { call } from './extra';

export type Member = mastodon.v1.admin.Account;
export type Report = Omit<mastodon.v1.admin.Report, 'account' | 'targetAccount' | 'assignedAccount' | 'actionTakenByAccount'> & {
  account: Member;
  targetAccount: Member;
  assignedAccount: Member | null;
  actionTakenByAccount: Member | null;
};
export type DomainBlock = mastodon.v1.admin.DomainBlock & { rejectReports: boolean };
export type DomainAllow = mastodon.v1.admin.DomainAllow;
export type Action = 'none' | 'sensitive' | 'silence' | 'disable' | 'suspend' | 'delete_statuses' | 'mark_statuses_as_sensitive';

export interface Strike {
  id: string;
  action: Action;
  text: string;
  statusIds: string[];
  targetAccount: mastodon.v1.Account;
  appeal: { text: string; state: 'pending' | 'approved' | 'rejected' } | null;
  createdAt: string;
}

export interface StaffNote {
  id: string;
  account: string;
  content: string;
  createdAt: string;
}

export interface LogEntry {
  id: string;
  account: string;
  verb: string;
  targetType: string;
  targetId: string;
  target: string;
  detail: string;
  createdAt: string;
}

/** What a block would end. */
export interface Impact {
  accountsCount: number;
  statusesCount: number;
  peopleCount: number;
  followersCount: number;
  followingCount: number;
  follows: { follower: string; followed: string }[];
}

/** What becomes of one domain of a list. */
export interface ListedBlock {
  domain: string;
  severity: 'suspend' | 'limit' | 'noop';
  /** How many follows it ends. */
  follows: number;
}

const v1 = '/api/v1/admin';
const own = '/api/coterie/v1/admin';

/** The words of a query, without those that say nothing. */
function query(words: Record<string, string | undefined>): string {
  const kept = Object.entries(words).filter((pair): pair is [string, string] => !!pair[1]);
  return kept.length > 0 ? `?${new URLSearchParams(kept)}` : '';
}

/** A list that is paged by the ids of its rows. */
export function paged<T extends { id: string }>(path: string, words: Record<string, string | undefined> = {}) {
  return {
    async *values(): AsyncGenerator<T[]> {
      let before: string | undefined;
      for (;;) {
        const page = await call<T[]>('GET', path + query({ ...words, max_id: before }));
        if (page.length === 0) return;
        yield page;
        before = page.at(-1)!.id;
      }
    },
  };
}

/** What undoes an action that stays until it is taken back. */
export const undoing: Partial<Record<Action, string>> = { sensitive: 'unsensitive', silence: 'unsilence', disable: 'enable', suspend: 'unsuspend' };

export const members = {
  find: (words: Record<string, string | undefined>) => paged<Member>(`/api/v2/admin/accounts`, words),
  get: (id: string) => call<Member>('GET', `${v1}/accounts/${id}`),
  act: (id: string, what: { type: Action; text: string; reportId?: string; statusIds?: string[]; sendEmailNotification: boolean }) =>
    call<object>('POST', `${v1}/accounts/${id}/action`, what),
  undo: (id: string, action: Action) => call<Member>('POST', `${v1}/accounts/${id}/${undoing[action]}`),
  /** What is said to who is turned away goes by mail. */
  decide: (id: string, how: 'approve' | 'reject', text = '') => call<Member>('POST', `${v1}/accounts/${id}/${how}`, { text }),
  /** Takes the address for theirs though no link was opened. */
  confirm: (id: string) => call<Member>('POST', `${own}/accounts/${id}/confirm`),
  erase: (id: string) => call<Member>('DELETE', `${v1}/accounts/${id}`),
  strikes: (id: string) => paged<Strike>(`${own}/accounts/${id}/strikes`),
};

export const reports = {
  list: (words: Record<string, string | undefined>) => paged<Report>(`${v1}/reports`, words),
  get: (id: string) => call<Report>('GET', `${v1}/reports/${id}`),
  turn: (id: string, how: 'assign_to_self' | 'unassign' | 'resolve' | 'reopen') => call<Report>('POST', `${v1}/reports/${id}/${how}`),
  sort: (id: string, category: string) => call<Report>('PUT', `${v1}/reports/${id}`, { category }),
};

export const notes = {
  on: (kind: 'reports' | 'accounts', id: string) => call<StaffNote[]>('GET', `${own}/${kind}/${id}/notes`),
  add: (kind: 'reports' | 'accounts', id: string, content: string) => call<StaffNote[]>('POST', `${own}/${kind}/${id}/notes`, { content }),
};

export const appeals = {
  list: () => call<Strike[]>('GET', `${own}/appeals`),
  decide: (strike: string, how: 'approve' | 'reject') => call<Strike>('POST', `${own}/strikes/${strike}/appeal/${how}`),
};

export const log = (account?: string) => paged<LogEntry>(`${own}/audit_log`, { account_id: account });

export const servers = {
  blocks: () => api.v1.admin.domainBlocks.list({ limit: 200 }),
  allows: () => api.v1.admin.domainAllows.list({ limit: 200 }),
  preview: (domain: string) => call<Impact>('GET', `${own}/domain_blocks/preview${query({ domain })}`),
  block: (rule: object) => call<DomainBlock>('POST', `${v1}/domain_blocks`, rule),
  change: (id: string, rule: object) => call<DomainBlock>('PUT', `${v1}/domain_blocks/${id}`, rule),
  unblock: (id: string) => call<object>('DELETE', `${v1}/domain_blocks/${id}`),
  exportList: async () => (await call<{ list: string }>('GET', `${own}/domain_blocks/export`)).list,
  importList: (list: string, dryRun: boolean) => call<{ rules: ListedBlock[]; odd: string[] }>('POST', `${own}/domain_blocks/import`, { list, dryRun }),
  allow: (domain: string) => call<DomainAllow>('POST', `${v1}/domain_allows`, { domain }),
  disallow: (id: string) => call<object>('DELETE', `${v1}/domain_allows/${id}`),
};

/** What was held of one server as spam. */
export interface Wave {
  id: string;
  host: string;
  state: 'open' | 'released' | 'confirmed';
  /** The same for waves of alike posts. */
  pattern: string | null;
  /** Posts so far. */
  held: number;
  /** What waits now, of how many, to how many. */
  posts: number;
  accounts: number;
  strangers: number;
  sample: string;
  createdAt: string;
  lastAt: string;
}

export interface HeldPost {
  id: string;
  why: 'alike' | 'many' | 'origin';
  text: string;
  strangers: number;
  account: mastodon.v1.Account;
  createdAt: string;
}

/** Which waves are decided about. */
export type WaveChoice = { ids: string[] } | { pattern: string } | { all: true };

export const waves = {
  list: (state: Wave['state']) => paged<Wave>(`${own}/spam_waves`, { state, limit: '200' }),
  posts: (wave: string) => paged<HeldPost>(`${own}/spam_waves/${wave}/posts`),
  release: (choice: WaveChoice) => call<{ waves: number }>('POST', `${own}/spam_waves/release`, choice),
  confirm: (choice: WaveChoice, accounts: 'none' | 'silence' | 'suspend') => call<{ waves: number }>('POST', `${own}/spam_waves/confirm`, { ...choice, accounts }),
  releasePost: (wave: string, post: string) => call<object>('POST', `${own}/spam_waves/${wave}/posts/${post}/release`),
};

export interface Dashboard {
  people: number;
  active: number;
  statuses: number;
  servers: number;
  queues: Record<'reports' | 'pending' | 'appeals' | 'letters' | 'jobs' | 'setAside', number>;
  failing: { host: string; since: string; failures: number; parked: boolean }[];
  failingCount: number;
  disk: Record<'free' | 'total' | 'database' | 'media' | 'copies' | 'budget', number>; // bytes
  /** -1: not known yet. */
  forecast: { bytesPerMember: number; bytesPerDay: number; members: number; days: number };
}

export interface Setting {
  name: string;
  value: string;
  help: string;
}

export interface RuleText {
  id: string;
  text: string;
  hint: string;
  translations: Record<string, { text: string; hint: string }>;
}

export interface Announced {
  id: string;
  state: 'scheduled' | 'published' | 'ended';
  text: string;
  startsAt: string | null;
  endsAt: string | null;
  allDay: boolean;
  publishedAt: string;
}

export interface StaffRole {
  id: string;
  key: string;
  name: string;
  color: string;
  position: number;
  permissions: string;
  highlighted: boolean;
  secondFactor: boolean;
  builtIn: boolean;
}

/** What would go now. */
export interface Upkeep {
  mediaFiles: number;
  mediaBytes: number;
  posts: number;
  addresses: number;
}

/** Words of the community's own in mails of a kind. */
export interface MailText {
  kind: string;
  language: string;
  /** Whether it is one of the community's languages. */
  spoken: boolean;
  text: string;
}

export interface Terms {
  effective: string;
  text: string;
  /** How many accepted it, of how many, and were told by mail. */
  accepted: number;
  members: number;
  mails: { waiting: number; sent: number; refused: number } | null;
}

export const figures = {
  dashboard: () => call<Dashboard>('GET', `${own}/dashboard`),
  measures: (keys: string[], startAt: string, endAt: string) => call<mastodon.v1.admin.Measure[]>('POST', `${v1}/measures`, { keys, startAt, endAt }),
  dimensions: (keys: string[], startAt: string, endAt: string) =>
    call<{ key: string; data: { key: string; humanKey: string; value: string }[] }[]>('POST', `${v1}/dimensions`, { keys, startAt, endAt, limit: 6 }),
  retention: (startAt: string, endAt: string) =>
    call<{ period: string; data: { date: string; rate: number; value: string }[] }[]>('POST', `${v1}/retention`, { startAt, endAt, frequency: 'month' }),
};

export const community = {
  settings: () => call<Setting[]>('GET', `${own}/settings`),
  set: (name: string, value: string) => call<Setting>('PUT', `${own}/settings/${name}`, { value }),
  /** Changes one of the pictures; without a file it is the usual one. */
  picture: (which: 'thumbnail' | 'icon', image?: File) => {
    const form = new FormData();
    if (image) form.set('image', image);
    return call<object>('POST', `${own}/${which}`, image && form);
  },
  upkeep: (words: Record<string, string>) => call<Upkeep>('GET', `${own}/upkeep${query(words)}`),
  mailTexts: () => call<MailText[]>('GET', `${own}/mail_texts`),
  setMailText: (kind: string, language: string, text: string) => call<MailText[]>('PUT', `${own}/mail_texts/${kind}/${language}`, { text }),
  terms: () => call<Terms[]>('GET', `${own}/terms`),
  publishTerms: (text: string, effective: string, notify: boolean) => call<Terms>('POST', `${own}/terms`, { text, effective, notify }),
  tellTerms: (day: string) => call<Terms[]>('POST', `${own}/terms/${day}/notify`),
};

export const rules = {
  list: () => call<RuleText[]>('GET', `${own}/rules`),
  /** With text, hint and their translations, by the names of the form. */
  save: (id: string | undefined, form: FormData) => call<RuleText[]>(id ? 'PUT' : 'POST', `${own}/rules${id ? `/${id}` : ''}`, form),
  order: (ids: string[]) => call<RuleText[]>('POST', `${own}/rules/order`, { ids }),
  remove: (id: string) => call<object>('DELETE', `${own}/rules/${id}`),
};

export const announced = {
  list: () => call<Announced[]>('GET', `${own}/announcements`),
  add: (what: object) => call<Announced[]>('POST', `${own}/announcements`, what),
  remove: (id: string) => call<object>('DELETE', `${own}/announcements/${id}`),
};

export const roles = {
  list: () => call<StaffRole[]>('GET', `${own}/roles`),
  save: (key: string, what: object) => call<StaffRole[]>(key ? 'PUT' : 'POST', `${own}/roles${key && `/${key}`}`, what),
  remove: (key: string) => call<object>('DELETE', `${own}/roles/${key}`),
  give: (account: string, role: string) => call<Member>('POST', `${own}/accounts/${account}/role`, { role }),
};

export interface StaffEmoji {
  id: string;
  shortcode: string;
  /** null: of here. */
  domain: string | null;
  category: string;
  disabled: boolean;
  staticUrl: string;
}

/** What becomes of a pack: shortcodes, and why files are refused. */
export interface Pack {
  added: string[];
  there: string[];
  refused: { file: string; error: string }[];
}

export const customEmojis = {
  list: (words: Record<string, string | undefined>) => paged<StaffEmoji>(`${own}/custom_emojis`, { ...words, limit: '200' }),
  /** With shortcode, category and image. */
  add: (form: FormData) => call<StaffEmoji[]>('POST', `${own}/custom_emojis`, form),
  change: (id: string, what: { category?: string; disabled?: boolean }) => call<StaffEmoji[]>('PUT', `${own}/custom_emojis/${id}`, what),
  remove: (id: string) => call<object>('DELETE', `${own}/custom_emojis/${id}`),
  copy: (id: string) => call<StaffEmoji[]>('POST', `${own}/custom_emojis/${id}/copy`),
  /** With pack, category, replace and dry_run. */
  take: (form: FormData) => call<Pack>('POST', `${own}/custom_emojis/import`, form),
};

export interface Relay {
  id: string;
  inbox: string;
  actor: string;
  state: 'pending' | 'accepted' | 'rejected' | 'disabled';
  createdAt: string;
}

export const relays = {
  list: () => call<Relay[]>('GET', `${own}/relays`),
  add: (inbox: string, actor: string) => call<Relay[]>('POST', `${own}/relays`, { inbox, actor }),
  turn: (id: string, how: 'enable' | 'disable') => call<Relay[]>('POST', `${own}/relays/${id}/${how}`),
  remove: (id: string) => call<Relay[]>('DELETE', `${own}/relays/${id}`),
};

export interface Webhook {
  id: string;
  url: string;
  events: string[];
  enabled: boolean;
  /** Of one that was just made, or whose secret was changed. */
  secret?: string;
  /** Of the last delivery; null if it was taken. */
  error: string | null;
  triedAt: string | null;
}

export const webhooks = {
  list: () => call<Webhook[]>('GET', `${own}/webhooks`),
  add: (url: string, events: string[]) => call<Webhook>('POST', `${own}/webhooks`, { url, events }),
  change: (id: string, what: { events?: string[]; enabled?: boolean }) => call<Webhook>('PUT', `${own}/webhooks/${id}`, what),
  rotate: (id: string) => call<Webhook>('POST', `${own}/webhooks/${id}/rotate_secret`),
  remove: (id: string) => call<object>('DELETE', `${own}/webhooks/${id}`),
};

export interface DomainList {
  id: string;
  url: string;
  title: string;
  /** Whether it counts. */
  active: boolean;
  entries: number;
  error: string | null;
  fetchedAt: string | null;
}

/** What lists would change; a severity of none lifts. */
export interface ListPlan {
  quorum: number;
  lists: number;
  followersCount: number;
  followingCount: number;
  changes: { domain: string; severity: 'none' | 'noop' | 'silence' | 'suspend'; comment: string; followersCount: number; followingCount: number }[];
}

export const domainLists = {
  list: () => call<DomainList[]>('GET', `${own}/domain_lists`),
  add: (url: string, title: string) => call<DomainList>('POST', `${own}/domain_lists`, { url, title }),
  change: (id: string, what: { active: boolean }) => call<DomainList>('PUT', `${own}/domain_lists/${id}`, what),
  remove: (id: string) => call<object>('DELETE', `${own}/domain_lists/${id}`),
  refresh: () => call<object>('POST', `${own}/domain_lists/refresh`),
  preview: (ids: string[]) => call<ListPlan>('GET', `${own}/domain_lists/preview?${new URLSearchParams(ids.map((id) => ['ids[]', id]))}`),
  exceptions: () => call<string[]>('GET', `${own}/domain_lists/exceptions`),
  except: (domain: string) => call<string[]>('POST', `${own}/domain_lists/exceptions`, { domain }),
  unexcept: (domain: string) => call<string[]>('DELETE', `${own}/domain_lists/exceptions`, { domain }),
};

export interface SharedText {
  id: string;
  kind: 'warning' | 'rejection';
  title: string;
  text: string;
}

export const texts = {
  list: () => call<SharedText[]>('GET', `${own}/texts`),
  save: (id: string | undefined, what: { kind: string; title: string; text: string }) => call<unknown>(id ? 'PUT' : 'POST', `${own}/texts${id ? `/${id}` : ''}`, what),
  remove: (id: string) => call<object>('DELETE', `${own}/texts/${id}`),
};
