import { minutesPerDay } from '../shared/units.ts';
import { type Run, sloUtilization } from './service-model.ts';

/** A burst: load this many times its mean over the quarter of an hour before. */
const burstFactor = 1.5;
const burstMemoryMinutes = 15;

/** Half-open range of minutes. */
export interface Span {
  from: number;
  to: number;
}

/** How a run did over a span, in the words of the benchmark page. */
export interface Score {
  /** Σ max(0, λ − 0.8·c·s) ÷ Σ λ. */
  violation: number;
  /** Server-minutes billed. */
  cost: number;
  /** SPEC RG: mean of what is missing ÷ demand. */
  thetaU: number;
  /** SPEC RG: mean of what is too much ÷ demand. */
  thetaO: number;
  /** Share of the minutes with too few servers. */
  tauU: number;
  /** Share of the minutes with too many servers. */
  tauO: number;
  adaptationsPerDay: number;
  /** Mean minutes from the start of a burst that hurt until nothing was unserved; 0 without any. */
  recoveryMinutes: number;
}

/** Servers that the load needs at the SLO's utilization; at least one. */
export function demandOf(load: number): number {
  return Math.max(1, Math.ceil(load / sloUtilization - 1e-9));
}

/** Scores a run over a span; `load` is in full servers. */
export function score(load: Float64Array, run: Run, span: Span): Score {
  let [total, unserved, cost, thetaU, thetaO, tauU, tauO, adaptations] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let minute = span.from; minute < span.to; minute++) {
    const servers = run.inService[minute]!;
    const demand = demandOf(load[minute]!);
    total += load[minute]!;
    unserved += Math.max(0, load[minute]! - sloUtilization * servers);
    cost += run.desired[minute]!;
    if (servers < demand) {
      tauU++;
      thetaU += (demand - servers) / demand;
    } else if (servers > demand) {
      tauO++;
      thetaO += (servers - demand) / demand;
    }
    if (minute > 0 && run.desired[minute] !== run.desired[minute - 1]) adaptations++;
  }
  const minutes = span.to - span.from;
  return {
    violation: total > 0 ? unserved / total : 0,
    cost,
    thetaU: thetaU / minutes,
    thetaO: thetaO / minutes,
    tauU: tauU / minutes,
    tauO: tauO / minutes,
    adaptationsPerDay: (adaptations * minutesPerDay) / minutes,
    recoveryMinutes: recoveryMinutes(load, run, span),
  };
}

function recoveryMinutes(load: Float64Array, run: Run, span: Span): number {
  const short = (minute: number) => load[minute]! > sloUtilization * run.inService[minute]!;
  let [bursts, minutes, before] = [0, 0, 0];
  let minute = span.from;
  for (let i = Math.max(0, minute - burstMemoryMinutes); i < minute; i++) before += load[i]!;
  const advance = () => {
    before += load[minute]! - (load[minute - burstMemoryMinutes] ?? 0);
    minute++;
  };
  while (minute < span.to) {
    const burst = load[minute]! > (burstFactor * before) / burstMemoryMinutes && short(minute);
    if (!burst) {
      advance();
      continue;
    }
    bursts++;
    while (minute < span.to && short(minute)) {
      minutes++;
      advance();
    }
  }
  return bursts > 0 ? minutes / bursts : 0;
}
