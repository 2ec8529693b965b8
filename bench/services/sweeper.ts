import { createScaler, type Scaler } from '../../shared/engine/scaler.ts';
import { sweep } from '../../shared/engine/sweep.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { makeClients } from '../../shared/providers/aws/clients.ts';
import { type AwsSettings, awsPorts } from '../../shared/providers/aws/ports.ts';
import { kindsOf } from '../../shared/providers/kinds-of.ts';

/** The first message says what is swept; each says which moment it is. */
export interface SweepAt {
  readonly now: number;
  readonly fleet?: Fleet;
  readonly settings?: AwsSettings;
}

export interface Swept {
  readonly ms: number;
  /** The most that this process has had, in MB. */
  readonly megabytes: number;
}

let scaler: Scaler | undefined;
let now = 0;

/** A process of its own, as the sweep is, so that its memory is not the local cloud's. */
process.on('message', async (message: SweepAt) => {
  now = message.now;
  if (message.fleet && message.settings) scaler = scalerOf(message.fleet, message.settings);
  const started = performance.now();
  await sweep(scaler!, () => Number.POSITIVE_INFINITY);
  const ms = performance.now() - started;
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.send!({ ms, megabytes } satisfies Swept);
});

function scalerOf(fleet: Fleet, settings: AwsSettings): Scaler {
  const clock = { now: () => now };
  const clients = makeClients();
  const ports = awsPorts(clients, settings, kindsOf(fleet, clients, clock));
  return createScaler(fleet, { ...ports, clock });
}
