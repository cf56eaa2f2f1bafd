import type { mastodon } from '../../api/client';
import { revokeQuote as askRevoke } from '../../api/extra';
import { postPath, profilePath } from '../../lib/addresses';
import { t } from '../../lib/i18n';
import { words } from '../../lib/html';
import { router } from '../../lib/router.svelte';
import { composer } from '../../state/composer.svelte';
import { asking } from '../../state/asking.svelte';
import { people } from '../../state/people.svelte';
import { posts } from '../../state/posts.svelte';
import { prefs } from '../../state/prefs.svelte';
import { session } from '../../state/session.svelte';
import { forgetPerson } from '../../state/timelines.svelte';
import { attempt, toasts } from '../../state/toasts.svelte';
import type { MenuItem } from '../../ui/Menu.svelte';

type Status = mastodon.v1.Status;

/** Whether a quote is allowed, or may be asked for. */
export function quotable({ quoteApproval }: Status): boolean {
  return ['automatic', 'manual'].includes(quoteApproval?.currentUser ?? '');
}

async function copy(text: string): Promise<void> {
  await attempt(() => navigator.clipboard.writeText(text));
  toasts.say(t('copied'));
}

/** Everything that can be done with a post beyond its buttons. */
export function postMenu(status: Status): MenuItem[] {
  const at = status.url ?? status.uri;
  return [
    { label: t('post.open'), icon: 'message-circle', href: postPath(status) },
    ...(prefs.habits.quickBoost && quotable(status) ? [{ label: t('post.quote'), icon: 'quote', act: () => composer.quote(status) } as MenuItem] : []),
    { label: t('post.copyLink'), icon: 'copy', act: () => void copy(at) },
    { label: t('post.copyText'), icon: 'copy', act: () => void copy(words(status.content)) },
    ...(navigator.share ? [{ label: t('post.share'), icon: 'external-link', act: () => void navigator.share({ url: at }).catch(() => {}) } as MenuItem] : []),
    { label: t('post.whoFavourited'), icon: 'heart', href: `${postPath(status)}/favourites` },
    { label: t('post.whoBoosted'), icon: 'repeat-2', href: `${postPath(status)}/boosts` },
    'rule',
    ...(session.isMe(status.account) ? ownItems(status) : othersItems(status)),
  ];
}

function ownItems(status: Status): MenuItem[] {
  return [
    { label: t(status.pinned ? 'post.unpin' : 'post.pin'), icon: 'pin', act: () => void posts.pin(status) },
    { label: t(status.muted ? 'post.unmuteThread' : 'post.muteThread'), icon: 'volume-x', act: () => void posts.muteThread(status) },
    { label: t('post.edit'), icon: 'pencil', act: () => void composer.edit(status) },
    { label: t('post.redraft'), icon: 'refresh-cw', act: () => void redraft(status) },
    { label: t('post.delete'), icon: 'trash-2', danger: true, act: () => void remove(status) },
  ];
}

function othersItems(status: Status): MenuItem[] {
  const { account } = status;
  const name = `@${account.acct}`;
  const mentioned = status.mentions.some((m) => m.id === session.me.id);
  const quotesMe = status.quote && 'quotedStatus' in status.quote && status.quote.quotedStatus && session.isMe(status.quote.quotedStatus.account);
  return [
    ...(mentioned ? [{ label: t(status.muted ? 'post.unmuteThread' : 'post.muteThread'), icon: 'volume-x', act: () => void posts.muteThread(status) } as MenuItem] : []),
    ...(quotesMe ? [{ label: t('post.revokeQuote'), icon: 'quote', danger: true, act: () => void revokeQuote(status) } as MenuItem] : []),
    { label: t('person.mention', { name }), icon: 'at-sign', act: () => composer.mention(account) },
    { label: t('person.open', { name }), icon: 'user', href: profilePath(account) },
    { label: t('post.filter'), icon: 'funnel', act: () => asking.filter(status) },
    { label: t('person.mute', { name }), icon: 'volume-x', act: () => asking.mute(account) },
    { label: t('person.block', { name }), icon: 'ban', danger: true, act: () => void block(account) },
    { label: t('person.report', { name }), icon: 'flag', danger: true, act: () => asking.report(account, status) },
  ];
}

async function remove(status: Status): Promise<void> {
  const yes = await asking.confirm({ title: t('delete.title'), text: t('delete.text'), yes: t('post.delete'), danger: true });
  if (!yes) return;
  if (await attempt(() => posts.remove(status))) {
    toasts.say(t('delete.done'));
    if (location.pathname === postPath(status)) router.back('/home');
  }
}

async function redraft(status: Status): Promise<void> {
  const yes = await asking.confirm({ title: t('redraft.title'), text: t('redraft.text'), yes: t('post.redraft'), danger: true });
  if (!yes) return;
  const source = await attempt(() => posts.remove(status));
  if (source) await composer.redraft({ ...status, ...source });
}

async function revokeQuote(status: Status): Promise<void> {
  const quoted = status.quote && 'quotedStatus' in status.quote ? status.quote.quotedStatus : undefined;
  if (!quoted) return;
  const answer = await attempt(() => askRevoke(quoted.id, status.id));
  if (answer) posts.take([answer]);
}

/** Blocks somebody after asking, and takes their posts out of sight. */
export async function block(account: mastodon.v1.Account): Promise<void> {
  const name = `@${account.acct}`;
  if (!(await asking.confirm({ title: t('person.block', { name }), text: t('block.text'), yes: t('block.yes'), danger: true }))) return;
  if (await people.block(account.id)) {
    forgetPerson(account.id);
    toasts.say(t('block.done', { name }), { label: t('undo'), act: () => void people.unblock(account.id) });
  }
}
