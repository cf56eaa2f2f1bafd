import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { desktop, found, visit, write, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(60_000);
  c = await found();
  await write(c, 'maya', 'Read before the train.');
  ({ page, context } = await visit(browser, c, 'maya', { ...desktop, worker: true }));
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.reload(); // now through the worker
  await expect(page.locator('article', { hasText: 'Read before the train.' })).toBeVisible();
});
test.afterAll(() => context?.close());

test('what other apps share is written about', async () => {
  await page.goto('/share?title=Tides&text=High%20at%20noon&url=https%3A%2F%2Fexample.org%2Ftides');
  await expect(page.getByRole('textbox', { name: 'Text of the post', exact: true })).toHaveValue('Tides\nHigh at noon\nhttps://example.org/tides');
});

test('a push message becomes a notification that leads into the client', async () => {
  await page.goto('/home');
  const devtools = await context.newCDPSession(page);
  const registration = new Promise<string>((resolve) =>
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && resolve(registrations[0].registrationId)),
  );
  await devtools.send('ServiceWorker.enable');
  const data = { title: 'Ines mentioned you', body: 'Tea?', icon: '', preferred_locale: 'en', notification_id: '7', notification_type: 'mention', access_token: '' };
  await devtools.send('ServiceWorker.deliverPushMessage', { origin: c.url, registrationId: await registration, data: JSON.stringify(data) });
  const shown = () => page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((n) => [n.title, n.body, n.data]));
  await expect.poll(shown).toEqual([['Ines mentioned you', 'Tea?', '/notifications']]);
});

test('what is sent without a connection leaves when there is one, once', async () => {
  await context.setOffline(true);
  await page.keyboard.press('n');
  await expect(page.getByRole('textbox', { name: 'Text of the post', exact: true })).toBeFocused();
  await page.keyboard.type('Written in the tunnel');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Your account' }).locator('visible=true').click();
  await page.getByRole('menuitem', { name: 'Drafts and scheduled posts' }).click();
  await expect(page.getByRole('button', { name: /Leaves by itself.*Written in the tunnel/ })).toBeVisible();
  await context.setOffline(false);
  const mine = async () => (await c.as.maya!.v1.accounts.$select(c.ids.maya!).statuses.list()).map((s) => s.content.replace(/<[^>]*>/g, ''));
  await expect.poll(mine).toEqual(['Written in the tunnel', 'Read before the train.']);
  await expect.poll(() => page.evaluate(() => Object.entries(localStorage).find(([name]) => name.startsWith('outbox'))?.[1])).toBe('[]');
});

test('without a server the client opens and shows what was read last', async () => {
  await page.goto('/home');
  await expect(page.locator('article', { hasText: 'Written in the tunnel' })).toBeVisible();
  expect(await c.stop()).toBe(0);
  await page.goto('/home');
  await expect(page.locator('h1')).toHaveText('Home');
  await expect(page.locator('article', { hasText: 'Written in the tunnel' })).toBeVisible();
});
