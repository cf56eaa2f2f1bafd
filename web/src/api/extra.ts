import { MastoHttpError } from 'masto';
import { SerializerNativeImpl } from 'masto/adapters/serializers/index.js';
import type { mastodon } from './client';

const serializer = new SerializerNativeImpl();

/** Calls what the library has no method for; names are in its camel case, too, but for those of a form. */
export async function call<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const form = body instanceof FormData;
  const answer = await fetch(path, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: body === undefined || form ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined || form ? body : (serializer.serialize('json', body) as string),
  });
  const data = serializer.deserialize<T & { error?: string }>('json', await answer.text());
  if (!answer.ok) throw new MastoHttpError({ statusCode: answer.status, message: data.error ?? '' });
  return data;
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
