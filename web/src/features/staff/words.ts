import { catalogue } from '../../lib/i18n';
import en from '../../locales/staff/en.json';

export type StaffKey = keyof typeof en;

/** What only those who run the community read, loaded with their pages. */
export const { load, t: s, count: sn, named } = catalogue(
  en,
  import.meta.glob<Record<string, string>>(['../../locales/staff/*.json', '!../../locales/staff/en.json'], { import: 'default' }),
);
