import { MastoHttpError } from 'masto';
import { shown } from './client';
import { call } from './extra';

/** What one takes along, what is deleted by itself, and what was decided about one (docs/ownapi.md). */
const base = '/api/coterie/v1';

export const dataKinds = ['following', 'lists', 'mutes', 'blocks', 'domain_blocks', 'bookmarks', 'filters'] as const;
export type DataKind = (typeof dataKinds)[number];

export interface ImportFailure {
  line: number;
  cells: string[];
  reason: 'form' | 'missing' | 'unreachable' | 'refused' | 'limit' | 'trouble';
}

export interface Import {
  id: string;
  type: DataKind;
  mode: 'merge' | 'overwrite';
  state: 'proposed' | 'working' | 'done' | 'failed';
  fileName: string;
  rows: number;
  done: number;
  removed: number;
  failed: number;
  plan: { new: number; known: number; removed: number };
  /** Of one alone: the first of them. */
  failures?: ImportFailure[];
}

/** Where a kind of data is to be had as a file. */
export const exportOf = (kind: DataKind) => `${base}/exports/${kind}.${kind === 'filters' ? 'json' : 'csv'}`;

export const imports = {
  /** How much there is of each kind; names are in camel case. */
  sizes: () => call<Record<string, number>>('GET', `${base}/exports`),
  list: () => call<Import[]>('GET', `${base}/imports`),
  get: (id: string) => call<Import>('GET', `${base}/imports/${id}`),
  start: (id: string) => call<Import>('POST', `${base}/imports/${id}/start`),
  forget: (id: string) => call<object>('DELETE', `${base}/imports/${id}`),
  failuresOf: (id: string) => `${base}/imports/${id}/failures`,

  /** Has a file read; nothing happens yet. */
  async propose(form: FormData): Promise<Import> {
    const answer = await fetch(`${base}/imports`, { method: 'POST', credentials: 'same-origin', headers: shown, body: form });
    const said = (await answer.json()) as { id: string; error?: string };
    if (!answer.ok) throw new MastoHttpError({ statusCode: answer.status, message: said.error ?? '' });
    return imports.get(said.id);
  },
};

/** What a decision about a server or somebody there ended. */
export interface Severed {
  id: string;
  targetName: string;
  followersCount: number;
  followingCount: number;
  createdAt: string;
}

export const severed = {
  list: () => call<Severed[]>('GET', `${base}/severed_relationships`),
  file: (one: Severed, which: 'followers' | 'following') => `${base}/severed_relationships/${one.id}/${which}.csv`,
};

export interface Archive {
  state: 'none' | 'working' | 'done' | 'failed';
  done: number;
  total: number;
  /** Bytes. */
  size: number;
  finishedAt: string | null;
  expiresAt: string | null;
  /** When another may be asked for. */
  nextAt: string | null;
}

export const archive = {
  get: () => call<Archive>('GET', `${base}/archive`),
  ask: () => call<Archive>('POST', `${base}/archive`),
  file: `${base}/archive/file`,
};

export interface Cleanup {
  enabled: boolean;
  /** Seconds. */
  minStatusAge: number;
  keepPinned: boolean;
  keepSelfFav: boolean;
  keepSelfBookmark: boolean;
  keepDirect: boolean;
  keepMedia: boolean;
  keepPolls: boolean;
  minFavs: number;
  minReblogs: number;
  matching: number;
}

export const cleanup = {
  get: () => call<Cleanup>('GET', `${base}/statuses_cleanup`),
  set: (wishes: Partial<Cleanup>) => call<Cleanup>('PATCH', `${base}/statuses_cleanup`, wishes),
};

export interface Strike {
  id: string;
  action: 'none' | 'sensitive' | 'disable' | 'silence' | 'suspend' | 'delete_statuses' | 'mark_statuses_as_sensitive';
  text: string;
  statusIds: string[];
  appeal: { text: string; state: 'pending' | 'approved' | 'rejected' } | null;
  createdAt: string;
}

export const strikes = {
  list: () => call<Strike[]>('GET', `${base}/strikes`),
  appeal: (id: string, text: string) => call<Strike>('POST', `${base}/strikes/${id}/appeal`, { text }),
};
