import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

// The worker is built after the client, so that it knows which files to keep:
// what the first view loads, and what people can do without a connection.
interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}
const chunks = JSON.parse(readFileSync('dist/manifest.json', 'utf8')) as Record<string, Chunk>;
const keep = new Set<string>();
function collect(name: string): void {
  const chunk = chunks[name];
  if (!chunk || keep.has(chunk.file)) return;
  keep.add(chunk.file);
  for (const sheet of chunk.css ?? []) keep.add(sheet);
  for (const next of chunk.imports ?? []) collect(next);
}
const views = ['routes/Home', 'routes/Scheduled', 'routes/Thread', 'routes/Notifications', 'features/compose/ComposeDialog', 'features/frame/Palette'];
for (const name of ['src/main.ts', 'src/ui/icons.svg', ...views.map((view) => `src/${view}.svelte`)]) collect(name);

export default defineConfig({
  define: { __FILES__: JSON.stringify([...keep].map((file) => `/client/${file}`)) },
  publicDir: false,
  build: {
    target: 'es2022',
    emptyOutDir: false,
    rollupOptions: { input: 'src/sw.ts', output: { entryFileNames: 'sw.js', format: 'iife' } },
  },
});
