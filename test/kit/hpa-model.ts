/** One metric of the type Resource with a Utilization. */
export interface ModelMetric {
  readonly name: 'cpu' | 'memory';
  readonly target: number;
}

export interface ModelPolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

export interface ModelRules {
  readonly stabilizationWindowSeconds: number;
  readonly policies: readonly ModelPolicy[];
}

export interface ModelSpec {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly ModelMetric[];
  readonly scaleUp: ModelRules;
  readonly scaleDown: ModelRules;
}

interface At {
  readonly second: number;
  readonly replicas: number;
}

const tolerance = 0.1;

/**
 * A HorizontalPodAutoscaler as Kubernetes' documentation has it, and written from that alone: the ratio of a metric, its
 * tolerance, pods that are not ready, several metrics, stabilization, policies. Time is in seconds.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
 */
export class HpaModel {
  readonly #spec: ModelSpec;
  #replicas: number;
  #recommendations: At[] = [];
  #changes: At[] = [];

  constructor(spec: ModelSpec, replicas: number) {
    this.#spec = spec;
    this.#replicas = replicas;
  }

  get replicas(): number {
    return this.#replicas;
  }

  /**
   * One round of the controller, which has one each 15 seconds.
   * @param ready pods that are measured
   * @param use in % of what a pod requests, the mean of those that are ready
   */
  sync(second: number, ready: number, use: Readonly<Record<ModelMetric['name'], number>>): void {
    const { metrics, minReplicas, maxReplicas } = this.#spec;
    const most = Math.max(...metrics.map((metric) => this.#recommended(metric, ready, use[metric.name])));
    const stable = this.#stabilized(most, second);
    this.#recommendations.push({ second, replicas: most });
    const bounded = Math.min(maxReplicas, Math.max(minReplicas, stable));
    const next = this.#limited(bounded, second);
    if (next !== this.#replicas) this.#changes.push({ second, replicas: next - this.#replicas });
    this.#replicas = next;
  }

  /** Whoever is not ready is idle on the way up, and not there on the way down. */
  #recommended({ target }: ModelMetric, ready: number, use: number): number {
    const current = this.#replicas;
    if (ready === 0) return current;
    const ratio = Math.floor(use) / target;
    if (near(ratio)) return current;
    if (ready >= current || ratio < 1) return Math.ceil(ratio * ready);
    const diluted = (ratio * ready) / current;
    if (near(diluted) || diluted < 1) return current;
    return Math.max(current, Math.ceil(diluted * current));
  }

  #stabilized(recommended: number, second: number): number {
    const { scaleUp, scaleDown } = this.#spec;
    const since = (rules: ModelRules) => [
      recommended,
      ...this.#recommendations
        .filter((one) => one.second > second - rules.stabilizationWindowSeconds)
        .map(({ replicas }) => replicas),
    ];
    const least = Math.min(...since(scaleUp));
    const highest = Math.max(...since(scaleDown));
    return Math.min(Math.max(this.#replicas, least), highest);
  }

  /** Of several policies the one that changes most. */
  #limited(wanted: number, second: number): number {
    const current = this.#replicas;
    if (wanted === current) return current;
    const isUp = wanted > current;
    const rules = isUp ? this.#spec.scaleUp : this.#spec.scaleDown;
    const limits = rules.policies.map(({ type, value, periodSeconds }) => {
      const moved = this.#changes
        .filter((one) => one.second > second - periodSeconds && one.replicas > 0 === isUp)
        .reduce((sum, { replicas }) => sum + replicas, 0);
      const before = current - moved;
      const share = (before * value) / 100;
      if (isUp) return type === 'Pods' ? before + value : Math.ceil(before + share);
      return type === 'Pods' ? before - value : Math.floor(before - share);
    });
    return isUp
      ? Math.max(current, Math.min(wanted, Math.max(...limits)))
      : Math.min(current, Math.max(wanted, Math.min(...limits)));
  }
}

function near(ratio: number): boolean {
  return 1 - tolerance <= ratio && ratio <= 1 + tolerance;
}
