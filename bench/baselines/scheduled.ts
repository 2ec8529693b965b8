import { minutesPerHour } from '../../shared/units.ts';
import { demandOf, type Span } from '../metrics.ts';
import type { FleetState, Policy, Workload } from '../service-model.ts';

const hoursPerDay = 24;
const hoursPerWeek = 168;

/**
 * Scheduled actions only: for every hour of the week the highest demand that the training span saw, times a margin, launched in
 * time. An hour of the week that was never seen takes the highest of the same hour of any day.
 */
export function scheduled(workload: Workload, training: Span, margin: number): Policy {
  const ofWeek = new Int32Array(hoursPerWeek);
  const ofDay = new Int32Array(hoursPerDay);
  for (let minute = training.from; minute < training.to; minute++) {
    const hour = Math.floor(minute / minutesPerHour);
    const demand = demandOf(workload.load[minute]!);
    ofWeek[hour % hoursPerWeek] = Math.max(ofWeek[hour % hoursPerWeek]!, demand);
    ofDay[hour % hoursPerDay] = Math.max(ofDay[hour % hoursPerDay]!, demand);
  }
  const planned = (minute: number) => {
    const hour = Math.floor(minute / minutesPerHour);
    return ofWeek[hour % hoursPerWeek]! || ofDay[hour % hoursPerDay]!;
  };
  return (fleet: FleetState): number =>
    Math.ceil(margin * Math.max(planned(fleet.now), planned(fleet.now + workload.bootMinutes)));
}
