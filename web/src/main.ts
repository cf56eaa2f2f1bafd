import { mount } from 'svelte';
import App from './App.svelte';
import { keepFocus } from './lib/focus';
import { loadMessages } from './lib/i18n';
import { router } from './lib/router.svelte';
import { table } from './routes/table';
import { session } from './state/session.svelte';
import sprite from './ui/icons.svg?raw';
import './styles/client.css';

const loading = session.load();
await loadMessages();
router.start(table);
keepFocus();
document.body.insertAdjacentHTML('afterbegin', `<div hidden>${sprite}</div>`); // what each icon shows
mount(App, { target: document.body });
await loading;

if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/sw.js');
