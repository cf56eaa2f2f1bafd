import { createHmac } from 'node:crypto';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { password } from '../../e2e/server.js';
import { expectClean } from './clean';
import { desktop, found, phone, snap, visit, type Community } from './community';
import { client, provide, type Provider } from './provider';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;
let codes: string[] = [];
let choir: Provider;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(60_000);
  choir = await provide();
  c = await found({ COTERIE_OIDC_ISSUER: choir.issuer, COTERIE_OIDC_CLIENT_ID: client.id, COTERIE_OIDC_CLIENT_SECRET: client.secret, COTERIE_OIDC_NAME: 'Choir' });
  ({ page, context } = await visit(browser, c, 'maya'));
  await withAuthenticator(page);
});
test.afterAll(async () => {
  await context?.close();
  choir?.stop();
  expect(await c?.stop()).toBe(0);
});

/** Gives a page a device that makes passkeys. */
async function withAuthenticator(what: Page) {
  const devtools = await what.context().newCDPSession(what);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

const clean = (what: Page) => expectClean(what, what.url());

test('a passkey is made with the password, and recovery codes come with it', async () => {
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password').fill('not it');
  await dialog.getByLabel('Name of the passkey').fill('Telephone');
  await dialog.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByText(/wrong/)).toBeVisible();
  await dialog.getByLabel('Your password').fill(password);
  await dialog.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(10);
  codes = await page.getByRole('dialog').getByRole('listitem').allTextContents();
  await clean(page);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('Telephone')).toBeVisible();
  await expect(page.getByText('10 left.')).toBeVisible();
  await clean(page);
});

test('the passkey signs in alone, without a name or a password', async () => {
  await context.clearCookies();
  await page.goto('/auth/sign_in?return_to=/home');
  await clean(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL('**/home');
  await expect(page.locator('h1')).toHaveText('Home');
});

test('after a password the second step takes the passkey or a recovery code', async () => {
  for (const way of ['passkey', 'code']) {
    await context.clearCookies();
    await page.goto('/auth/sign_in?return_to=/home');
    await page.locator('[name=login]').fill('maya');
    await page.locator('[name=password]').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.locator('h1')).toHaveText('One more step');
    await clean(page);
    if (way === 'passkey') {
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    } else {
      await page.locator('[name=code]').fill('wrong');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await expect(page.getByText('That code is wrong or was used before.')).toBeVisible();
      await page.locator('[name=code]').fill(codes[0]!);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    }
    await page.waitForURL('**/home');
  }
});

