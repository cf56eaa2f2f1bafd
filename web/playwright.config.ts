import { defineConfig } from '@playwright/test';

// Chromium is the system's own; without the flags it asks hosts outside.
export default defineConfig({
  testDir: 'tests',
  fullyParallel: false,
  workers: 2,
  timeout: 30_000,
  // A story that waits for something that never comes fails soon.

  expect: { timeout: 8_000 },
  reporter: [['list'], ['./tests/totals.ts']],
  use: {
    actionTimeout: 8_000,
    navigationTimeout: 10_000,
    browserName: 'chromium',
    locale: 'en',
    serviceWorkers: 'block',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
