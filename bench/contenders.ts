import { kubernetesHpa } from './baselines/kubernetes-hpa.ts';
import { predictive } from './baselines/predictive.ts';
import { scheduled } from './baselines/scheduled.ts';
import { staticPeak } from './baselines/static-peak.ts';
import { stepScaling } from './baselines/step-scaling.ts';
import { targetTracking } from './baselines/target-tracking.ts';
import type { Knobs } from './knobs.ts';
import type { Case } from './protocol.ts';
import { rushhour } from './rushhour.ts';
import type { Policy } from './service-model.ts';

/** A policy with the grid that it is tuned over. */
export interface Contender {
  name: string;
  grid: Knobs[];
  make(workload: Case, knobs: Knobs): Policy;
}

/** The product's own policy: its name begins with this. */
export const ourName = 'rushhour';
/** Whose adaptations are the measure of how often a fleet may change. */
export const measureOfCalm = 'target tracking k=0.9';
/** What most fleets run. */
export const usualDefault = 'target tracking at 50 %';

const from = (first: number, last: number, step: number): number[] =>
  Array.from({ length: Math.round((last - first) / step) + 1 }, (_, i) =>
    Number((first + i * step).toFixed(3)),
  );
const targets = from(0.2, 0.8, 0.025).map((target) => ({ target }));
const margins = from(0.4, 1.6, 0.05).map((margin) => ({ margin }));

/** All contenders. Ours is tuned to nothing: its defaults, the same everywhere. */
export const contenders: readonly Contender[] = [
  { name: measureOfCalm, grid: targets, make: ({ load }, { target }) => targetTracking(load, target!, 0.9) },
  {
    name: 'target tracking k=0.7',
    grid: targets,
    make: ({ load }, { target }) => targetTracking(load, target!, 0.7),
  },
  {
    name: usualDefault,
    grid: [{ target: 0.5 }],
    make: ({ load }, { target }) => targetTracking(load, target!, 0.9),
  },
  { name: 'step scaling', grid: targets, make: ({ load }, { target }) => stepScaling(load, target!) },
  { name: 'predictive scaling', grid: targets, make: ({ load }, { target }) => predictive(load, target!) },
  { name: 'kubernetes hpa', grid: targets, make: ({ load }, { target }) => kubernetesHpa(load, target!) },
  {
    name: 'scheduled only',
    grid: margins,
    make: (workload, { margin }) => scheduled(workload, workload.training, margin!),
  },
  {
    name: 'static peak',
    grid: margins,
    make: (workload, { margin }) => staticPeak(workload, workload.training, margin!),
  },
  { name: `${ourName} objective`, grid: [{}], make: rushhour },
];
