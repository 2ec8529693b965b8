import { minutesPerDay, minutesPerHour } from '../../shared/units.ts';
import type { FleetState, Policy } from '../service-model.ts';
import { targetTracking } from './target-tracking.ts';

const historyDays = 14;
const refreshMinutes = 6 * minutesPerHour;
const aheadMinutes = 5;
const forecastHours = 48;

/**
 * AWS predictive scaling beside target tracking, the larger of the two: every six hours a forecast of the next 48 hours, each the
 * weighted mean of the same hour on up to 14 days before (the newest weighs 14, the oldest 1), applied five minutes
 * ahead. It only ever raises the capacity.
 * @param target utilization that the forecast and target tracking (scale-in at 0.9 of it) aim at
 */
export function predictive(load: Float64Array, target: number): Policy {
  const tracking = targetTracking(load, target, 0.9);
  const forecast = new Float64Array(forecastHours);
  let firstHour = 0;
  let floor = 0;
  return (fleet: FleetState): number => {
    if (fleet.now % refreshMinutes === 0) {
      firstHour = fleet.now / minutesPerHour;
      for (let ahead = 0; ahead < forecastHours; ahead++) {
        forecast[ahead] = sameHourMean(load, firstHour + ahead, fleet.visible);
      }
    }
    const hour = Math.floor((fleet.now + aheadMinutes) / minutesPerHour);
    floor = Math.ceil(forecast[hour - firstHour]! / target);
    return Math.max(tracking(fleet), floor);
  };
}

/** Weighted mean load of an hour of day over the days before; only minutes up to `visible` count. */
function sameHourMean(load: Float64Array, hour: number, visible: number): number {
  let [sum, weights] = [0, 0];
  const newest = Math.ceil((hour * minutesPerHour + minutesPerHour - 1 - visible) / minutesPerDay);
  for (let back = newest; back < newest + historyDays; back++) {
    const start = hour * minutesPerHour - back * minutesPerDay;
    if (start < 0) break;
    const weight = historyDays - (back - newest);
    for (let minute = start; minute < start + minutesPerHour; minute++) sum += weight * load[minute]!;
    weights += weight * minutesPerHour;
  }
  return weights > 0 ? sum / weights : 0;
}
