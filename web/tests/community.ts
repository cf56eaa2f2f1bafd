import { readFileSync } from 'node:fs';
import { createRestAPIClient, type mastodon } from 'masto';
import { password, startServer } from '../../e2e/server.js';
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** A community on this machine with a few people who have written something. */
export interface Community {
  url: string;
  stop(): Promise<number>;
  /** Runs another command of the program beside the server. */
  command(...args: string[]): Promise<unknown>;
  as: Record<string, mastodon.rest.Client>;
  ids: Record<string, string>;
  /** Who signed in before, for whom a session is enough that others share. */
  sessions: Map<string, Cookies>;
}

const cast: [string, string, string][] = [
  ['maya', 'Maya Okafor', 'Reads slowly, answers slowly, means it. #slowweb'],
  ['ines', 'Ines Duarte', 'Wildlife photographer on the estuary. Mostly herons, sometimes bread. #birding'],
  ['ravi', 'Ravi Menon', 'Hedges, wrens and small software.'],
  ['theo', 'Theo Brandt', 'Runs the kettle and this server.'],
  ['aiko', 'Aiko Tanaka', 'Accessibility is a story. 日本語もどうぞ。'],
];

/** Founds it, with more of its configuration. */
export async function found(more: Record<string, string> = {}): Promise<Community> {
  const server = await startServer({ COTERIE_RATE_LIMITS: 'off', ...more }); // one browser reads faster than people do
  const as: Record<string, mastodon.rest.Client> = {};
  const ids: Record<string, string> = {};
  const join = async ([name, displayName, note]: (typeof cast)[0]) => {
    const token = await server.join(name, name === 'theo' ? 'owner' : 'user');
    as[name] = createRestAPIClient({ url: server.url, accessToken: token });
    const me = await as[name].v1.accounts.updateCredentials({ displayName, note, discoverable: true });
    ids[name] = me.id;
  };
  await Promise.all([server.command('settings', 'set', 'title', 'Larkspur'), ...cast.map(join)]);
  return { url: server.url, stop: server.stop, command: server.command, as, ids, sessions: new Map() };
}

type Params = mastodon.rest.v1.CreateStatusParams;

/** Lets somebody write; the answer is the post. */
export async function write(c: Community, name: string, status: string, more: Partial<Params> = {}): Promise<mastodon.v1.Status> {
  return (await c.as[name]!.v1.statuses.create({ status, visibility: 'public', ...more } as Params)) as mastodon.v1.Status;
}

/** Waits until posts are on somebody's home timeline, where they come a moment after they were written. */
export async function reached(c: Community, name: string, ...posts: { id: string }[]): Promise<void> {
  const there = async () => (await c.as[name]!.v1.timelines.home.list({ limit: 20 })).map(({ id }) => id);
  await expect.poll(there).toEqual(expect.arrayContaining(posts.map(({ id }) => id)));
}

