/** What had the focus last, and all around it, from the inside out. */
let path: Element[] = [];

/** Whether nothing has the focus. */
const lost = () => document.activeElement === null || document.activeElement === document.body;

/**
 * Keeps the focus near where it was when what had it goes away, such as a
 * button that is needed once, and gives it back to what was disabled for a
 * while: the browser would begin again at the top.
 */
export function keepFocus(): void {
  addEventListener('focusin', (e) => {
    path = [];
    for (let at = e.target as Element | null; at; at = at.parentElement) path.push(at);
  });
  addEventListener('pointerdown', () => (path = []), true); // whoever points elsewhere means it
  new MutationObserver((changes) => {
    const [last] = path;
    if (!last || !lost()) return;
    if (last.isConnected) {
      const again = changes.some(({ type, target }) => type === 'attributes' && target === last && !last.matches(':disabled'));
      if (again && last instanceof HTMLElement) last.focus({ preventScroll: true });
      return;
    }
    const near = path.find((at) => at.isConnected && at.matches('[tabindex], dialog'));
    path = [];
    if (near instanceof HTMLElement) near.focus({ preventScroll: true });
    else focusHeading();
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
}

/** Gives the focus to the heading of the page, so that screen readers tell where one is. */
export function focusHeading(): boolean {
  const heading = document.querySelector<HTMLElement>('main h1');
  if (!heading) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}
