import { demandOf } from '../metrics.ts';
import type { Run, Workload } from '../service-model.ts';

/**
 * The cheapest fleet that always carries the load, by somebody who knows the future: exactly the demand in service, each server
 * launched in time, and kept through gaps shorter than a launch takes.
 */
export function oracle({ load, bootMinutes }: Workload): Run {
  const minutes = load.length;
  const inService = Int32Array.from(load, demandOf);
  const lastUse: number[] = [];
  let peak = 0;
  for (let minute = 0; minute < minutes; minute++) {
    const demand = demandOf(load[minute]!);
    for (let server = 1; server <= demand; server++) {
      const idleSince = (lastUse[server] ?? Number.NEGATIVE_INFINITY) + 1;
      if (minute - idleSince < bootMinutes) {
        for (let idle = idleSince; idle < minute; idle++)
          inService[idle] = Math.max(inService[idle]!, server);
      }
      lastUse[server] = minute;
    }
    peak = Math.max(peak, demand);
  }
  return { inService, desired: billed(inService, bootMinutes, peak) };
}

/** Servers billed: those in service and those that will be within a boot time. */
function billed(inService: Int32Array, bootMinutes: number, peak: number): Int32Array {
  const desired = new Int32Array(inService.length);
  for (let minute = 0; minute < inService.length; minute++) {
    let highest = inService[minute]!;
    for (let ahead = 1; ahead <= bootMinutes && highest < peak; ahead++) {
      highest = Math.max(highest, inService[minute + ahead] ?? 0);
    }
    desired[minute] = highest;
  }
  return desired;
}