/** What the pictures and most stories are about. */
export async function settle(c: Community): Promise<Record<string, mastodon.v1.Status>> {
  const follow = (who: string, whom: string) => c.as[who]!.v1.accounts.$select(c.ids[whom]!).follow();
  for (const other of ['ines', 'ravi', 'theo', 'aiko']) {
    await follow('maya', other);
    if (other !== 'aiko') await follow(other, 'maya');
  }
  const poll = await write(c, 'theo', 'Picnic on Sunday behind the library. When do we meet?', {
    poll: { options: ['At eleven', 'At noon', 'When the bread is done'], expiresIn: 86_400 },
  } as Partial<Params>);
  await c.as.ines!.v1.polls.$select(poll.poll!.id).votes.create({ choices: [2] });
  await c.as.ravi!.v1.polls.$select(poll.poll!.id).votes.create({ choices: [0] });
  const hedge = await write(c, 'ravi', 'We planted the hedge in 2019. Today a wren moved in. Slow software, slow gardens. #slowweb');
  const warned = await write(c, 'aiko', 'The heron wins after all: it simply waits until everybody else has gone home.', { spoilerText: 'The end of the film' });
  const picture = await c.as.ines!.v2.media.create({
    file: new Blob([readFileSync('static/thumbnail.png')], { type: 'image/png' }),
    description: 'A family of prairie dogs standing together at dusk',
  });
  const herons = await write(c, 'ines', 'First light over the salt marsh. Two herons, one very patient photographer, and a thermos that ran out at exactly the wrong moment. #birding', { mediaIds: [picture.id] } as Partial<Params>);
  const quote = await write(c, 'aiko', 'Patience is a skill one can practise.', { quotedStatusId: herons.id } as Partial<Params>);
  const mine = await write(c, 'maya', 'What is the oldest thing on your desk? Mine is a river stone. #slowweb');
  const answer = await write(c, 'ravi', '@maya A brass ruler from my grandfather, still true to the millimetre.', { inReplyToId: mine.id });
  await write(c, 'maya', '@ravi Rulers that are true for three generations deserve a hashtag of their own.', { inReplyToId: answer.id });
  const tide = await write(c, 'ines', '@maya A tide table of 1987.', { inReplyToId: mine.id });
  await write(c, 'theo', '@maya Could you bring the big blanket on Sunday?', { visibility: 'direct' });
  for (const name of ['ines', 'ravi', 'theo']) await c.as[name]!.v1.statuses.$select(mine.id).favourite();
  await c.as.aiko!.v1.statuses.$select(mine.id).reblog();
  await c.as.theo!.v1.statuses.$select(hedge.id).reblog();
  await c.as.maya!.v1.lists.create({ title: 'Birders' });
  await reached(c, 'maya', hedge, herons, quote, tide);
  return { poll, hedge, warned, herons, quote, mine, answer };
}

export interface Device {
  width: number;
  height: number;
  scheme: 'light' | 'dark';
  locale?: string;
  /** Whether the worker that keeps the client offline may run. */
  worker?: boolean;
  /** Whether a session of its own is wanted, which nobody signed in with before. */
  own?: boolean;
  /** The zone of its clock. */
  zone?: string;
}

export const desktop: Device = { width: 1320, height: 900, scheme: 'light' };
export const phone: Device = { width: 390, height: 844, scheme: 'dark' };

/** Opens a browser on a device, with somebody signed in. */
export async function visit(browser: Browser, c: Community, name: string, device: Device = desktop): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({
    baseURL: c.url,
    viewport: { width: device.width, height: device.height },
    colorScheme: device.scheme,
    locale: device.locale ?? 'en',
    timezoneId: device.zone,
    reducedMotion: 'reduce',
    serviceWorkers: device.worker ? 'allow' : 'block',
    permissions: ['clipboard-read', 'clipboard-write', 'notifications'],
  });
  // Only the stories about it wait until a post can no longer be taken back.
  await context.addInitScript(() => {
    if (!localStorage.getItem('habits')) localStorage.setItem('habits', '{"undoSeconds":0}');
  });
  const known = device.own ? undefined : c.sessions.get(name);
  if (known) await context.addCookies(known);
  else {
    const answer = await context.request.post('/auth/sign_in', { form: { login: name, password, return_to: '/home' }, headers: { Origin: c.url, 'Sec-Fetch-Site': 'same-origin' } });
    expect(answer.url()).toBe(`${c.url}/home`);
    if (!device.own) c.sessions.set(name, await context.cookies());
  }
  const page = await context.newPage();
  await page.goto('/home');
  await expect(page.locator('main h1')).toBeVisible();
  return { page, context };
}

/** A picture of the page, light and dark, where SCREENSHOTS names a folder. */
export async function snap(page: Page, name: string): Promise<void> {
  if (!process.env.SCREENSHOTS) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ fullPage: true, path: `${process.env.SCREENSHOTS}/${name}-${page.viewportSize()?.width}-${colorScheme}.png` });
  }
}
