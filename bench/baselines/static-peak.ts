import { demandOf, type Span } from '../metrics.ts';
import type { Policy, Workload } from '../service-model.ts';

/** The highest demand of the training span, times a margin, all day and all night. */
export function staticPeak(workload: Workload, training: Span, margin: number): Policy {
  let peak = 1;
  for (let minute = training.from; minute < training.to; minute++) {
    peak = Math.max(peak, demandOf(workload.load[minute]!));
  }
  const servers = Math.ceil(margin * peak);
  return () => servers;
}
