import { describe, expect, it } from 'vitest';
import type { ScalingGroup } from '../../../shared/domain/observation.ts';
import type { Capabilities, Capacity } from '../../../shared/ports/capacity.ts';
import { capacityByKind, Kinds } from '../../../shared/providers/by-kind.ts';

function provider(kind: string, calls: string[]): Capacity {
  return {
    describe: async (names) => {
      calls.push(`${kind} describe ${names}`);
      return new Map(
        names.map((name) => [name, { name, servers: [{ id: kind }] } as unknown as ScalingGroup]),
      );
    },
    setDesired: async (name, desired) => void calls.push(`${kind} set ${name} ${desired}`),
  };
}

function twoKinds() {
  const calls: string[] = [];
  const adopt = { attach: async () => void calls.push('usual attach') } as unknown as Capabilities['adopt'];
  const usual = { groups: provider('usual', calls), adopt };
  const open = async () => {
    calls.push('opened');
    return { groups: provider('other', calls) };
  };
  return {
    calls,
    ports: capacityByKind(usual, new Kinds(usual, [{ owns: (name) => name.startsWith('ecs:'), open }])),
  };
}

describe('Groups of two kinds', () => {
  it('are described by their own kind, and put together', async () => {
    const { ports, calls } = twoKinds();
    expect([...(await ports.groups.describe(['web', 'ecs:a/b'])).keys()]).toEqual(['web', 'ecs:a/b']);
    expect(calls).toEqual(['usual describe web', 'opened', 'other describe ecs:a/b']);
  });

  it('load a provider once, and only when one of its groups is asked for', async () => {
    const { ports, calls } = twoKinds();
    await ports.groups.describe(['web']);
    expect(calls).not.toContain('opened');
    await ports.groups.setDesired('ecs:a/b', 3, {} as ScalingGroup);
    await ports.groups.setDesired('ecs:a/b', 4, {} as ScalingGroup);
    expect(calls.filter((call) => call === 'opened')).toHaveLength(1);
  });

  it('have the empty answer to what their kind does not know, and refuse what it cannot do', async () => {
    const { ports, calls } = twoKinds();
    expect(await ports.refresh!.instanceRefresh('ecs:a/b')).toBeNull();
    expect(await ports.losses!.losses('ecs:a/b', 0)).toEqual([]);
    await expect(ports.adopt!.attach('ecs:a/b', ['i-1'])).rejects.toMatchObject({ code: 'Invalid' });
    await ports.adopt!.attach('web', ['i-1']);
    expect(calls.at(-1)).toBe('usual attach');
  });
});
