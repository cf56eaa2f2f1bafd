import { api, type mastodon } from '../../api/client';
import { t } from '../../lib/i18n';
import { asking } from '../../state/asking.svelte';
import { composer } from '../../state/composer.svelte';
import { people } from '../../state/people.svelte';
import { session } from '../../state/session.svelte';
import { attempt, toasts } from '../../state/toasts.svelte';
import type { MenuItem } from '../../ui/Menu.svelte';
import { block } from '../status/menu';

/** Everything that can be done with a person beyond following. */
export function profileMenu(account: mastodon.v1.Account, editNote: () => void): MenuItem[] {
  const name = `@${account.acct}`;
  const copy: MenuItem = {
    label: t('person.copyLink'),
    icon: 'copy',
    act: () => void navigator.clipboard.writeText(account.url).then(() => toasts.say(t('copied'))),
  };
  const code: MenuItem = { label: t('person.code'), icon: 'qr-code', act: () => asking.code(account) };
  if (session.isMe(account)) return [copy, code, { label: t('profile.edit'), icon: 'pencil', href: '/settings/profile' }];
  const bond = people.relation(account.id);
  const host = account.acct.split('@')[1];
  return [
    { label: t('person.mention', { name }), icon: 'at-sign', act: () => composer.mention(account) },
    { label: t('person.message', { name }), icon: 'mail', act: () => composer.message(account) },
    copy,
    code,
    { label: t('note.edit'), icon: 'pencil', act: editNote },
    ...(bond?.following ? [{ label: t('person.lists', { name }), icon: 'list', act: () => asking.lists(account) } as MenuItem] : []),
    ...(bond?.following
      ? [{ label: t(bond.showingReblogs ? 'person.hideBoosts' : 'person.showBoosts'), icon: 'repeat-2', act: () => void people.follow(account.id, { reblogs: !bond.showingReblogs }) } as MenuItem]
      : []),
    ...(bond?.following
      ? [{ label: t(bond.endorsed ? 'person.unfeature' : 'person.feature'), icon: 'pin', act: () => void people.endorse(account.id, !bond.endorsed) } as MenuItem]
      : []),
    ...(bond?.followedBy ? [{ label: t('person.removeFollower'), icon: 'x', act: () => void people.removeFollower(account.id) } as MenuItem] : []),
    'rule',
    bond?.muting
      ? { label: t('person.unmute', { name }), icon: 'volume-x', act: () => void people.unmute(account.id) }
      : { label: t('person.mute', { name }), icon: 'volume-x', act: () => asking.mute(account) },
    bond?.blocking
      ? { label: t('person.unblock', { name }), icon: 'ban', act: () => void people.unblock(account.id) }
      : { label: t('person.block', { name }), icon: 'ban', danger: true, act: () => void block(account) },
    ...(host ? [{ label: t(bond?.domainBlocking ? 'person.unblockHost' : 'person.blockHost', { host }), icon: 'shield', danger: true, act: () => void toggleHost(account, host) } as MenuItem] : []),
    { label: t('person.report', { name }), icon: 'flag', danger: true, act: () => asking.report(account) },
  ];
}

async function toggleHost(account: mastodon.v1.Account, host: string): Promise<void> {
  const blocked = people.relation(account.id)?.domainBlocking;
  if (!blocked && !(await asking.confirm({ title: t('person.blockHost', { host }), text: t('blockHost.text'), yes: t('block.yes'), danger: true }))) return;
  await attempt(async () => {
    await (blocked ? api.v1.domainBlocks.remove({ domain: host }) : api.v1.domainBlocks.create({ domain: host }));
    toasts.say(t(blocked ? 'blockHost.undone' : 'blockHost.done', { host }));
  });
}
