let time = $state(Date.now());
setInterval(() => {
  if (document.visibilityState === 'visible') time = Date.now();
}, 30_000);

/** The time to the half minute, for ages that are shown. */
export function now(): number {
  return time;
}
