// Makes the lists of emoji that the picker shows, one for each language that
// the data has: [group, [emoji, name, words to find it by] …].
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const newest = 15; // of what the devices in use can draw
const out = 'src/features/emoji/data';
mkdirSync(out, { recursive: true });
for (const language of ['de', 'en', 'es', 'fr', 'ja']) {
  const all = JSON.parse(readFileSync(`node_modules/emoji-picker-element-data/${language}/cldr/data.json`, 'utf8'));
  const groups = new Map();
  for (const { emoji, annotation, tags, group, order, version } of all) {
    if (version > newest || group === undefined || group === 2) continue; // 2: parts of others
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push({ order, row: [emoji, annotation, (tags ?? []).filter((tag) => !annotation.includes(tag)).join(' ')] });
  }
  const lists = [...groups].sort(([a], [b]) => a - b).map(([group, rows]) => [group, rows.sort((a, b) => a.order - b.order).map(({ row }) => row)]);
  writeFileSync(`${out}/${language}.json`, JSON.stringify(lists));
}
