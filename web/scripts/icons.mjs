// Makes one sprite of the icons that src/ui/icons.ts names.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = join(dirname(createRequire(import.meta.url).resolve('lucide-static/package.json')), 'icons');
const names = [...readFileSync('src/ui/icons.ts', 'utf8').matchAll(/^ {2}'([a-z0-9-]+)',$/gm)].map((m) => m[1]);
const symbols = names.map((name) => {
  const svg = readFileSync(join(folder, `${name}.svg`), 'utf8');
  const inner = svg
    .slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'))
    .replace(/\s+/g, ' ')
    .replaceAll(' />', '/>')
    .replaceAll('> <', '><')
    .trim();
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${inner}</symbol>`;
});
writeFileSync('src/ui/icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`);
