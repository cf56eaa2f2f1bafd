import { api, type mastodon } from '../api/client';
import { prefs } from './prefs.svelte';
import { session } from './session.svelte';

/** How many notifications came since the last visit, and who wants to hear of new ones. */
class Notifications {
  unread = $state(0);
  /** Whether they are shown, and so are read as they come. */
  watched = false;
  #asked = false;
  #counting = false;
  #heard = new Set<(n: mastodon.v1.Notification) => void>();

  start(): void {
    // The icon of the installed app tells, too.
    $effect.root(() => {
      $effect(() => void (this.unread > 0 ? navigator.setAppBadge?.(prefs.habits.calm ? undefined : this.unread) : navigator.clearAppBadge?.())?.catch(() => {}));
    });
    void this.count();
    session.stream.listen('user', {
      event: (e) => {
        if (e.event !== 'notification') return;
        void this.count();
        for (const heard of this.#heard) heard(e.payload as mastodon.v1.Notification);
      },
      opened: () => void this.count(),
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.count();
    });
  }

  /** Asks the server, which alone knows which of them it has counted; while it answers, once more at most. */
  async count(): Promise<void> {
    this.#asked = true;
    if (this.#counting) return;
    this.#counting = true;
    try {
      while (this.#asked) {
        this.#asked = false;
        const { count } = await api.v2.notifications.unreadCount.fetch();
        this.unread = this.watched && document.visibilityState === 'visible' ? 0 : count;
      }
    } catch (error) {
      console.error(error);
    } finally {
      this.#counting = false;
    }
  }

  /** Hears of each new one; the answer ends it. */
  onNew(heard: (n: mastodon.v1.Notification) => void): () => void {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  }
}

export const notifications = new Notifications();
