import { expect, test, type Browser } from '@playwright/test';
import { desktop, found, phone, visit, write, type Community, type Device } from './community';

test.describe.configure({ mode: 'serial' });

let larkspur: Community;
let burrow: Community;

test.beforeAll(async () => {
  test.setTimeout(60_000);
  [larkspur, burrow] = await Promise.all([found(), found()]);
});
test.afterAll(async () => {
  expect(await Promise.all([larkspur?.stop(), burrow?.stop()])).toEqual([0, 0]);
});

/** Somebody of one community finds somebody of the other, follows, reads, answers and boosts. */
async function befriend(browser: Browser, here: Community, who: string, there: Community, whom: string, device: Device) {
  const far = `${whom}@${new URL(there.url).host}`;
  const { page, context } = await visit(browser, here, who, device);
  const patient = { timeout: 20_000 };
  await page.goto(`/search?q=${encodeURIComponent(`@${far}`)}`);
  await page.getByRole('link', { name: new RegExp(`@${far}`) }).first().click();
  await page.getByRole('button', { name: new RegExp(`^Follow @${far}`) }).click();
  await expect(page.getByRole('button', { name: new RegExp(`^Following @${far}`) })).toBeVisible(patient);
  const heard = (type: string) =>
    expect.poll(async () => (await there.as[whom]!.v1.notifications.list()).some((n) => n.type === type && n.account?.username === who), patient).toBe(true);
  await heard('follow');
  await page.goto('/home');
  await expect(page.locator('main h1')).toHaveText('Home');
  await page.waitForTimeout(500); // until the stream is open
  const made = await write(there, whom, `Greetings from ${whom}, far away.`);
  const shown = page.locator('article', { hasText: `Greetings from ${whom}` }).first();
  await page.getByRole('button', { name: '1 new post' }).or(shown).first().click(patient);
  await expect(shown).toBeVisible(patient);
  await page.goto('/home');
  await shown.getByRole('button', { name: /^Boost or quote/ }).click();
  await page.getByRole('menuitem', { name: 'Boost' }).first().click();
  await heard('reblog');
  await shown.getByRole('button', { name: /^Reply/ }).click();
  const field = page.getByRole('textbox', { name: 'Text of the post', exact: true });
  await expect(field).toHaveValue(`@${far} `);
  await field.pressSequentially('And from here.');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('dialog')).toHaveCount(0);
  await heard('mention');
  const { descendants } = await there.as[whom]!.v1.statuses.$select(made.id).context.fetch();
  expect(descendants.map((s) => s.account.acct)).toEqual([`${who}@${new URL(here.url).host}`]);
  await context.close();
}

test('somebody here follows, answers and boosts somebody there', ({ browser }) => befriend(browser, larkspur, 'maya', burrow, 'ines', desktop));

test('and somebody there somebody here, on a phone', ({ browser }) => befriend(browser, burrow, 'ravi', larkspur, 'theo', phone));
