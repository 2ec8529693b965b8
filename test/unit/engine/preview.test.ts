import { describe, expect, it } from 'vitest';
import { preview } from '../../../shared/engine/preview.ts';
import { reconcile } from '../../../shared/engine/reconcile.ts';
import { bump, metStage, watched } from './reconcile-stage.ts';

describe('a preview', () => {
  it('says what the same request then does, and writes nothing', async () => {
    const calls: string[] = [];
    const stage = await metStage((ports) => watched(ports, (call) => void calls.push(call)));
    calls.length = 0;
    const group = stage.scaler.groups.get('business')!;
    const { decision, scalingGroup } = await preview(stage.scaler, group, bump(1));
    expect(calls.filter((call) => !/read|describe/.test(call))).toEqual([]);
    expect(scalingGroup.desired).toBe(2);
    expect(stage.desired('business')).toBe(2);
    const { decisions } = await reconcile(stage.scaler, 'business', bump(1));
    expect(decision).toMatchObject({ from: 2, to: 3, why: decisions[0]!.why });
  });

  it('sees what comes before the person: a change from outside', async () => {
    const stage = await metStage();
    const group = stage.scaler.groups.get('business')!;
    await stage.ports.groups.setDesired(group.scalingGroup, 3);
    const { decision, scalingGroup } = await preview(stage.scaler, group, bump(1));
    expect(scalingGroup.desired).toBe(3);
    expect(decision).toMatchObject({ from: 3, to: 4, reason: 'ManualChange' });
  });

  it('says why a request would be refused', async () => {
    const stage = await metStage();
    const group = stage.scaler.groups.get('business')!;
    const pause = { kind: 'pause', direction: 'both' } as const;
    await reconcile(stage.scaler, 'business', { ...bump(1), requestId: 'pause', request: pause });
    const { decision } = await preview(stage.scaler, group, bump(1));
    expect(decision).toMatchObject({ from: 2, to: 2, act: undefined, reason: 'GroupPaused' });
  });
});