/** The code that an authenticator app shows now (RFC 6238). */
function oneTime(secret: string): string {
  const bits = [...secret.replace(/\s|=/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', key).update(step).digest();
  return String((mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('one-time codes of an app are turned on, asked for, and turned off', async ({ browser }) => {
  const { page: theo, context: own } = await visit(browser, c, 'theo', { ...phone, own: true });
  await theo.goto('/settings/security');
  await theo.getByRole('button', { name: 'Set up' }).press('Enter');
  await theo.getByRole('dialog').getByLabel('Your password').fill(password);
  await theo.keyboard.press('Enter');
  await expect(theo.getByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible();
  await clean(theo);
  const secret = (await theo.locator('.scan code').textContent())!;
  await theo.getByLabel('The code it shows now').fill(oneTime(secret));
  await theo.keyboard.press('Enter');
  await expect(theo.getByRole('dialog').getByRole('listitem')).toHaveCount(10);
  const kept = await theo.getByRole('dialog').getByRole('listitem').allTextContents();
  await theo.getByRole('button', { name: 'I have kept them' }).press('Enter');
  await own.clearCookies();
  await theo.goto('/auth/sign_in?return_to=/settings/security');
  await theo.locator('[name=login]').fill('theo');
  await theo.locator('[name=password]').fill(password);
  await theo.locator('[name=password]').press('Enter');
  await theo.locator('[name=code]').fill(kept[0]!);
  await theo.locator('[name=code]').press('Enter');
  await theo.getByRole('button', { name: 'Turn off one-time codes' }).press('Enter');
  await theo.getByRole('dialog').getByLabel('Your password').fill(password);
  await theo.keyboard.press('Enter');
  await expect(theo.getByRole('button', { name: 'Set up' })).toBeVisible();
  await own.close();
});

test('other browsers are listed and signed out', async ({ browser }) => {
  const other = await visit(browser, c, 'ravi', { ...phone, own: true });
  const { page: second, context: secondContext } = await visit(browser, c, 'ravi');
  await second.goto('/settings/security');
  await expect(second.getByText('This browser')).toBeVisible();
  await second.getByRole('button', { name: /^Sign out/ }).first().click();
  await expect(second.getByRole('button', { name: /^Sign out/ })).toHaveCount(0);
  await second.getByText('Who signed in lately').press('Enter');
  await expect(second.getByText(/password · 127\.0\.0\.1/).first()).toBeVisible();
  await clean(second);
  await snap(second, 'sign-ins');
  await second.getByRole('button', { name: 'Change the address' }).press('Enter');
  await second.getByLabel('New e-mail address').fill('ravi@hedge.example');
  await second.getByRole('dialog').getByLabel('Your password').fill(password);
  await expectClean(second, 'a new address', 'dialog[open]');
  await second.keyboard.press('Enter');
  await expect(second.getByText(/It holds once the link/)).toBeVisible();
  await expect(second.getByRole('button', { name: 'Change the address' })).toBeFocused();
  await other.page.goto('/settings/security');
  await expect(other.page).toHaveURL(/sign_in/);
  await other.context.close();
  await secondContext.close();
});

test('an account is linked with a provider, which then signs in, and unlinked', async ({ browser }) => {
  const { page: ines, context: own } = await visit(browser, c, 'ines', { ...desktop, own: true });
  await ines.goto('/settings/security');
  const link = ines.getByRole('button', { name: 'Link with Choir' });
  choir.awake = false;
  await link.press('Enter');
  await expect(ines).toHaveURL(/\/auth\/provider$/);
  await expect(ines.getByText('The sign-in service does not answer.')).toBeVisible();
  choir.awake = true;

  const confirm = ines.getByRole('link', { name: 'It is me' });
  const signIn = async () => {
    await ines.locator('[name=login]').fill('ines');
    await ines.locator('[name=password]').fill(password);
    await ines.locator('[name=password]').press('Enter');
  };
  await ines.goto('/settings/security');
  await link.press('Enter');
  await confirm.click();
  await signIn(); // whoever comes with an identity that nobody has shows once more whose account this is
  await expect(ines.getByText('alto')).toBeVisible();
  await expectClean(ines, 'a question about a link');
  await snap(ines, 'provider-question');
  await ines.getByRole('button', { name: 'Link them' }).press('Enter');
  await expect(ines).toHaveURL(/\/settings\/security$/);
  const row = ines.getByRole('region', { name: 'Linked accounts' }).locator('.row');
  await expect(row).toContainText('alto');
  await expect(row).toContainText(choir.issuer);
  await expectClean(ines, 'a linked account');
  await snap(ines, 'provider-linked');

  await own.clearCookies();
  await ines.goto('/auth/sign_in?return_to=/settings/security');
  await expectClean(ines, 'signing in by a provider');
  await snap(ines, 'provider-sign-in');
  await ines.getByRole('button', { name: 'Choir' }).click();
  await confirm.click();
  await ines.getByRole('button', { name: 'Unlink alto' }).press('Enter');
  await ines.getByRole('dialog').getByLabel('Your password').fill(password);
  await expectClean(ines, 'unlinking', 'dialog[open]');
  await ines.keyboard.press('Enter');
  await expect(row).toHaveCount(0);
  await own.clearCookies();
  await ines.goto('/auth/sign_in?return_to=/home');
  await ines.getByRole('button', { name: 'Choir' }).click();
  await confirm.click();
  await expect(ines.locator('[name=login]')).toBeVisible(); // nobody here has it any more
  await own.close();
});

test('somebody is invited, and joins by the link', async ({ browser }) => {
  const { page: host, context: hostContext } = await visit(browser, c, 'ravi', phone);
  await host.goto('/settings/invites');
  await host.getByLabel('For whom').fill('The choir');
  await host.getByRole('button', { name: 'Make a link' }).click();
  await expect(host.getByText('The choir')).toBeVisible();
  await clean(host);
  const link = await host.locator('small', { hasText: '/invite/' }).textContent();
  const guestContext = await browser.newContext({ locale: 'en' });
  const guest = await guestContext.newPage();
  await guest.goto(link!);
  await expect(guest.getByText('Ravi Menon invites you')).toBeVisible();
  await clean(guest);
  await guest.locator('[name=username]').fill('nora');
  await guest.locator('[name=email]').fill('nora@example.org');
  await guest.locator('[name=password]').fill(password);
  await guest.locator('[name=agreement]').check();
  await guest.locator('button[type=submit]').last().click();
  await guest.waitForURL('**/home');
  await expect.poll(async () => (await c.as.aiko!.v1.accounts.lookup({ acct: 'nora' })).followingCount).toBe(1);
  await host.goto('/settings/invites');
  await expect(host.getByText(/^1 of 1 joined/)).toBeVisible();
  await guestContext.close();
  await hostContext.close();
});

test('somebody joins with a passkey, without a password or an address, and sets a password later', async ({ browser }) => {
  const { page: host, context: hostContext } = await visit(browser, c, 'ravi');
  await host.goto('/settings/invites');
  const links = host.locator('small', { hasText: '/invite/' });
  await expect(links).toHaveCount(1); // that of the story before, which is used up
  await host.getByRole('button', { name: 'Make a link' }).click();
  await expect(links).toHaveCount(2);
  const url = await links.first().textContent();
  await hostContext.close();
  const guestContext = await browser.newContext({ locale: 'en', baseURL: c.url });
  const guest = await guestContext.newPage();
  await withAuthenticator(guest);
  await guest.goto(url!);
  const join = guest.getByRole('button', { name: 'Join with a passkey, without a password' });
  await join.click(); // the form says what is missing, and it is no password
  await expect(guest).toHaveURL(/sign_up/);
  await guest.locator('[name=username]').fill('otto');
  await guest.locator('[name=agreement]').check();
  await clean(guest);
  await join.click();
  await expect(guest.locator('h1')).toHaveText('Your recovery codes');
  await expect(guest.locator('.codes li')).toHaveCount(10);
  await clean(guest);
  await guest.getByRole('link', { name: 'I have kept them' }).click();
  await guest.waitForURL('**/home');

  await guestContext.clearCookies();
  await guest.goto('/auth/sign_in?return_to=/settings/security');
  await guest.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(guest.getByText('You sign in with a passkey, without a password.')).toBeVisible();
  await guest.getByRole('button', { name: 'Set a password' }).click();
  const dialog = guest.getByRole('dialog');
  await dialog.getByLabel('New password').fill(password);
  await expect(dialog.getByLabel('Or a recovery code')).toBeVisible();
  await clean(guest);
  await dialog.getByRole('button', { name: 'Confirm with a passkey' }).click();
  await guest.getByRole('button', { name: 'Remove the password' }).click();
  await guest.getByRole('dialog').getByLabel('Your password').fill(password);
  await guest.getByRole('dialog').getByRole('button', { name: 'Remove the password' }).click();
  await expect(guest.getByRole('button', { name: 'Set a password' })).toBeVisible();
  await guestContext.close();
});

test('a stranger joins while the browser works, which takes about a second', async ({ browser }) => {
  await c.command('settings', 'set', 'registrations', 'open');
  await c.command('settings', 'set', 'proof_of_work', '18');
  const guestContext = await browser.newContext({ locale: 'en', baseURL: c.url });
  const guest = await guestContext.newPage();
  await guest.goto('/auth/sign_up');
  await guest.locator('[name=username]').fill('pia');
  await guest.locator('[name=email]').fill('pia@example.org');
  await guest.locator('[name=password]').fill(password);
  await guest.locator('[name=agreement]').check();
  await clean(guest);
  await guest.getByRole('button', { name: 'Create my account' }).click();
  await guest.waitForURL('**/home', { timeout: 20_000 });
  await guestContext.close();
  const without = await browser.newContext({ locale: 'en', baseURL: c.url, javaScriptEnabled: false });
  const plain = await without.newPage();
  await plain.goto('/auth/sign_up');
  await expect(plain.locator('noscript')).toBeVisible(); // says what to do
  await without.close();
  await c.command('settings', 'set', 'proof_of_work', '0');
});

test('a role asks for a second factor, which is set up after the password', async ({ browser }) => {
  await c.command('role', 'set', 'Gardener', '--permissions', 'manage_reports', '--second-factor');
  await c.command('account', 'role', 'ravi', 'Gardener');
  const ravi = await browser.newContext({ locale: 'en', baseURL: c.url });
  const desk = await ravi.newPage();
  await withAuthenticator(desk);
  await desk.goto('/auth/sign_in?return_to=/home');
  await desk.locator('[name=login]').fill('ravi');
  await desk.locator('[name=password]').fill(password);
  await desk.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(desk.locator('h1')).toHaveText('Set up a second step');
  await clean(desk);
  await desk.getByRole('button', { name: 'Make a passkey' }).click();
  await expect(desk.locator('.codes li')).toHaveCount(10);
  await desk.getByRole('link', { name: 'I have kept them' }).click();
  await desk.waitForURL('**/home');
  await ravi.close();
});

test('an account is left for good, with the password', async ({ browser }) => {
  const { page: last, context: lastContext } = await visit(browser, c, 'aiko', phone);
  await last.goto('/settings/account');
  const leave = last.getByRole('button', { name: 'Delete the account' });
  await expect(leave).toBeVisible();
  await clean(last);
  await leave.click();
  const dialog = last.getByRole('dialog');
  await dialog.getByLabel('Your password').fill(password);
  await dialog.getByRole('button', { name: 'Delete the account' }).click();
  await last.waitForURL(c.url + '/');
  await expect.poll(async () => (await fetch(`${c.url}/api/v1/accounts/lookup?acct=aiko`)).status).toBe(404);
  await lastContext.close();
});
