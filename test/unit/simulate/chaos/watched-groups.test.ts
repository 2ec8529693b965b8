import { beforeEach, describe, expect, it } from 'vitest';
import type { ScalingGroup } from '../../../../shared/domain/observation.ts';
import { WatchedGroups } from '../../../../simulate/chaos/elsewhere/watched-groups.ts';

let now: number;
let desired: number;
let blamed: string[];
let groups: WatchedGroups;

beforeEach(() => {
  now = 0;
  desired = 6;
  blamed = [];
  const elsewhere = { shown: () => ({ desired }) as ScalingGroup };
  const ports = { clock: { now: () => now } };
  const someoneElse = (scalingGroup: string) => void blamed.push(scalingGroup);
  groups = new WatchedGroups(elsewhere as never, { ports, measurements: {}, someoneElse } as never);
  groups.shown('asg');
});

/** What the provider makes of a call. */
const becomes = (servers: number) => async () => {
  desired = servers;
};

describe('What has changed a group', () => {
  it('was the scaler where it is as it was asked to be', async () => {
    await groups.byScaler('asg', becomes(7), 7);
    groups.shown('asg');
    expect(blamed).toEqual([]);
  });

  it('was the scaler where servers have joined', async () => {
    await groups.byScaler('asg', becomes(8));
    expect(blamed).toEqual([]);
  });

  it('was nobody where it was refused', async () => {
    await expect(groups.byScaler('asg', () => Promise.reject(new Error('refused')), 7)).rejects.toThrow();
    expect(blamed).toEqual([]);
  });

  it('was somebody else where the provider keeps to bounds of theirs instead', async () => {
    await groups.byScaler('asg', becomes(5), 7);
    expect(blamed).toEqual(['asg']);
  });

  it('was somebody else while a call hung', async () => {
    await groups.byScaler('asg', async () => {
      now = 5000;
      desired = 7;
    });
    expect(blamed).toEqual(['asg']);
  });
});
