import { expect, it } from 'vitest';
import type { ScalingGroup } from '../../../../shared/domain/observation.ts';
import type { FunctionRun } from '../../../../simulate/chaos/function-run.ts';
import { noteTold } from '../../../../simulate/chaos/note-told.ts';
import { OwnReads } from '../../../../simulate/chaos/own-reads.ts';
import type { PortCall } from '../../../../simulate/chaos/port-call.ts';

const group = { name: 'asg', minSize: 1, maxSize: 9, servers: [], suspended: [], trafficSources: [] };

/** Desired as a function knows it that was told so much, one after the other. */
function knownAfter(...calls: readonly [name: string, args: unknown[], desired?: number][]): number {
  const told = {
    groups: new Map<string, ScalingGroup>(),
    truest: new Map(),
    acted: new Map(),
    outside: new Map(),
  };
  const by = { reads: new OwnReads(), told } as unknown as FunctionRun;
  for (const [at, [name, args, desired]] of calls.entries()) {
    const call = { by, name, args, place: `f/1#${at}` } as unknown as PortCall;
    noteTold(
      call,
      desired === undefined ? undefined : new Map([['asg', { ...group, desired }]]),
      at,
      new Map(),
    );
  }
  return told.groups.get('asg')!.desired;
}

it('a function that has set desired knows that it is set, whatever a late description says', () => {
  expect(
    knownAfter(
      ['groups.describe', [['asg']], 3],
      ['groups.setDesired', ['asg', 4]],
      ['groups.describe', [['asg']], 3],
    ),
  ).toBe(4);
});

it('a function that has let a server go since believes a description that shows as many as before', () => {
  expect(
    knownAfter(
      ['groups.describe', [['asg']], 3],
      ['groups.setDesired', ['asg', 4]],
      ['adopt.detach', ['asg', ['i-1']]],
      ['groups.describe', [['asg']], 3],
    ),
  ).toBe(3);
});
