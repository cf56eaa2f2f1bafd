import { languageName } from './i18n';

/** Those that people write most. */
const common = ['ar', 'bn', 'ca', 'cs', 'da', 'de', 'el', 'en', 'eo', 'es', 'eu', 'fa', 'fi', 'fr', 'ga', 'gl', 'he', 'hi', 'hu', 'id', 'it', 'ja', 'ko', 'nl', 'no', 'pl', 'pt', 'ro', 'ru', 'sv', 'th', 'tr', 'uk', 'vi', 'zh'];

/** The languages that are offered, by name, with those that are chosen already. */
export function languages(chosen: string[]): { tag: string; name: string }[] {
  const all = [...new Set([...common, ...chosen])].filter(Boolean).map((tag) => ({ tag, name: languageName(tag) }));
  return all.sort((a, b) => a.name.localeCompare(b.name));
}
