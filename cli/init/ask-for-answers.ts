import { basename } from 'node:path';
import { fleetName } from '../../shared/fleet/fleet-keys.ts';
import { timeZone as timeZoneFormat } from '../../shared/fleet/scalars.ts';
import { inProgress } from '../progress.ts';
import { ask, write } from '../terminal.ts';
import { accountGroups } from './account-groups.ts';
import type { Answers, ExistingGroup } from './answers.ts';
import { groupKey } from './fleet-file.ts';

/** What is taken where nobody is asked, and offered where somebody is. */
export function usualAnswers(folder: string): Answers {
  const name = groupKey(basename(folder));
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    name: fleetName.safeParse(name).success ? name : 'fleet',
    timeZone: timeZoneFormat.safeParse(zone).success ? zone : 'UTC',
    existing: [],
  };
}

/** Asks a person, each question until it has an answer that a fleet file takes. */
export async function askForAnswers(usual: Answers): Promise<Answers> {
  const name = await askFor('Name of the fleet', usual.name, (text) => problem(fleetName, text));
  const timeZone = await askFor('Time zone', usual.timeZone, (text) => problem(timeZoneFormat, text));
  const groups = await inProgress('looking for scaling groups', accountGroups());
  return { name, timeZone, existing: groups && groups.length > 0 ? await choose(groups) : [] };
}

interface Format {
  safeParse(text: string): {
    success: boolean;
    error?: { issues: readonly { message: string }[] } | undefined;
  };
}

function problem(format: Format, text: string): string | undefined {
  return format.safeParse(text).error?.issues[0]?.message;
}

async function askFor(
  question: string,
  usual: string,
  problemOf: (text: string) => string | undefined,
): Promise<string> {
  for (;;) {
    const offer = usual === '' ? '' : ` [${usual}]`;
    const answer = (await ask(`${question}${offer}: `)).trim() || usual;
    const wrong = problemOf(answer);
    if (wrong === undefined) return answer;
    write(process.stderr, `${wrong}\n`);
  }
}

/** Which of the account's groups the fleet takes by name. */
async function choose(groups: readonly ExistingGroup[]): Promise<readonly ExistingGroup[]> {
  write(process.stderr, 'The account has these scaling groups:\n');
  for (const [index, { name, minSize, maxSize, desired, loadBalancerArn }] of groups.entries()) {
    const balancer = loadBalancerArn === undefined ? '' : `, behind ${loadBalancerArn.split('/').at(-2)}`;
    write(process.stderr, `  ${index + 1}  ${name}: ${desired} of ${minSize} to ${maxSize}${balancer}\n`);
  }
  const numbers = (text: string) =>
    text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
  const answer = await askFor(
    'Which is Rushhour to observe at first, by number? None: an example to change',
    '',
    (text) =>
      numbers(text).every((one) => groups[one - 1])
        ? undefined
        : `expected numbers from 1 to ${groups.length}`,
  );
  return [...new Set(numbers(answer))].map((one) => groups[one - 1]!);
}
