import { parseArgs } from 'node:util';
import type { Probe } from './probe.ts';

export const usage = `npm run verify:live -- [options]

Tries in an AWS account, for cents, the facts about AWS that Rushhour relies upon (docs/aws-facts.md). It says what it
will make and what that costs, and asks; it takes away what it has made, also when it is interrupted.

  --endpoint URL   another cloud: npm run local prints the address of the local one
  --only NAME      this probe alone; may be repeated
  --group NAME     looks at one deployed scaling group instead, and changes nothing
  --fleet FILE     with --group: NAME is a group of this fleet file, of whatever provider it is
  --clean          takes away what any earlier run has left, and ends
  --json FILE      the report as JSON, too
  --yes            does not ask

Region and credentials: as every AWS tool takes them (AWS_REGION, AWS_PROFILE, …). Exit code 1: a fact does not hold, or
could not be tried.`;

export interface Options {
  readonly endpoint: string | undefined;
  readonly group: string | undefined;
  readonly fleet: string | undefined;
  readonly only: readonly string[];
  readonly json: string | undefined;
  readonly clean: boolean;
  readonly yes: boolean;
  readonly help: boolean;
}

/** @throws Error for an option that there is not, or a value that is none */
export function readOptions(args: readonly string[], probes: readonly Probe[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      endpoint: text,
      group: text,
      fleet: text,
      only: { type: 'string', multiple: true, default: [] },
      json: text,
      clean: flag,
      yes: flag,
      help: flag,
    },
  });
  const { endpoint, group, fleet, only, json } = values;
  if (fleet !== undefined && group === undefined)
    throw new Error(`--fleet ${fleet}: which of its groups? Expected --group NAME, too`);
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:/.test(endpoint)))
    throw new Error(`--endpoint ${endpoint} is no address: expected one like http://127.0.0.1:4566`);
  const names = probes.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`--only ${unknown}: there is no such probe; expected one of ${names.join(', ')}`);
  return { ...values, endpoint, group, fleet, json };
}
