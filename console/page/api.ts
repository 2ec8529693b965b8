import type { Activity } from '../../shared/domain/activity.ts';
import type { Answer } from '../../shared/engine/answer.ts';
import type { ConsoleAction, ConsoleState, GroupDay } from '../state.ts';
import { say } from './words.ts';

/** The console itself does not answer. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

const token = document.querySelector<HTMLMetaElement>('meta[name=rushhour-token]')?.content ?? '';

export const readState = () => request<ConsoleState>('GET', '/api/state');
export const readDay = (group: string) =>
  request<GroupDay>('GET', `/api/day?group=${encodeURIComponent(group)}`);
export const readLog = () => request<Activity[]>('GET', '/api/log');
export const act = (action: ConsoleAction) => request<Partial<Answer>>('POST', '/api/act', action);

/** @throws Unreachable when nobody answers, Error with what the server says is wrong */
async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: { 'x-rushhour-token': token, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch(() => {
    throw new Unreachable(say('unreachable'));
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message ?? response.statusText);
  return answer;
}
