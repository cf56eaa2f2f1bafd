import type { Component } from 'svelte';
import type { IconName } from '../../ui/icons';

interface Section {
  name: 'profile' | 'look' | 'reading' | 'posting' | 'notifications' | 'filters' | 'people' | 'security' | 'invites' | 'data' | 'cleanup' | 'strikes' | 'account';
  icon: IconName;
  load: () => Promise<{ default: Component }>;
}

/** The parts of the settings, in the order in which they are listed. */
export const sections: Section[] = [
  { name: 'profile', icon: 'user', load: () => import('./ProfileSettings.svelte') },
  { name: 'look', icon: 'sun', load: () => import('./LookSettings.svelte') },
  { name: 'reading', icon: 'eye', load: () => import('./ReadingSettings.svelte') },
  { name: 'posting', icon: 'feather', load: () => import('./PostingSettings.svelte') },
  { name: 'notifications', icon: 'bell', load: () => import('./NotificationSettings.svelte') },
  { name: 'filters', icon: 'funnel', load: () => import('./FilterSettings.svelte') },
  { name: 'people', icon: 'ban', load: () => import('./PeopleSettings.svelte') },
  { name: 'security', icon: 'shield', load: () => import('./SecuritySettings.svelte') },
  { name: 'invites', icon: 'user-plus', load: () => import('./InviteSettings.svelte') },
  { name: 'data', icon: 'download', load: () => import('./DataSettings.svelte') },
  { name: 'cleanup', icon: 'trash-2', load: () => import('./CleanupSettings.svelte') },
  { name: 'strikes', icon: 'scale', load: () => import('./StrikeSettings.svelte') },
  { name: 'account', icon: 'door-open', load: () => import('./AccountSettings.svelte') },
];
