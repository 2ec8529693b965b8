import { describe, expect, it } from 'vitest';
import { reconcile } from '../../../shared/engine/reconcile.ts';
import { createScaler } from '../../../shared/engine/scaler.ts';
import { Unsettled } from '../../../shared/engine/unsettled.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import type { MemoryPorts } from '../../../shared/providers/memory/ports.ts';

import { Stage } from '../../kit/stage.ts';
import { bump, fleetFile, start, sweep, watched } from './reconcile-stage.ts';

const id = 'i-0123456789abcdef0';
const withServer = fleetFile.replace('alarms:', `instances: [${id}]\n    alarms:`);
/** What the group has, whatever it is described as. */
const now = ({ ports }: Stage) => ports.groups.get('my-group');

/** A group that is described, right after an act, as it was before somebody has changed it and before the act. */
class LateStage {
  readonly stage: Stage;
  #act: string | undefined;
  #shown: ReturnType<typeof now> | undefined;

  constructor(file: string, before: (call: string) => void = () => {}) {
    const around = (ports: MemoryPorts) =>
      watched(ports, (call) => {
        before(call);
        return this.#answer(call);
      });
    this.stage = new Stage(file, { start, around });
  }

  /** From now on, until it is described once more. */
  lateAfter(act: string, shown: Partial<ReturnType<typeof now>>): void {
    this.#act = act;
    this.#shown = { ...now(this.stage), ...shown };
  }

  #answer(call: string): unknown {
    if (call === this.#act) this.#act = undefined;
    if (call !== 'groups.describe' || this.#act !== undefined || !this.#shown) return undefined;
    const shown = this.#shown;
    this.#shown = undefined;
    return new Map([['my-group', shown]]);
  }

  reasons(): string[] {
    return this.stage.history('business').map(({ reason, statusCode }) => `${reason} ${statusCode}`);
  }
}

describe('what this very run has carried out', () => {
  it('is no adoption that came to nothing, because a late description shows the bounds that were there before', async () => {
    const late = new LateStage(withServer);
    late.lateAfter('adopt.attach', { maxSize: now(late.stage).desired });
    await reconcile(late.stage.scaler, 'business', sweep);
    await late.stage.playUntil('2026-03-04T03:05:00Z');
    expect(late.reasons()).toEqual(['ServersAdopted Successful']);
    expect(now(late.stage).servers.find((server) => server.id === id)?.protectedFromScaleIn).toBe(true);
  });

  it('is no adoption of a server that was there already, because a late description shows it before it died', async () => {
    const late = new LateStage(withServer);
    await late.stage.playUntil('2026-03-04T03:05:00Z');
    const { servers } = now(late.stage);
    const alive = { ...now(late.stage), servers };
    late.stage.ports.groups.put({ ...alive, servers: servers.filter((server) => server.id !== id) });
    late.lateAfter('adopt.attach', alive);
    await reconcile(late.stage.scaler, 'business', sweep);
    await late.stage.playUntil('2026-03-04T03:10:00Z');
    expect(late.reasons()).toEqual(['ServersAdopted Successful', 'ServersAdopted Successful']);
  });

  it('is no release that came to nothing', async () => {
    const late = new LateStage(withServer);
    await late.stage.playUntil('2026-03-04T03:05:00Z');
    const { desired } = now(late.stage);
    const withoutServer = createScaler(readFleet(fleetFile), late.stage.scaler.ports);
    late.lateAfter('adopt.detach', { minSize: desired });
    for (let minute = 0; minute < 5; minute++) {
      await reconcile(withoutServer, 'business', sweep);
      late.stage.ports.clock.advance(60);
    }
    expect(late.reasons()).toEqual(['ServersAdopted Successful', 'ServersReleased Successful']);
    expect(now(late.stage)).toMatchObject({ desired: desired - 1 });
  });

  it('does not pass for the answer to a person, whose request waits for it', async () => {
    let isDown = true;
    const late = new LateStage(withServer, (call) => {
      if (isDown && call === 'adopt.attach') throw new PortError('Throttled', 'later');
    });
    await expect(reconcile(late.stage.scaler, 'business', sweep)).rejects.toThrow('later');
    isDown = false;
    late.stage.ports.clock.advance(60);
    late.lateAfter('adopt.attach', {});
    const asked = () => reconcile(late.stage.scaler, 'business', bump(1));
    await expect(asked()).rejects.toThrow(Unsettled);
    late.stage.ports.clock.advance(60);
    await asked();
    expect(late.stage.changes('business').at(-1)).toBe('3 → 4 ManualChange');
  });

  it('is nobody else’s change, because a late description shows what was there before others changed it', async () => {
    const late = new LateStage(fleetFile);
    const { desired } = now(late.stage);
    late.stage.ports.groups.put({ ...now(late.stage), desired: desired + 1 });
    late.lateAfter('groups.setDesired', { desired });
    await reconcile(late.stage.scaler, 'business', bump(2));
    await late.stage.playUntil('2026-03-04T03:10:00Z');
    expect(late.reasons()).toEqual(['ManualChange Successful']);
    expect(now(late.stage)).toMatchObject({ desired: desired + 3 });
  });

  it('is not undone because a late description shows the maximum that was there before', async () => {
    const late = new LateStage(fleetFile);
    late.lateAfter('groups.setDesired', { maxSize: now(late.stage).desired });
    await reconcile(late.stage.scaler, 'business', bump(2));
    await late.stage.playUntil('2026-03-04T03:10:00Z');
    expect(late.stage.changes('business')).toEqual(['2 → 4 ManualChange']);
  });
});
