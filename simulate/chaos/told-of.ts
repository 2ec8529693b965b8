import type { Ledger } from '../../shared/domain/ledger.ts';
import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { PortCall } from './port-call.ts';

/** What matters of a call, for people who look for a mistake. */
export function toldOf({ place, name, args }: PortCall, answer: unknown): string {
  if (name === 'ledger.write') {
    const { version, base, lifted, desired, open, grants } = args[1] as Ledger;
    const activities = open.map(
      ({ from, to, phase, statusCode, reason }) => `${from}→${to} ${reason} ${phase} ${statusCode}`,
    );
    const granted = grants.map(
      ({ name, servers, releasing }) => `${name} ${servers}${releasing ? ' releasing' : ''}`,
    );
    return `${place} ${name} v${version}: ${answer}; base ${base}${lifted ? ` + ${lifted}` : ''}, desired ${desired}; [${granted}] [${activities}]`;
  }
  if (name === 'groups.describe') {
    const groups = [...(answer as Map<string, ScalingGroup>).values()];
    const seen = groups.map(
      ({ name, desired, minSize, maxSize, servers }) =>
        `${name} ${desired} in ${minSize}…${maxSize}, ${servers.length} servers`,
    );
    return `${place} ${name}: ${seen}`;
  }
  return `${place} ${name} ${JSON.stringify(args).slice(0, 100)}`;
}
