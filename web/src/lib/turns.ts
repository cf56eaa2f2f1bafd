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
