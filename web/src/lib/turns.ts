import { getContext, setContext } from 'svelte';

/** Does a piece of some work; the answer is whether there is more of it. */
export type Work = () => boolean;

const queue: Work[] = [];
let frame = 0;

function step(): void {
  frame = 0;
  const work = queue[0];
  if (work && !work()) drop(work);
  ask();
}

function ask(): void {
  if (queue.length > 0) frame ||= requestAnimationFrame(step);
}

function drop(work: Work): void {
  const at = queue.indexOf(work);
  if (at >= 0) queue.splice(at, 1);
}

/**
 * Has work done a piece a frame, after what came before it, so that no frame is
 * long, however much there is to do. The answer gives the rest up.
 */
export function inTurn(work: Work): () => void {
  queue.push(work);
  ask();
  return () => drop(work);
}

const key = {};

/** Tells what is drawn inside the calling component whether its parts are to come in turn, too. */
export function tellTurns(gradual: () => boolean): void {
  setContext(key, gradual);
}

/** Whether the calling component is being drawn in turn, so that it may leave a part of itself to a later frame. */
export function drawnInTurn(): boolean {
  return getContext<(() => boolean) | undefined>(key)?.() ?? false;
}
