import { readFileSync } from 'node:fs';
import { expect, test, type Browser } from '@playwright/test';
import { expectClean } from './clean';
import { desktop, found, phone, snap, visit, write, type Community, type Device } from './community';

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

test('the staff answers a wave of spam from there, on one screen', async ({ browser }) => {
  const far = new URL(larkspur.url).host;
  await write(burrow, 'theo', ['maya', 'ravi', 'theo', 'aiko'].map((name) => `@${name}@${far}`).join(' ') + ' Cheap beans, this week only!');
  const { page, context } = await visit(browser, larkspur, 'theo', phone);
  await expect.poll(async () => page.evaluate(async () => ((await (await fetch('/api/coterie/v1/admin/spam_waves')).json()) as unknown[]).length), { timeout: 20_000 }).toBe(1);
  await page.goto('/moderation/waves');
  const wave = page.getByRole('region', { name: new URL(burrow.url).host });
  await expect(wave).toContainText('1 post · 1 account · to 4 strangers');
  await expect(wave.getByText('Cheap beans, this week only!').first()).toBeVisible();
  await wave.locator('summary').click();
  await expect(wave.getByText('many strangers at once')).toBeVisible();
  await expectClean(page, 'spam waves');
  await snap(page, 'waves');
  await wave.getByRole('button', { name: /^It is spam/ }).click();
  await expect(page.getByRole('radio', { name: /^Suspend them/ })).toBeChecked();
  await expectClean(page, 'a wave that is spam');
  await snap(page, 'wave-confirm');
  await page.getByRole('radio', { name: /^Limit them/ }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'It is spam' }).click();
  await expect(page.getByText('1 wave was removed')).toBeVisible();
  await expect(page.getByText('Nothing is held back')).toBeVisible();
  await page.getByRole('link', { name: 'Removed as spam' }).click();
  await expect(page.getByText(new URL(burrow.url).host).first()).toBeVisible();
  await context.close();
});

test('whose follows ended with a server is told, and can be taken along', async ({ browser }) => {
  const far = new URL(burrow.url).host;
  await larkspur.as.maya!.v1.domainBlocks.create({ domain: far });
  for (const device of [desktop, phone]) {
    const { page, context } = await visit(browser, larkspur, 'maya', device);
    await page.goto('/notifications');
    const told = page.getByRole('group', { name: `You blocked ${far}` });
    await expect(told).toContainText('Followed no more: 1');
    await told.getByRole('link', { name: 'Who they are' }).press('Enter');
    const ended = page.getByRole('region', { name: 'Follows that ended' });
    await expect(ended).toContainText(far);
    await expect(ended.getByRole('link', { name: `${far}: who followed you` })).toHaveCount(0);
    await expectClean(page, 'ended follows', 'main');
    await snap(page, `ended-${device.width}`);
    const download = page.waitForEvent('download');
    await ended.getByRole('link', { name: `${far}: whom you followed` }).press('Enter');
    expect(readFileSync(await (await download).path()).toString()).toContain(`\nines@${far},`);
    await context.close();
  }
});
