import { t } from '../../lib/i18n';
import type { Route } from '../../lib/router.svelte';
import { session } from '../../state/session.svelte';
import type { IconName } from '../../ui/icons';

export interface Place {
  label: string;
  href: string;
  icon: IconName;
  current: (route: Route) => boolean;
}

/** The pages for those who run the community, as far as the own role opens any. */
export function staffPlaces(): { label: string; href: string; icon: IconName }[] {
  const list: ReturnType<typeof staffPlaces> = [];
  if (session.may('manage_reports', 'manage_users', 'manage_appeals', 'manage_federation', 'manage_taxonomies', 'manage_blocks', 'view_audit_log'))
    list.push({ label: t('nav.moderation'), href: '/moderation', icon: 'shield-check' });
  if (session.may('view_dashboard', 'manage_settings', 'manage_rules', 'manage_announcements', 'manage_roles'))
    list.push({ label: t('nav.administration'), href: '/administration', icon: 'gauge' });
  return list;
}

/** The places that the rail leads to, in its order. */
export function places(): (Place | 'rule')[] {
  const place = (label: string, href: string, icon: IconName, ...names: string[]): Place => ({
    label,
    href,
    icon,
    current: (route) => route.path === href || names.includes(route.name),
  });
  return [
    place(t('nav.home'), '/home', 'house', 'home'),
    place(t('nav.catchup'), '/catchup', 'sun'),
    place(t('nav.notifications'), '/notifications', 'bell', 'notifications'),
    place(t('nav.explore'), '/explore', 'compass', 'explore', 'search'),
    place(t('nav.conversations'), '/conversations', 'at-sign'),
    place(t('nav.bookmarks'), '/bookmarks', 'bookmark'),
    place(t('nav.favourites'), '/favourites', 'heart'),
    place(t('nav.lists'), '/lists', 'list', 'list'),
    place(t('nav.deck'), '/deck', 'columns-3', 'deck'),
    'rule',
    ...staffPlaces().map(({ label, href, icon }) => place(label, href, icon, href.slice(1))),
    place(t('nav.settings'), '/settings', 'settings', 'settings'),
  ];
}
