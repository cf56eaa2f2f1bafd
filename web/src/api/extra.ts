import { MastoHttpError } from 'masto';
import { SerializerNativeImpl } from 'masto/adapters/serializers/index.js';
import { shown, type mastodon } from './client';

const serializer = new SerializerNativeImpl();

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Calls what the library has no method for; names are in its camel case, too, but for those of a form. */
export async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  return (await ask<T>(method, path, body)).data;
}

async function ask<T>(method: Method, path: string, body?: unknown): Promise<{ data: T; headers: Headers }> {
  const form = body instanceof FormData;
  const headers = new Headers(shown);
  if (body !== undefined && !form) headers.set('Content-Type', 'application/json');
  const answer = await fetch(path, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers,
    body: body === undefined || form ? body : (serializer.serialize('json', body) as string),
  });
  const data = serializer.deserialize<T & { error?: string }>('json', await answer.text());
  if (!answer.ok) throw new MastoHttpError({ statusCode: answer.status, message: data.error ?? '' });
  return { data, headers: answer.headers };
}

/** Work of the server that an answer did not wait for: its id, and after how many seconds to ask. */
export interface Refresh {
  id: string;
  retry: number;
}

/** The posts around a post, and whether more are on their way. */
export async function contextOf(id: string): Promise<{ context: mastodon.v1.Context; refresh?: Refresh }> {
  const { data, headers } = await ask<mastodon.v1.Context>('GET', `/api/v1/statuses/${id}/context`);
  const named = /id="([^"]+)", retry=(\d+)/.exec(headers.get('Mastodon-Async-Refresh') ?? '');
  return { context: data, refresh: named ? { id: named[1]!, retry: Number(named[2]) } : undefined };
}

/** Whether the server is still at work. */
export async function isRefreshing(id: string): Promise<boolean> {
  const { asyncRefresh } = await call<{ asyncRefresh: { status: string } }>('GET', `/api/v1_alpha/async_refreshes/${id}`);
  return asyncRefresh.status === 'running';
}

/** Takes one's own post out of a quote of it. */
export function revokeQuote(quoted: string, quoting: string): Promise<mastodon.v1.Status> {
  return call('POST', `/api/v1/statuses/${quoted}/quotes/${quoting}/revoke`);
}

/** Followers of somebody whom one follows, for each of them. */
export async function familiarFollowers(id: string): Promise<mastodon.v1.Account[]> {
  const found = await call<mastodon.v1.FamiliarFollowers[]>('GET', `/api/v1/accounts/familiar_followers?id[]=${id}`);
  return found[0]?.accounts ?? [];
}
