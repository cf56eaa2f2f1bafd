import { createServer, type AddressInfo, type Server } from 'node:net';
import { expect, test } from '@playwright/test';
import { expectClean } from './clean';
import { found, phone, snap, visit, type Community } from './community';

test.describe.configure({ mode: 'serial' });

/** What a mail server on this machine was given, as it came. */
const mails: string[] = [];
let box: Server;
let c: Community;

/** Takes every mail, as a server that speaks no more than it must. */
function mailbox(): Promise<Server> {
  const server = createServer((socket) => {
    let text = '';
    let inside = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 mail.test');
    socket.on('data', (bytes) => {
      text += bytes.toString();
      for (;;) {
        const end = inside ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n');
        if (end < 0) return;
        const part = text.slice(0, end);
        text = text.slice(end + (inside ? 5 : 2));
        if (inside) mails.push(part);
        inside = !inside && /^DATA/i.test(part);
        say(inside ? '354 go on' : /^QUIT/i.test(part) ? '221 bye' : '250 fine');
      }
    });
    socket.on('error', () => socket.destroy());
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

test.beforeAll(async () => {
  test.setTimeout(90_000);
  box = await mailbox();
  c = await found({ COTERIE_MAIL_URL: `smtp://127.0.0.1:${(box.address() as AddressInfo).port}` });
});
test.afterAll(async () => {
  expect(await c?.stop()).toBe(0);
  box?.close();
});

test('members are told of new terms by mail, and the staff sees how far that is', async ({ browser }) => {
  const { page, context } = await visit(browser, c, 'theo');
  await page.goto('/administration/terms');
  await page.getByLabel('Text', { exact: true }).fill('Be fair to each other.');
  await page.getByRole('checkbox', { name: 'Tell members by mail' }).check();
  await expectClean(page, 'terms to publish');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('0 of 5 accepted it').click();
  await expect(async () => {
    await page.reload();
    await page.getByText('0 of 5 accepted it').click();
    await expect(page.getByText('5 members were told by mail.')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(page.getByRole('button', { name: /by mail/ })).toHaveCount(0);
  expect(mails.filter((mail) => /Subject: New terms of service/.test(mail))).toHaveLength(5);
  expect(mails.filter((mail) => /List-Unsubscribe/.test(mail))).toHaveLength(0);
  await expectClean(page, 'terms told by mail');
  await snap(page, 'terms-told');
  await page.setViewportSize(phone);
  await snap(page, 'terms-told-phone');
  await context.close();
});

test('what comes by mail is chosen among the notifications', async ({ browser }) => {
  const { page, context } = await visit(browser, c, 'maya');
  await page.goto('/settings/notifications');
  await expect(page.getByRole('switch', { name: 'Mentions', exact: true })).toBeChecked();
  await expect(page.getByRole('switch', { name: 'Reports' })).toHaveCount(0);
  await page.getByRole('switch', { name: 'Favourites' }).press('Space');
  await page.getByRole('switch', { name: 'Follow requests' }).uncheck();
  await page.reload();
  await expect(page.getByRole('switch', { name: 'Favourites' })).toBeChecked();
  await expect(page.getByRole('switch', { name: 'Follow requests' })).not.toBeChecked();
  await expectClean(page, 'what comes by mail');
  await snap(page, 'mail-wishes');
  await page.setViewportSize(phone);
  await snap(page, 'mail-wishes-phone');
  await page.getByRole('switch', { name: 'Tell me by mail what I have not seen' }).uncheck();
  await expect(page.getByRole('switch', { name: 'Mentions', exact: true })).toHaveCount(0);
  await context.close();

  const theo = await visit(browser, c, 'theo');
  await theo.page.goto('/settings/notifications');
  await expect(theo.page.getByRole('switch', { name: 'Reports' })).toBeChecked();
  await theo.page.getByRole('switch', { name: 'Reports' }).uncheck();
  await expect(theo.page.getByRole('switch', { name: 'Reports' })).not.toBeChecked();
  await theo.page.reload();
  await expect(theo.page.getByRole('switch', { name: 'Reports' })).not.toBeChecked();
  await theo.context.close();
});
