import { explainGroup } from '../../shared/engine/explain.ts';
import { groupStates, groupStatesApart } from '../../shared/engine/group-state.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import type { Speaker } from '../../shared/sentences/speaker.ts';
import type { FleetInCloud } from '../cloud.ts';
import { explanationText } from '../explanation-text.ts';
import { nearingIn } from '../nearing.ts';
import { wallClock } from '../wall-clock.ts';
import { commandWords } from '../words/command-words.ts';
import type { LiveSources, Seen } from './live-table.ts';
import { type Row, rowOf, unreadRow } from './row.ts';

/** What the live table shows of groups in the cloud. */
export function fleetSources(
  cloud: FleetInCloud,
  groups: readonly ScalerGroup[],
  speaker: Speaker,
): Pick<LiveSources, 'look' | 'explain'> {
  const { scaler } = cloud;
  return {
    look: () => look(cloud, groups, speaker),
    async explain(name) {
      const [state] = await groupStates(scaler, [scaler.groups.get(name)!]);
      return explanationText(state!, await explainGroup(scaler, state!), speaker);
    },
  };
}

/** @throws what fails for every group */
async function look(
  { scaler, account, region }: FleetInCloud,
  groups: readonly ScalerGroup[],
  speaker: Speaker,
): Promise<Seen> {
  const { states, failures } = await groupStatesApart(scaler, groups);
  if (states.length === 0) throw [...failures.values()][0];
  const nearing = await nearingIn(scaler, states);
  const { name, timeZone } = scaler.fleet;
  const now = scaler.ports.clock.now();
  const words = commandWords(speaker.language);
  const time = wallClock(timeZone, now, words.locale);
  const rows = [
    ...[...failures].map(([group, error]) => unreadRow(group, error)),
    ...states.map((state, index) => rowOf(state, nearing[index]!, time, speaker)),
  ];
  return { title: titleOf(words.where(name, account, region, `${time(now)} ${timeZone}`), rows), rows };
}

function titleOf(where: string, rows: readonly Row[]): string {
  const count = (tone: Row['tone']) => rows.filter((row) => row.tone === tone).length;
  const [busy, wrong] = [count('busy'), count('wrong')];
  return [
    `${where}; ${rows.length} ${rows.length === 1 ? 'group' : 'groups'}`,
    ...(busy > 0 ? [`${busy} busy`] : []),
    ...(wrong > 0 ? [`${wrong} wrong`] : []),
  ].join(', ');
}
