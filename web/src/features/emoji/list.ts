import type { mastodon } from '../../api/client';
import { language } from '../../lib/i18n';

/** An emoji to choose: `insert` is what goes into a text, `name` what a reaction is called. */
export interface Choice {
  insert: string;
  name: string;
  label: string;
  words: string;
  url?: string;
}

export interface Group {
  name: string;
  icon: 'smile' | 'users' | 'leaf' | 'apple' | 'car' | 'party-popper' | 'lightbulb' | 'hash' | 'flag' | 'star';
  list: Choice[];
}

type Lists = [group: number, rows: [emoji: string, label: string, words: string][]][];

const files = import.meta.glob<Lists>('./data/*.json', { import: 'default' });
const names: Record<number, [name: string, icon: Group['icon']]> = {
  0: ['faces', 'smile'],
  1: ['people', 'users'],
  3: ['nature', 'leaf'],
  4: ['food', 'apple'],
  5: ['places', 'car'],
  6: ['play', 'party-popper'],
  7: ['things', 'lightbulb'],
  8: ['signs', 'hash'],
  9: ['flags', 'flag'],
};

/** All emoji by their groups, the community's own first, named in the language of the page where the data has it. */
export async function load(own: mastodon.v1.CustomEmoji[]): Promise<Group[]> {
  const file = files[`./data/${language.split('-')[0]}.json`] ?? files['./data/en.json']!;
  const lists = await file();
  const custom = own.map((e): Choice => ({ insert: `:${e.shortcode}: `, name: e.shortcode, label: e.shortcode.replaceAll('_', ' '), words: `${e.shortcode} ${e.category ?? ''}`, url: e.staticUrl }));
  const groups = lists.flatMap(([group, rows]): Group[] => {
    const [name, icon] = names[group] ?? [];
    if (!name || !icon) return [];
    return [{ name, icon, list: rows.map(([emoji, label, words]) => ({ insert: emoji, name: emoji, label, words })) }];
  });
  return [...(custom.length > 0 ? [{ name: 'own', icon: 'star' as const, list: custom }] : []), ...groups];
}

/** Those whose name or words begin so; whose name does come first. */
export function find(groups: Group[], words: string): Choice[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const begins = (text: string) => wanted.every((w) => text === w || text.startsWith(w) || text.includes(` ${w}`) || text.includes(`_${w}`));
  const all = groups.flatMap((g) => g.list);
  const named = all.filter((c) => begins(c.label.toLowerCase()));
  const known = new Set(named);
  return [...named, ...all.filter((c) => !known.has(c) && begins(`${c.label} ${c.words}`.toLowerCase()))].slice(0, 96);
}

const KEPT = 'emoji';

/** Those used on this device, the last first. */
export function recent(): string[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '[]') as string[];
  } catch {
    return [];
  }
}

export function used(name: string): void {
  localStorage.setItem(KEPT, JSON.stringify([name, ...recent().filter((n) => n !== name)].slice(0, 24)));
}
