import { expect, test } from '@playwright/test';
import type { mastodon } from 'masto';
import { expectClean } from './clean';
import { found, settle, visit, type Community } from './community';

// The pages that the server renders itself, for visitors and around signing in.

test.describe.configure({ mode: 'serial' });

let c: Community;
let posts: Record<string, mastodon.v1.Status>;

test.beforeAll(async () => {
  test.setTimeout(90_000);
  c = await found({ COTERIE_REGISTRATIONS: 'open' });
  posts = await settle(c);
});
test.afterAll(async () => {
  expect(await c?.stop()).toBe(0);
});

test('axe finds nothing on the pages that visitors see', async ({ browser }) => {
  test.setTimeout(180_000);
  const app = await c.as.maya!.v1.apps.create({ clientName: 'Kettle', redirectUris: 'urn:ietf:wg:oauth:2.0:oob', scopes: 'read write', website: 'https://kettle.example' } as never);
  const signedIn = await visit(browser, c, 'maya');
  const visitor = await browser.newContext({ baseURL: c.url, locale: 'en' });
  const guest = await visitor.newPage();
  const consent = `/oauth/authorize?client_id=${app.clientId}&redirect_uri=urn:ietf:wg:oauth:2.0:oob&response_type=code&scope=read+write`;
  const looks = [
    ...['/', '/about', '/privacy-policy', '/@ines', '/@ines/with_replies', `/@ines/${posts.herons!.id}`, `/@maya/${posts.mine!.id}`, '/tags/slowweb', '/nowhere', '/auth/sign_in', '/auth/sign_up', '/auth/password/new', '/auth/recovery'].map((path) => [guest, path] as const),
    ...[consent, '/oauth/authorized_applications', `/authorize_interaction?uri=${encodeURIComponent(posts.herons!.uri)}`].map((path) => [signedIn.page, path] as const),
  ];
  for (const [page, path] of looks) {
    await page.goto(path);
    await expect(page.locator('h1').first(), path).toBeVisible();
    await expectClean(page, path, undefined, async () => {
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/page${new URL(path, c.url).pathname.replace(/\W+/g, '-')}-${page.viewportSize()!.width}.png` });
    });
  }
  await signedIn.context.close();
  await visitor.close();
});
