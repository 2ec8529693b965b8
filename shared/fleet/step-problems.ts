/** A step as far as it could be read. */
interface Step {
  readonly metricIntervalLowerBound?: number | undefined;
  readonly metricIntervalUpperBound?: number | undefined;
}

type Problem = readonly [path: readonly PropertyKey[], expected: string];

const lower = (step: Step) => step.metricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
const upper = (step: Step) => step.metricIntervalUpperBound ?? Number.POSITIVE_INFINITY;

/**
 * What is wrong with the bounds of steps: they adjoin without overlap or gap, and reach as far as the metric may go.
 * @param above the side on which the alarm breaches; undefined: unknown
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StepAdjustment.html
 */
export function stepProblems(steps: readonly (Step | undefined)[], above: boolean | undefined): Problem[] {
  const known = steps.flatMap((step, index) => (step ? [{ step, index }] : []));
  const problems: Problem[] = known.flatMap(({ step, index }) => boundProblems(step, index, steps));
  if (problems.length > 0 || known.length < steps.length || known.length === 0) return problems;
  const sorted = known.toSorted((one, other) => lower(one.step) - lower(other.step));
  for (const [at, { step, index }] of sorted.entries()) {
    const before = sorted[at - 1];
    if (!before || upper(before.step) >= lower(step)) continue;
    const expected = `expected ${upper(before.step)}, where stepAdjustments.${before.index} ends`;
    problems.push([[index, 'metricIntervalLowerBound'], expected]);
  }
  const first = sorted[0]!;
  const last = sorted.at(-1)!;
  if (above && upper(last.step) < Number.POSITIVE_INFINITY)
    problems.push([
      [last.index, 'metricIntervalUpperBound'],
      'expected no bound, or nothing answers what is higher',
    ]);
  if (above === false && lower(first.step) > Number.NEGATIVE_INFINITY)
    problems.push([
      [first.index, 'metricIntervalLowerBound'],
      'expected no bound, or nothing answers what is lower',
    ]);
  return problems;
}

function boundProblems(step: Step, index: number, steps: readonly (Step | undefined)[]): Problem[] {
  const problems: Problem[] = [];
  if (lower(step) >= upper(step))
    problems.push([[index], 'expected metricIntervalLowerBound below metricIntervalUpperBound']);
  const overlap = steps.findIndex(
    (other, at) => other && at < index && lower(other) < upper(step) && lower(step) < upper(other),
  );
  if (overlap >= 0)
    problems.push([[index], `expected bounds that do not overlap stepAdjustments.${overlap}`]);
  return problems;
}
