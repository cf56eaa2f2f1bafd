import { beforeEach, expect, it, vi } from 'vitest';
import { byCompany, closest, wroteTo } from './company';

vi.mock('./session.svelte', () => ({ session: { me: { id: '1' } } }));
beforeEach(() => localStorage.clear());

const people = (...names: string[]) => names.map((acct) => ({ acct }));

it('puts those first who are written to most, and leaves the others as they were', () => {
  wroteTo('@ravi and @Ines@marsh.example, who know @ravi');
  wroteTo('to @ravi again, not to me@theo.example or https://marsh.example/@theo');
  expect(byCompany(people('theo', 'aiko', 'ines@marsh.example', 'ravi'))).toEqual(people('ravi', 'ines@marsh.example', 'theo', 'aiko'));
});

it('knows those who are written to most by their ids, as far as the server told them', () => {
  wroteTo('@ravi and @ines@marsh.example', [{ id: '7', acct: 'Ravi' }, { id: '8', acct: 'ines@marsh.example' }]);
  wroteTo('@ines@marsh.example and @theo');
  wroteTo('@theo and @theo');
  wroteTo('@theo');
  expect(closest(9)).toEqual(['8', '7']);
  expect(closest(1)).toEqual(['8']);
});

it('forgets what it cannot read', () => {
  localStorage.setItem('company.1', '{');
  expect(byCompany(people('theo', 'aiko'))).toEqual(people('theo', 'aiko'));
});
