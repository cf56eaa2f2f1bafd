import { expect, it, vi } from 'vitest';
import { Zoom } from './zoom.svelte';

const at = (x: number, y: number) => ({ x, y });

it('pinches about the point between two fingers, and is whole again when they close', () => {
  const swiped = vi.fn();
  const zoom = new Zoom(swiped);
  zoom.down(1, at(50, 0));
  zoom.down(2, at(150, 0));
  zoom.move(2, at(250, 0));
  expect(zoom.scale).toBe(2);
  // What lay between the fingers still does: 100 px from the middle, now twice as far, and moved along by 50.
  expect(zoom.x).toBe(-50);
  zoom.move(2, at(60, 0));
  expect([zoom.scale, zoom.x, zoom.y]).toEqual([1, 0, 0]);
  zoom.up(1, at(300, 0));
  zoom.up(2, at(300, 0));
  expect(swiped).not.toHaveBeenCalled();
});

it('moves what is large with one finger, and swipes what is not', () => {
  const swiped = vi.fn();
  const zoom = new Zoom(swiped);
  zoom.toggle();
  zoom.down(1, at(0, 0));
  zoom.move(1, at(-90, 20));
  zoom.up(1, at(-90, 20));
  expect([zoom.x, zoom.y]).toEqual([-90, 20]);
  expect(swiped).not.toHaveBeenCalled();
  zoom.toggle();
  zoom.down(1, at(0, 0));
  zoom.move(1, at(-90, 20));
  zoom.up(1, at(-90, 20));
  expect(swiped).toHaveBeenCalledExactlyOnceWith({ x: -90, y: 20 });
  expect([zoom.x, zoom.y]).toEqual([0, 0]);
});

it('knows a tap from everything else', () => {
  const swiped = vi.fn();
  const zoom = new Zoom(swiped);
  zoom.down(1, at(0, 0));
  zoom.move(1, at(3, 3));
  zoom.up(1, at(3, 3));
  expect(zoom.moved).toBe(false);
  zoom.down(1, at(0, 0));
  zoom.lost(1);
  zoom.up(1, at(500, 0));
  expect(swiped).not.toHaveBeenCalled();
});
