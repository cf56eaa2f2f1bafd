import { SerializerNativeImpl } from 'masto/adapters/serializers/index.js';

/** An event of a stream; its payload is an entity, an id or nothing. */
export interface StreamEvent {
  stream: string[];
  event: string;
  payload: unknown;
}

export interface StreamListener {
  event(e: StreamEvent): void;
  /** The connection stands, for the first time or again: whatever happened before must be asked for. */
  opened?(): void;
}

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
const serializer = new SerializerNativeImpl();

/**
 * One WebSocket for all streams, which comes back by itself. It waits longer
 * after each failure, and a part of it by chance, so that a server that starts
 * again is not asked by everybody at once.
 */
export class Stream {
  #socket: WebSocket | undefined;
  #listeners = new Map<string, Set<StreamListener>>();
  #wait = FIRST_WAIT;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #address: string;

  constructor(address: string) {
    this.#address = address;
    addEventListener('online', () => this.#again(0));
  }

  /** Listens to a stream such as "user" or "list 12"; the answer stops it. */
  listen(name: string, listener: StreamListener): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    if (set.size === 1) this.#say('subscribe', name);
    if (!this.#socket && !this.#timer) this.#connect();
    return () => {
      set.delete(listener);
      if (set.size > 0) return;
      this.#listeners.delete(name);
      this.#say('unsubscribe', name);
    };
  }

  #connect(): void {
    this.#timer = undefined;
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.onopen = () => {
      this.#wait = FIRST_WAIT;
      for (const name of this.#listeners.keys()) this.#say('subscribe', name);
      for (const set of this.#listeners.values()) for (const l of set) l.opened?.();
    };
    socket.onmessage = (e) => this.#hear(String(e.data));
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#again(this.#wait * (0.5 + Math.random() / 2));
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    };
  }

  #again(wait: number): void {
    if (this.#socket || this.#listeners.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  #say(type: 'subscribe' | 'unsubscribe', name: string): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const [stream, argument] = split(name);
    this.#socket.send(JSON.stringify({ type, stream, ...argument }));
  }

  #hear(text: string): void {
    const raw = JSON.parse(text) as { stream?: string[]; event?: string; payload?: string };
    if (!raw.stream || !raw.event) return;
    const isId = raw.event === 'delete' || raw.event === 'announcement.delete';
    const payload = isId || raw.payload === undefined ? raw.payload : serializer.deserialize<unknown>('json', raw.payload);
    for (const l of this.#listeners.get(raw.stream.join(' ')) ?? []) l.event({ stream: raw.stream, event: raw.event, payload });
  }
}

/** "list 12" is the stream "list" with the list 12, "hashtag x" the one of a hashtag. */
function split(name: string): [string, Record<string, string>] {
  const [stream = '', argument] = name.split(' ', 2);
  if (argument === undefined) return [stream, {}];
  return [stream, stream === 'list' ? { list: argument } : { tag: argument }];
}
