import { api } from '../api/client';
import { session } from './session.svelte';
import { attempt } from './toasts.svelte';

const alerts = { mention: true, quote: true, follow: true, followRequest: true, favourite: true, reblog: true, poll: true, status: true, update: true };

/** Notifications of this device while the client is closed. */
class Push {
  state = $state<'unsupported' | 'denied' | 'off' | 'on'>('off');

  async load(): Promise<void> {
    if (!('PushManager' in window) || !('serviceWorker' in navigator)) {
      this.state = 'unsupported';
      return;
    }
    if (Notification.permission === 'denied') {
      this.state = 'denied';
      return;
    }
    const worker = await navigator.serviceWorker.getRegistration();
    this.state = (await worker?.pushManager.getSubscription()) ? 'on' : 'off';
  }

  async start(): Promise<void> {
    await attempt(async () => {
      const worker = await navigator.serviceWorker.ready;
      const key = session.instance.configuration.vapid.publicKey;
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      const { keys } = made.toJSON();
      await api.v1.push.subscription.create({
        subscription: { endpoint: made.endpoint, keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' }, standard: true },
        data: { alerts, policy: 'all' },
      } as never);
    });
    await this.load();
  }

  async stop(): Promise<void> {
    await attempt(async () => {
      const worker = await navigator.serviceWorker.ready;
      await (await worker.pushManager.getSubscription())?.unsubscribe();
      await api.v1.push.subscription.remove();
    });
    await this.load();
  }
}

export const push = new Push();
