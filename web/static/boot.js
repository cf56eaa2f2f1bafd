// Runs before the first paint, so that a chosen look never flashes.
(function () {
  try {
    var look = JSON.parse(localStorage.getItem('look') || '{}');
    var root = document.documentElement;
    if (look.theme && look.theme !== 'auto') root.dataset.theme = look.theme;
    if (look.contrast) root.dataset.contrast = 'more';
    if (look.motion) root.dataset.motion = 'reduced';
    if (look.font === 'system') root.dataset.font = 'system';
    if (look.size) root.dataset.size = look.size;
  } catch {}
})();
