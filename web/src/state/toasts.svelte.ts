import { reason } from '../api/client';
import { t } from '../lib/i18n';

export interface Toast {
  id: number;
  text: string;
  wrong: boolean;
  action?: { label: string; act: () => void };
}

class Toasts {
  list = $state.raw<Toast[]>([]);
  #last = 0;

  /** Says something in passing. */
  say(text: string, action?: Toast['action'], life = 5_000): () => void {
    return this.#show({ text, wrong: false, action }, life);
  }

  /** Says what went wrong. */
  fail(error: unknown): void {
    console.error(error);
    this.#show({ text: reason(error, t(navigator.onLine ? 'error.unknown' : 'error.offline')), wrong: true }, 8_000);
  }

  drop(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #show(toast: Omit<Toast, 'id'>, life: number): () => void {
    const id = ++this.#last;
    this.list = [...this.list.slice(-2), { ...toast, id }];
    const timer = setTimeout(() => this.drop(id), life);
    return () => {
      clearTimeout(timer);
      this.drop(id);
    };
  }
}

export const toasts = new Toasts();

/** Runs something that may fail, and says so when it does. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    toasts.fail(error);
    return undefined;
  }
}
