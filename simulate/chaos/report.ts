import { reasonCodes } from '../../shared/domain/reason.ts';
import type { Failure } from './campaign.ts';
import type { Coverage } from './coverage.ts';
import { drawPlan } from './draw-plan.ts';
import { callFaults, deliveryFaults } from './faults.ts';
import { mutations } from './mutations.ts';
import { play } from './play.ts';
import type { Provider } from './random-fleet.ts';
import { shrink } from './shrink.ts';

/** With what a run is played again. */
interface Again {
  readonly mutation?: string | undefined;
  readonly provider?: Provider | undefined;
}

/** How much of a run is reported: what led to its end. */
const linesAtMost = 40;

/** How often each kind of fault, each crash point, each happening and each reason was met, and which never. */
export function coverageTable({ counts }: Coverage): string {
  const of = (kind: string) => counts.get(kind) ?? new Map<string, number>();
  const calls = [...of('call').keys()];
  const crashes = calls.flatMap((name) => [`crash-before ${name}`, `crash-after ${name}`]);
  return [
    table('faults', of('fault'), [...callFaults, ...deliveryFaults]),
    table('what else happened', of('happening'), []),
    table('crash points', of('crash'), crashes),
    table('reasons', of('reason'), reasonCodes),
    table('fates', of('fate'), []),
  ].join('\n');
}

function table(title: string, counts: ReadonlyMap<string, number>, expected: readonly string[]): string {
  const lines = [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([what, times]) => `${what} ${times}`);
  const missing = expected.filter((what) => !counts.has(what));
  return `${title}: ${lines.join(', ')}${missing.length > 0 ? `\n  never met: ${missing.join(', ')}` : ''}`;
}

/** A violation, the fewest steps that lead to it, and how to see them again. */
export async function failureStory(
  { seed, played }: Failure,
  { mutation, provider }: Again = {},
): Promise<string> {
  const broken = mutation === undefined ? undefined : mutations[mutation];
  const plan = drawPlan(seed, provider ?? broken?.provider);
  const { kept } = await shrink(plan, played, broken);
  const lines: string[] = [];
  const again = await play(plan, { ...kept, mutation: broken, tell: (line) => lines.push(line) });
  const { invariant, message } = again.violations[0] ?? played.violations[0]!;
  return [
    '',
    `Seed ${seed} violates invariant ${invariant}: ${message}`,
    `  of ${plan.happenings.length} happenings and ${played.faults.length} faults these are enough:`,
    ...plan.happenings
      .filter(({ id }) => kept.happenings?.has(id))
      .map((happening) => `  ${JSON.stringify(happening)}`),
    ...played.faults
      .filter(({ place }) => kept.faults?.has(place))
      .map(({ place, kind }) => `  ${kind} at ${place}`),
    '  what happened last:',
    ...lines.slice(-linesAtMost).map((line) => `  ${line}`),
    `  again: npm run chaos -- --runs 1 --seed ${seed}${provider ? ` --provider ${provider}` : ''}${mutation === undefined ? '' : ` --mutation ${mutation}`}`,
  ].join('\n');
}
