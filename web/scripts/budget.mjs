// Fails when the first view of the home timeline needs more than the budget.
import { readFileSync, statSync } from 'node:fs';

const budget = { script: 100 * 1024, style: 20 * 1024 };
const chunks = JSON.parse(readFileSync('dist/manifest.json', 'utf8'));
const seen = new Set();
function collect(name) {
  const chunk = chunks[name];
  if (!chunk || seen.has(chunk.file)) return;
  seen.add(chunk.file);
  for (const sheet of chunk.css ?? []) seen.add(sheet);
  for (const next of chunk.imports ?? []) collect(next);
}
collect('src/main.ts');
collect('src/routes/Home.svelte');

const size = (path) => { try { return statSync(`${path}.br`).size; } catch { return statSync(path).size; } };
let script = 0;
let style = 0;
for (const file of seen) {
  if (file.endsWith('.css')) style += size(`dist/${file}`);
  else script += size(`dist/${file}`);
}
for (const sheet of ['tokens.css', 'base.css']) style += Math.ceil(readFileSync(`static/${sheet}`).length * 0.3);
const line = (what, used) => console.log(`${what}: ${(used / 1024).toFixed(1)} of ${budget[what] / 1024} KB (brotli)`);
line('script', script);
line('style', style);
if (script > budget.script || style > budget.style) process.exit(1);
