// Rules of the house that no other tool knows.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (/\.(svelte|ts|css)$/.test(name)) yield path;
  }
}

const physical = /(?<![-\w])(margin|padding|border)-(left|right|top|bottom)\b|(?<![-\w])(left|right|top|bottom):|text-align: (left|right)|(?<![-\w])(float|clear): (left|right)/;
const problems = [];
for (const path of files('src')) {
  const text = readFileSync(path, 'utf8');
  const style = path.endsWith('.css') ? text : (text.match(/<style>[\s\S]*<\/style>/)?.[0] ?? '');
  const say = (what) => problems.push(`${path}: ${what}`);
  if (/#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(/i.test(style)) say('a colour outside tokens.css');
  if (physical.test(style)) say(`a physical property instead of a logical one: ${style.match(physical)[0]}`);
  if (path.startsWith('src/ui/') && /from '(\.\.\/)+(features|routes|state|api)\//.test(text)) say('ui/ imports from above');
  if (path.endsWith('.svelte') && /\sstyle="/.test(text)) say('an inline style, which the policy refuses');
  if (text.split('\n').length > 400) say('more than 400 lines');
}

// Every catalogue has the keys of English and no other.
// The forms of a counted message differ by language; only the last is in all.
const forms = /\.(zero|one|two|few|many|other)$/;
const keysOf = (path) => [...new Set(Object.keys(JSON.parse(readFileSync(path, 'utf8'))).map((key) => key.replace(forms, '')))];
const sources = [...files('src')].map((path) => readFileSync(path, 'utf8')).join('\n');
for (const folder of ['src/locales', 'src/locales/staff']) {
  const keys = keysOf(`${folder}/en.json`);
  for (const name of readdirSync(folder).filter((n) => n.endsWith('.json'))) {
    const own = keysOf(`${folder}/${name}`);
    for (const key of keys) if (!own.includes(key)) problems.push(`${folder}/${name} lacks ${key}`);
    for (const key of own) if (!keys.includes(key)) problems.push(`${folder}/${name} has ${key}, which English lacks`);
  }
  for (const key of keys) {
    const stem = key.replace(/[^.]+$/, '');
    const stems = [stem, key.replace(/[^.]+\.[^.]+$/, '')].filter(Boolean);
    if (!sources.includes(`'${key}'`) && !stems.some((stem) => sources.includes(`\`${stem}\${`)) && !new RegExp(`named\\([^)]*'${stem.slice(0, -1)}'`).test(sources))
      problems.push(`${folder}/en.json: nothing says ${key}`);
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
