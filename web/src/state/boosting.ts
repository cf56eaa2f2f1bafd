import type { mastodon } from '../api/client';
import { t } from '../lib/i18n';
import { asking } from './asking.svelte';
import { posts } from './posts.svelte';
import { prefs } from './prefs.svelte';

/** Boosts a post or takes the boost back, and asks before where that is wished. */
export async function boost(status: mastodon.v1.Status): Promise<void> {
  const ask = prefs.habits.confirmBoost && !status.reblogged;
  const name = `@${status.account.acct}`;
  if (ask && !(await asking.confirm({ title: t('boost.title'), text: t('boost.text', { name }), yes: t('post.boost') }))) return;
  await posts.boost(status);
}
