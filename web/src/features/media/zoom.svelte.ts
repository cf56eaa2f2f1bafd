export interface Point {
  x: number;
  y: number;
}

const MOST = 8;
const CLOSER = 2.5;
/** So far a finger may slip and still tap. */
const SLIP = 8; // px
const SWIPE = 60; // px

/**
 * Where fingers, the wheel and keys have put a picture: two fingers pinch it,
 * one moves it while it is large and swipes while it is not. Points are
 * measured from the middle of the stage.
 */
export class Zoom {
  scale = $state(1);
  x = $state(0);
  y = $state(0);
  #fingers = new Map<number, Point>();
  #began: Point | undefined;
  #swiped: (by: Point) => void;
  /** The last touch was no tap. */
  moved = false;

  constructor(swiped: (by: Point) => void) {
    this.#swiped = swiped;
  }

  get large(): boolean {
    return this.scale > 1;
  }

  reset(): void {
    [this.scale, this.x, this.y] = [1, 0, 0];
  }

  /** Larger or smaller, with a point staying where it is. */
  by(factor: number, at: Point = { x: 0, y: 0 }): void {
    const scale = Math.min(MOST, Math.max(1, this.scale * factor));
    const real = scale / this.scale;
    this.scale = scale;
    this.x = at.x - (at.x - this.x) * real;
    this.y = at.y - (at.y - this.y) * real;
    if (!this.large) this.reset();
  }

  toggle(at?: Point): void {
    if (this.large) this.reset();
    else this.by(CLOSER, at);
  }

  pan(by: Point): void {
    this.x += by.x;
    this.y += by.y;
  }

  down(finger: number, at: Point): void {
    if (this.#fingers.size === 0) {
      this.moved = false;
      this.#began = at;
    } else {
      this.moved = true;
      this.#began = undefined; // pinching is no swipe, whichever finger leaves last
    }
    this.#fingers.set(finger, at);
  }

  move(finger: number, to: Point): void {
    const from = this.#fingers.get(finger);
    if (!from) return;
    const other = [...this.#fingers].find(([id]) => id !== finger)?.[1];
    this.#fingers.set(finger, to);
    if (this.#began && distance(this.#began, to) > SLIP) this.moved = true;
    if (other) {
      const before = middle(from, other);
      const now = middle(to, other);
      this.by(distance(to, other) / Math.max(1, distance(from, other)), before);
      if (this.large) this.pan({ x: now.x - before.x, y: now.y - before.y });
    } else if (this.large) this.pan({ x: to.x - from.x, y: to.y - from.y });
  }

  up(finger: number, at: Point): void {
    if (!this.#fingers.delete(finger) || this.#fingers.size > 0) return;
    const began = this.#began;
    this.#began = undefined;
    if (!began || this.large) return;
    const by = { x: at.x - began.x, y: at.y - began.y };
    if (Math.max(Math.abs(by.x), Math.abs(by.y)) > SWIPE) this.#swiped(by);
  }

  /** The browser took the finger for something of its own. */
  lost(finger: number): void {
    this.#fingers.delete(finger);
    this.#began = undefined;
  }
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
