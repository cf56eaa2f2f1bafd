import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { expectClean } from './clean';
import { found, phone, visit, write, type Community } from './community';

test.describe.configure({ mode: 'serial' });

let c: Community;
let page: Page;
let context: BrowserContext;

const ffmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
if (!ffmpeg) console.log('*** LEFT OUT: the story of video and sound, since ffmpeg is not installed');

/** Makes two seconds of a picture or a tone. */
function make(name: string, type: string, ...how: string[]): Blob {
  const folder = mkdtempSync(join(tmpdir(), 'coterie-media-'));
  try {
    execFileSync('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', ...how, '-t', '2', join(folder, name)]);
    return new Blob([readFileSync(join(folder, name))], { type });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function post(text: string, files: [Blob, string][]) {
  const mediaIds = [];
  for (const [file, description] of files) mediaIds.push((await c.as.ines!.v2.media.create({ file, description })).id);
  await write(c, 'ines', text, { mediaIds } as never);
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000);
  c = await found();
  const picture = new Blob([readFileSync('static/thumbnail.png')], { type: 'image/png' });
  await post('Two pictures.', [
    [picture, 'The first picture'],
    [picture, 'The second picture'],
  ]);
  if (ffmpeg) {
    await post('A film.', [[make('film.mp4', 'video/mp4', '-i', 'testsrc=size=320x240:rate=15', '-f', 'lavfi', '-i', 'sine', '-pix_fmt', 'yuv420p'), 'Bars and numbers']]);
    await post('A sound.', [[make('sound.mp3', 'audio/mpeg', '-i', 'sine=frequency=440'), 'One steady tone']]);
  }
  ({ page, context } = await visit(browser, c, 'maya', phone));
});
test.afterAll(async () => {
  await context?.close();
  expect(await c?.stop()).toBe(0);
});

const article = (text: string) => page.locator('article', { hasText: text }).first();

test('video and sound play by keyboard, and say what they are', async () => {
  test.skip(!ffmpeg, 'LEFT OUT: ffmpeg is not installed');
  await page.goto('/public?local');
  for (const [text, tag, words] of [['A film.', 'video', 'Bars and numbers'], ['A sound.', 'audio', 'One steady tone']] as const) {
    const player = article(text).locator(tag);
    await expect(player).toHaveAttribute('aria-label', words);
    await player.focus();
    await page.keyboard.press('Space');
    await expect.poll(() => player.evaluate((media: HTMLMediaElement) => media.currentTime)).toBeGreaterThan(0.2);
  }
  await expect(article('A sound.').getByText('One steady tone')).toBeVisible();
  const description = article('A film.').getByRole('button', { name: 'Description' });
  await description.press('Enter');
  await expect(article('A film.').getByText('Bars and numbers')).toBeVisible();
  await expectClean(page, 'media', 'main');
});

test('pictures are pinched, moved and swiped with fingers', async () => {
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
    devtools.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  await page.goto('/public?local');
  await article('Two pictures.').getByRole('button', { name: 'Enlarge: The first picture' }).click();
  const viewer = page.getByRole('dialog', { name: 'Media' });
  await expect(viewer.getByText('1 of 2')).toBeVisible();
  const width = async () => Math.round((await viewer.getByRole('img').boundingBox())!.width);
  const whole = await width();
  await touch('touchStart', [165, 420], [225, 420]);
  for (const by of [10, 20, 30]) await touch('touchMove', [165 - by, 420], [225 + by, 420]);
  await touch('touchEnd');
  await expect.poll(width).toBeGreaterThan(whole * 1.8);
  await expect(viewer.getByText('1 of 2')).toBeVisible();
  await viewer.getByRole('button', { name: 'Zoom' }).press('0');
  await expect.poll(width).toBe(whole);
  await touch('touchStart', [300, 420]);
  for (const x of [250, 180, 100]) await touch('touchMove', [x, 422]);
  await touch('touchEnd');
  await expect(viewer.getByText('2 of 2')).toBeVisible();
  await expect(viewer.locator('p')).toHaveText('The second picture');
  await touch('touchStart', [200, 300]);
  for (const y of [360, 420, 500]) await touch('touchMove', [202, y]);
  await touch('touchEnd');
  await expect(viewer).toHaveCount(0);
  const wish = async (on: boolean) => {
    await page.goto('/settings/reading');
    await page.getByRole('switch', { name: 'Swipe through media' }).setChecked(on);
    await page.goto('/public?local');
  };
  await wish(false);
  await article('Two pictures.').getByRole('button', { name: 'Enlarge: The first picture' }).click();
  await touch('touchStart', [300, 420]);
  for (const x of [250, 180, 100]) await touch('touchMove', [x, 422]);
  await touch('touchEnd');
  await viewer.getByRole('button', { name: 'Next' }).press('Enter');
  await expect(viewer.getByText('2 of 2')).toBeVisible(); // the swipe had not gone on already
  await page.keyboard.press('Escape');
  await wish(true);
});

test('the same by keyboard, and the focus goes back', async () => {
  const opener = article('Two pictures.').getByRole('button', { name: 'Enlarge: The first picture' });
  await opener.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'Media' });
  await page.keyboard.press('ArrowRight'); // before there is a viewer
  await expect(viewer.getByText('2 of 2')).toBeVisible();
  await page.keyboard.press('+');
  await expect(viewer.getByRole('button', { name: 'Zoom' })).toHaveAttribute('aria-pressed', 'true');
  await expectClean(page, 'viewer', 'dialog[open]');
  await page.keyboard.press('0');
  await page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test('what is looked at has an address: back closes it, and a link opens it', async () => {
  await page.goto('/public?local');
  await page.mouse.wheel(0, 40);
  await article('Two pictures.').getByRole('button', { name: 'Enlarge: The first picture' }).click();
  const viewer = page.getByRole('dialog', { name: 'Media' });
  await expect(page).toHaveURL(/\/@ines\/\d+\?media=1$/);
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/\/@ines\/\d+\?media=2$/);
  const link = page.url();
  await page.goBack();
  await expect(viewer).toHaveCount(0);
  await expect(page).toHaveURL(/\/public\?local$/);
  await page.goForward();
  await expect(viewer.getByText('2 of 2')).toBeVisible();
  await page.reload(); // still over the timeline
  await expect(viewer.getByText('2 of 2')).toBeVisible();
  await expect(page.locator('main h1')).not.toHaveText(/^Post/);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/public\?local$/);
  await page.goto(link);
  await expect(viewer.locator('p')).toHaveText('The second picture');
  await page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  await expect(page.locator('main h1')).toHaveText('Post by Ines Duarte');
  await expect(page).toHaveURL(/\/@ines\/\d+$/);
});
