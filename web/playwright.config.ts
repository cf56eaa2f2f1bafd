import { defineConfig } from '@playwright/test';

// Chromium is the system's own; without the flags it asks hosts outside.
export default defineConfig({
  testDir: 'tests',
  fullyParallel: false,
  workers: 2,
  // Patient: other work may keep the machine busy. On CI a story that fails is
  // told once more, and named if it passes then.
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['./tests/totals.ts']],
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    browserName: 'chromium',
    locale: 'en',
    serviceWorkers: 'block',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
