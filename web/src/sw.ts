/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope;
declare const __FILES__: string[];

/** Named by what it holds, so that a new build makes a new one. */
const shelf = `client-${__FILES__.join('').length}-${__FILES__.map((f) => f.slice(-12)).join('')}`.slice(0, 120);
const SHELL = '/home';

self.addEventListener('install', (e) => {
  e.waitUntil(
    (async () => {
      const cache = await caches.open(shelf);
      await cache.addAll(__FILES__);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener('activate', (e) => {
  e.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== shelf) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/client/') || url.pathname.startsWith('/static/')) e.respondWith(fromShelf(e.request));
  else if (e.request.mode === 'navigate' && url.pathname === SHELL) e.respondWith(shell(e.request));
  else if (url.pathname === '/api/v1/timelines/home' && !url.searchParams.has('max_id')) e.respondWith(lastRead(e.request));
  else if (['/api/v1/accounts/verify_credentials', '/api/v2/instance'].includes(url.pathname)) e.respondWith(lastRead(e.request));
});

/** Files whose names change with their content. */
async function fromShelf(request: Request): Promise<Response> {
  const cache = await caches.open(shelf);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

/** The shell of the client, or the last one while there is no network. */
async function shell(request: Request): Promise<Response> {
  const cache = await caches.open(shelf);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put(SHELL, answer.clone());
    return answer;
  } catch (error) {
    const known = await cache.match(SHELL);
    if (known) return known;
    throw error;
  }
}

/** What the network says, or what it said last. */
async function lastRead(request: Request): Promise<Response> {
  const cache = await caches.open(shelf);
  const key = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (answer.ok && !new URL(request.url).searchParams.has('since_id')) await cache.put(key, answer.clone());
    else if (answer.status === 401) await forget();
    return answer;
  } catch (error) {
    const known = await cache.match(key);
    if (known) return known;
    throw error;
  }
}

/** Removes whatever belongs to who was signed in. */
async function forget(): Promise<void> {
  const cache = await caches.open(shelf);
  for (const key of [SHELL, '/api/v1/timelines/home', '/api/v1/accounts/verify_credentials', '/api/v2/instance']) await cache.delete(key);
}

self.addEventListener('message', (e) => {
  if (e.data === 'forget') e.waitUntil(forget());
});

interface PushMessage {
  title: string;
  body: string;
  icon: string;
  preferred_locale: string;
  notification_id: string;
  notification_type: string;
}

self.addEventListener('push', (e) => {
  const message = e.data?.json() as PushMessage | undefined;
  if (!message) return;
  void (self.navigator as WorkerNavigator & { setAppBadge?(): Promise<void> }).setAppBadge?.().catch(() => {});
  e.waitUntil(
    self.registration.showNotification(message.title, {
      body: message.body,
      icon: message.icon,
      lang: message.preferred_locale,
      tag: String(message.notification_id),
      data: '/notifications',
    }),
  );
});

self.addEventListener('notificationclick', (e) => {
  e.notification.close();
  e.waitUntil(
    (async () => {
      const to = String(e.notification.data);
      for (const client of await self.clients.matchAll({ type: 'window' })) {
        await client.focus();
        await client.navigate(to);
        return;
      }
      await self.clients.openWindow(to);
    })(),
  );
});

export {};
