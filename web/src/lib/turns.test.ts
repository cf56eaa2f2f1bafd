import { beforeEach, expect, it, vi } from 'vitest';
import { inTurn } from './turns';

let frames: FrameRequestCallback[] = [];
beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (f: FrameRequestCallback) => frames.push(f));
});
/** Lets a frame pass; the answer is whether one was asked for. */
const pass = () => {
  const due = frames.splice(0);
  for (const f of due) f(0);
  return due.length;
};

it('does one piece a frame, each work in its turn, and asks for no frame when nothing is left', () => {
  const done: string[] = [];
  const work = (name: string, pieces: number) => () => {
    done.push(name);
    return --pieces > 0;
  };
  inTurn(work('a', 2));
  const giveUp = inTurn(work('b', 5));
  inTurn(work('c', 1));
  for (let n = 1; n <= 3; n++) {
    expect(pass()).toBe(1);
    expect(done).toHaveLength(n);
  }
  expect(done).toEqual(['a', 'a', 'b']);
  giveUp();
  pass();
  expect(done).toEqual(['a', 'a', 'b', 'c']);
  expect(pass()).toBe(0);
});
