/** Does something once the page has nothing better to do; the answer keeps it from that. */
export function whenIdle(job: () => void): () => void {
  if (!('requestIdleCallback' in globalThis)) {
    const timer = setTimeout(job, 300);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(job, { timeout: 3_000 });
  return () => cancelIdleCallback(handle);
}
