import type { Permission } from '../../lib/permissions';
import type { IconName } from '../../ui/icons';

/** Loads a view, which is given the id in the address. */
type Load = () => Promise<{ default: unknown }>;

export interface Section {
  name: 'reports' | 'accounts' | 'waiting' | 'appeals' | 'waves' | 'servers' | 'trends' | 'barred' | 'log' | 'dashboard' | 'community' | 'rules' | 'terms' | 'mails' | 'announcements' | 'texts' | 'emojis' | 'relays' | 'webhooks' | 'roles';
  icon: IconName;
  /** Any of these opens it. */
  needs: Permission[];
  load: Load;
  /** What one entry of it looks like. */
  one?: Load;
}

/** The parts of moderation and administration, in the order in which they are listed. */
export const areas: Record<'moderation' | 'administration', Section[]> = {
  moderation: [
    { name: 'reports', icon: 'flag', needs: ['manage_reports'], load: () => import('./ReportList.svelte'), one: () => import('./ReportPage.svelte') },
    { name: 'waves', icon: 'waves', needs: ['manage_reports'], load: () => import('./WaveList.svelte') },
    { name: 'accounts', icon: 'users', needs: ['manage_users'], load: () => import('./AccountList.svelte'), one: () => import('./AccountPage.svelte') },
    { name: 'waiting', icon: 'user-plus', needs: ['manage_users'], load: () => import('./WaitingList.svelte') },
    { name: 'appeals', icon: 'scale', needs: ['manage_appeals'], load: () => import('./AppealList.svelte') },
    { name: 'servers', icon: 'globe', needs: ['manage_federation'], load: () => import('./ServerList.svelte') },
    { name: 'trends', icon: 'trending-up', needs: ['manage_taxonomies'], load: () => import('./TrendReview.svelte') },
    { name: 'barred', icon: 'ban', needs: ['manage_blocks'], load: () => import('./BarredList.svelte') },
    { name: 'texts', icon: 'quote', needs: ['manage_users', 'manage_reports'], load: () => import('./TextList.svelte') },
    { name: 'log', icon: 'library', needs: ['view_audit_log'], load: () => import('./AuditLog.svelte') },
  ],
  administration: [
    { name: 'dashboard', icon: 'gauge', needs: ['view_dashboard'], load: () => import('./Dashboard.svelte') },
    { name: 'community', icon: 'sliders-horizontal', needs: ['manage_settings'], load: () => import('./CommunitySettings.svelte') },
    { name: 'rules', icon: 'list', needs: ['manage_rules'], load: () => import('./RuleList.svelte') },
    { name: 'terms', icon: 'library', needs: ['manage_settings'], load: () => import('./TermsPage.svelte') },
    { name: 'mails', icon: 'mail', needs: ['manage_settings'], load: () => import('./MailTexts.svelte') },
    { name: 'announcements', icon: 'megaphone', needs: ['manage_announcements'], load: () => import('./AnnouncementList.svelte') },
    { name: 'emojis', icon: 'smile', needs: ['manage_custom_emojis'], load: () => import('./EmojiList.svelte') },
    { name: 'relays', icon: 'radio-tower', needs: ['manage_federation'], load: () => import('./RelayList.svelte') },
    { name: 'webhooks', icon: 'webhook', needs: ['manage_webhooks'], load: () => import('./WebhookList.svelte') },
    { name: 'roles', icon: 'key-round', needs: ['manage_roles'], load: () => import('./RoleList.svelte') },
  ],
};
