import { mount } from 'svelte';
import App from './App.svelte';
import { loadMessages } from './lib/i18n';
import { router } from './lib/router.svelte';
import { table } from './routes/table';
import { session } from './state/session.svelte';
import './styles/client.css';

const loading = session.load();
await loadMessages();
router.start(table);
mount(App, { target: document.body });
await loading;

if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/sw.js');
