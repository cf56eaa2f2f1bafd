/** What a role may do, in the order of Mastodon's bits. */
export const permissions = [
  'administrator',
  'view_devops',
  'view_audit_log',
  'view_dashboard',
  'manage_reports',
  'manage_federation',
  'manage_settings',
  'manage_blocks',
  'manage_taxonomies',
  'manage_appeals',
  'manage_users',
  'manage_invites',
  'manage_rules',
  'manage_announcements',
  'manage_custom_emojis',
  'manage_webhooks',
  'invite_users',
  'manage_roles',
  'manage_user_access',
  'delete_user_data',
  'view_feeds',
  'invite_bypass_approval',
] as const;

export type Permission = (typeof permissions)[number];

/** Whether a set of bits has any of the permissions; administrators have all. */
export function allows(bits: number | string | undefined, ...any: Permission[]): boolean {
  const set = Number(bits ?? 0);
  return [...any, 'administrator' as const].some((p) => (set & (1 << permissions.indexOf(p))) !== 0);
}
