import { expect, test, type Page } from '@playwright/test';
import { password, startServer } from '../../e2e/server.js';
import { expectClean } from './clean';
import { desktop, phone } from './community';

// The first run of a new server: its log names a link, and what follows ends at home.

let server: Awaited<ReturnType<typeof startServer>>;
let link = '';

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  server = await startServer();
  await expect.poll(() => (link = /http:\/\/[^"\s]+\?key=[A-Z0-9]+/.exec(server.log.join('\n'))?.[0] ?? '')).not.toBe('');
});
test.afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

test('the steps go on and back without a script, and keep what was answered', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: phone });
  const page = await context.newPage();
  await page.goto(server.url);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Use the link from the log');
  await page.goto(link);
  await page.getByLabel('Name of your community').fill('Larkspur');
  await page.getByLabel('Short description').fill('Neighbours and birders.');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: 'By approval' }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  const preview = page.getByRole('region', { name: 'How visitors will see it' });
  for (const said of ['Larkspur', 'Neighbours and birders.', 'By approval']) await expect(preview).toContainText(said);
  await page.getByRole('link', { name: 'Back' }).click();
  await expect(page.getByRole('radio', { name: 'By approval' })).toBeChecked();
  await page.locator('summary').click();
  await page.getByRole('link', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Wer kann Larkspur beitreten?');
  await page.getByRole('link', { name: 'Zurück' }).click();
  await expect(page.getByLabel('Kurze Beschreibung')).toHaveValue('Neighbours and birders.');
  await context.close();
});

test('from the link in the log to the first post, by keyboard alone and without an error', async ({ browser }) => {
  const context = await browser.newContext({ viewport: desktop, reducedMotion: 'reduce', serviceWorkers: 'allow' });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && wrong.push(m.text()));
  page.on('pageerror', (e) => wrong.push(e.message));
  page.on('response', (r) => r.status() >= 400 && wrong.push(`${r.status()} ${r.url()}`));

  const h1 = page.getByRole('heading', { level: 1 });
  await page.goto(link);
  await expect(page.getByLabel('Name of your community')).toBeFocused();
  await expectClean(page, 'set-up, the place');
  await page.keyboard.type('Larkspur');
  await page.keyboard.press('Enter');
  await expect(h1).toHaveText('Who can join Larkspur?');
  await expectClean(page, 'set-up, who can join');
  await page.getByRole('radio', { name: 'By invitation' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'By approval' })).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Your username')).toBeFocused();
  await expectClean(page, 'set-up, you');
  await page.keyboard.type('maya');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');

  await expect(h1).toHaveText('Home');
  expect(new URL(page.url()).pathname).toBe('/home');
  await expect(page.getByText('@maya').first()).toBeVisible();
  await page.keyboard.press('n');
  const field = page.getByRole('dialog').getByRole('textbox').first();
  await expect(field).toBeFocused();
  await page.keyboard.type('The doors are open.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('article').filter({ hasText: 'The doors are open.' })).toBeVisible({ timeout: 30_000 });
  const told = await page.evaluate(async () => (await (await fetch('/api/v2/instance')).json()) as { title: string; registrations: { approval_required: boolean } });
  expect([told.title, told.registrations.approval_required]).toEqual(['Larkspur', true]);
  expect(wrong).toEqual([]);

  // The link is used up.
  const guest = await browser.newContext();
  const answer = await (await guest.newPage()).goto(link);
  expect(answer!.status()).toBe(200);
  await expect(guest.pages()[0]!.getByRole('heading', { level: 1 })).toHaveText('Larkspur');
  await guest.close();
  await context.close();
});
