import type { RuleNow } from '../../shared/domain/explain.ts';
import { decisionNow } from '../../shared/domain/nearing.ts';
import { isInService } from '../../shared/domain/servers.ts';
import type { GroupState } from '../../shared/engine/group-state.ts';
import type { Speaker } from '../../shared/sentences/speaker.ts';
import { commandWords } from '../words/command-words.ts';

/** A group in one line. */
export interface Row {
  readonly name: string;
  /** `3/5`: in service, of those desired. */
  readonly servers: string;
  readonly bounds: string;
  /** Red ones, by name. */
  readonly alarms: string;
  /** The next window. */
  readonly next: string;
  /** What the scaler decides now, in one sentence. */
  readonly now: string;
  readonly tone: 'fine' | 'busy' | 'wrong';
}

/**
 * @param nearing rules whose alarms are about to turn red
 * @param time how instants read on the fleet's clock
 */
export function rowOf(
  state: GroupState,
  nearing: readonly RuleNow[],
  time: (instant: number) => string,
  speaker: Speaker,
): Row {
  const { group, observation, decision, alarms, ledger, next } = state;
  const { name } = group;
  const words = commandWords(speaker.language);
  const shown = decisionNow(decision, nearing);
  const message = speaker.message(name, shown, state.at);
  const now = message.startsWith(`${name} `) ? message.slice(name.length + 1) : message;
  const found = observation.group;
  if (!found) return { name, servers: '', bounds: '', alarms: '', next: '', now, tone: 'wrong' };
  const inService = found.servers.filter(isInService).length;
  const red = alarms.filter((alarm) => !alarm.state || alarm.state.value === 'ALARM');
  return {
    name,
    servers: `${inService}/${found.desired}`,
    bounds: `${found.minSize}–${found.maxSize}`,
    alarms: red.map(({ rule, state }) => (state ? rule : `${rule} ${words.missing}`)).join(' '),
    next: next ? words[next.edge === 'start' ? 'opens' : 'closes'](next.window.name, time(next.at)) : '',
    now: ledger?.pause ? `${words.paused} (${ledger.pause.owner}): ${now}` : now,
    tone: red.some(({ state }) => !state)
      ? 'wrong'
      : inService < found.desired || red.length > 0 || shown !== decision
        ? 'busy'
        : 'fine',
  };
}

/** What could not be read. */
export function unreadRow(name: string, { message }: Error): Row {
  return { name, servers: '?', bounds: '', alarms: '', next: '', now: message, tone: 'wrong' };
}

/** Does a filter leave a row? Capital letters do not count. */
export function isLeftBy(filter: string, row: Row): boolean {
  const wanted = filter.toLowerCase();
  return [row.name, row.alarms, row.now].some((text) => text.toLowerCase().includes(wanted));
}
