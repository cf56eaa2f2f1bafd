import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Stream, type StreamEvent } from './stream';

/** The far end of a socket. */
class Far {
  static all: Far[] = [];
  static OPEN = 1;
  readyState = 0;
  said: Record<string, unknown>[] = [];
  onopen?: () => void;
  onclose?: () => void;
  onmessage?: (e: { data: string }) => void;
  constructor() {
    Far.all.push(this);
  }
  send(text: string) {
    this.said.push(JSON.parse(text) as Record<string, unknown>);
  }
  accept() {
    this.readyState = 1;
    this.onopen?.();
  }
  tell(stream: string[], event: string, payload?: string) {
    this.onmessage?.({ data: JSON.stringify({ stream, event, payload }) });
  }
  drop() {
    this.readyState = 3;
    this.onclose?.();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Far);
  Far.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('hears what it listens to, in the names of the library', () => {
  const heard: StreamEvent[] = [];
  const stream = new Stream('ws://x');
  const stop = stream.listen('list 12', { event: (e) => heard.push(e) });
  Far.all[0]!.accept();
  expect(Far.all[0]!.said).toEqual([{ type: 'subscribe', stream: 'list', list: '12' }]);
  Far.all[0]!.tell(['list', '12'], 'update', '{"id":"1","created_at":"x"}');
  Far.all[0]!.tell(['user'], 'update', '{}');
  Far.all[0]!.tell(['list', '12'], 'delete', '116153804390426886');
  expect(heard.map((e) => e.payload)).toEqual([{ id: '1', createdAt: 'x' }, '116153804390426886']);
  stop();
  expect(Far.all[0]!.said.at(-1)).toEqual({ type: 'unsubscribe', stream: 'list', list: '12' });
});

it('comes back by itself, waits longer each time and says each time that something may be missing', () => {
  const opened = vi.fn();
  new Stream('ws://x').listen('user', { event() {}, opened });
  expect(opened).not.toHaveBeenCalled();
  Far.all[0]!.accept();
  expect(opened).toHaveBeenCalledTimes(1);
  Far.all[0]!.drop();
  vi.advanceTimersByTime(1_000);
  expect(Far.all.length).toBe(2);
  Far.all[1]!.drop();
  vi.advanceTimersByTime(900);
  expect(Far.all.length).toBe(2);
  vi.advanceTimersByTime(1_100);
  expect(Far.all.length).toBe(3);
  Far.all[2]!.accept();
  expect(opened).toHaveBeenCalledTimes(2);
  expect(Far.all[2]!.said).toEqual([{ type: 'subscribe', stream: 'user' }]);
});
