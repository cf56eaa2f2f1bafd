import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: '/client/',
  plugins: [svelte({ compilerOptions: { runes: true } })],
  build: {
    target: 'es2022',
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: ['src/main.ts'],
      output: {
        codeSplitting: {
          // What many views share comes in two files and not in forty.
          groups: [
            { name: 'kit', test: /node_modules|src\/(api|lib|state|ui|locales\/en)/, priority: 2 },
            { name: 'posts', test: /src\/features\/(frame\/(Header|Failed|AccountMenu)|status|timeline|media\/Attachment)/, priority: 1 },
          ],
        },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    css: { include: [/tokens/] },
  },
});
