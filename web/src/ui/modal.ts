/**
 * Opens a dialog over everything (an attachment), and gives the focus back to
 * what had it. The browser would, but by the time a dialog of Svelte is closed
 * its element has left the page.
 */
export function modal(node: HTMLDialogElement): () => void {
  const before = document.activeElement;
  node.showModal();
  return () => {
    node.close();
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}
