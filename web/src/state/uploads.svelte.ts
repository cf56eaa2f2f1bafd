import { MastoHttpError } from 'masto';
import { SerializerNativeImpl } from 'masto/adapters/serializers/index.js';
import { api, shown, type mastodon } from '../api/client';
import { attempt } from './toasts.svelte';

type Attachment = mastodon.v1.MediaAttachment;

const serializer = new SerializerNativeImpl();
const PAUSE = 1_000;

/** A file on its way to the server; `done` runs from 0 to 1. */
export class Upload {
  done = $state(0);
  name: string;
  #request = new XMLHttpRequest();

  constructor(file: File) {
    this.name = file.name;
    this.ready = this.#send(file);
  }

  /** What the server made of it; undefined when it failed, which was said, or was stopped. */
  ready: Promise<Attachment | undefined>;

  stop(): void {
    this.#request.abort();
  }

  async #send(file: File): Promise<Attachment | undefined> {
    const made = await attempt(() => this.#post(file));
    if (!made || made.url) return made;
    // Large media are made ready after the answer.
    return attempt(async () => {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        const now = await api.v1.media.$select(made.id).fetch();
        if (now.url) return now;
      }
    });
  }

  /** What fetch cannot do: tell how much has left. */
  #post(file: File): Promise<Attachment | undefined> {
    const request = this.#request;
    const form = new FormData();
    form.append('file', file);
    return new Promise((resolve, reject) => {
      request.upload.onprogress = (e) => (this.done = e.lengthComputable ? e.loaded / e.total : 0);
      request.onabort = () => resolve(undefined);
      request.onerror = () => reject(new TypeError('the upload failed'));
      request.onload = () => {
        try {
          const answer = serializer.deserialize<Attachment & { error?: string }>('json', request.responseText);
          if (request.status < 300) resolve(answer);
          else reject(new MastoHttpError({ statusCode: request.status, message: answer.error ?? '' }));
        } catch (error) {
          reject(error as Error);
        }
      };
      request.open('POST', '/api/v2/media');
      for (const [name, value] of shown) request.setRequestHeader(name, value);
      request.send(form);
    });
  }
}

const changes = new Set<Promise<unknown>>();

/** Changes the description or the focal point of something uploaded. */
export function describe(id: string, change: { description?: string; focus?: string }): Promise<Attachment | undefined> {
  const work = attempt(() => api.v1.media.$select(id).update(change));
  changes.add(work);
  return work.finally(() => changes.delete(work));
}

/** Waits until the server knows all of them: a post takes its media as they are then. */
export async function described(): Promise<void> {
  await Promise.all(changes);
}
