import { MediaQuery } from 'svelte/reactivity';

/** Whether there is room for what stands aside. Where there is none, it is not there and asks for nothing. */
export const wide = new MediaQuery('min-width: 1240px');
