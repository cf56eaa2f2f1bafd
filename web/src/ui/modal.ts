/** Keys that were pressed while what they are for was still on its way. */
let held: KeyboardEvent[] | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const LONGEST = 5_000; // ms, after which the page has its keys back

function keep(e: KeyboardEvent): void {
  if (e.isComposing || e.metaKey || e.altKey || (e.ctrlKey && e.key !== 'Enter')) return;
  e.preventDefault();
  e.stopImmediatePropagation();
  held?.push(e);
}

/** Keeps whatever keys are pressed until what opens is there to take them by `give`. */
export function holding<T>(loading: Promise<T>): Promise<T> {
  if (!held) {
    held = [];
    addEventListener('keydown', keep, true);
    timer = setTimeout(drop, LONGEST);
  }
  loading.catch(drop);
  return loading;
}

function drop(): KeyboardEvent[] {
  const keys = held ?? [];
  held = undefined;
  clearTimeout(timer);
  removeEventListener('keydown', keep, true);
  return keys;
}

/** Gives the keys that were kept to what has the focus now. */
export function give(): void {
  for (const { key, code, ctrlKey, shiftKey } of drop()) {
    const target = document.activeElement ?? document.body;
    // What a script sends is heard by scripts alone; what the browser would do comes after it.
    if (target.dispatchEvent(new KeyboardEvent('keydown', { key, code, ctrlKey, shiftKey, bubbles: true, cancelable: true }))) natural(target, key);
  }
}

/** Does what a browser does of itself with a key. */
function natural(target: Element, key: string): void {
  const writes = target.matches('input, textarea');
  if (key === 'Escape') {
    const dialog = target.closest('dialog');
    if (dialog?.dispatchEvent(new Event('cancel', { cancelable: true }))) dialog.close();
  } else if (writes && (key.length === 1 || (key === 'Enter' && target.matches('textarea')))) document.execCommand('insertText', false, key === 'Enter' ? '\n' : key);
  else if (writes && key === 'Backspace') document.execCommand('delete');
  else if (!writes && (key === 'Enter' || key === ' ')) (target as HTMLElement).click();
}

/**
 * Opens a dialog over everything (an attachment), and gives the focus back to
 * what had it. The browser would, but by the time a dialog of Svelte is closed
 * its element has left the page.
 */
export function modal(node: HTMLDialogElement): () => void {
  const before = document.activeElement;
  node.showModal();
  if (held) setTimeout(give); // once everything in it has found its focus
  return () => {
    node.close();
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}
