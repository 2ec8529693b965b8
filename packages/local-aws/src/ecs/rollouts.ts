import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';
import type { CloudContext } from '../cloud-context.ts';
import type { Deployment, EcsService } from './ecs-service.ts';

const usualPercent = 50;
/** Of the usual kind of threshold, a percentage with bounds. */
const bounds = { least: 3, most: 200 };

/**
 * Rollouts of services: how they begin and end, and the circuit breaker that ends one whose tasks fail.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export class Rollouts {
  readonly #cloud: CloudContext;
  readonly #wake: (service: EcsService) => void;

  constructor(cloud: CloudContext, wake: (service: EcsService) => void) {
    this.#cloud = cloud;
    this.#wake = wake;
  }

  /** @param reason in the words of ECS; without one somebody has asked for it */
  begin(service: EcsService, definitionArn: string, reason?: string): void {
    const now = this.#cloud.eventQueue.now();
    const id = `ecs-svc/${Number.parseInt(this.#cloud.ids.hex(12), 16)}`;
    service.deployments.unshift({
      id,
      definitionArn,
      createdAt: now,
      updatedAt: now,
      state: 'IN_PROGRESS',
      reason: reason ?? `ECS deployment ${id} in progress.`,
      failedTasks: 0,
    });
    service.isSteady = false;
    service.retryAt = 0;
    this.#wake(service);
  }

  /** One that has failed stays so. */
  complete(service: EcsService, deployment: Deployment): void {
    if (deployment.state !== 'IN_PROGRESS') return;
    const reason = `ECS deployment ${deployment.id} completed.`;
    this.#enter(deployment, 'COMPLETED', reason);
    service.lastCompleted = deployment;
  }

  /** Enough of them, and the rollout has failed: it stays so, or the service goes back to what worked. */
  countFailure(service: EcsService, deploymentId: string): void {
    const deployment = service.deployments.find(({ id }) => id === deploymentId);
    if (!deployment) return;
    deployment.failedTasks += 1;
    if (!isTripped(service, deployment)) return;
    this.#enter(deployment, 'FAILED', 'ECS deployment circuit breaker: tasks failed to start.');
    this.#say(service, `(deployment ${deployment.id}) deployment failed: tasks failed to start.`);
    const { configuration, lastCompleted } = service;
    if (!configuration.deploymentCircuitBreaker?.rollback || !lastCompleted) return;
    const back = `ECS deployment circuit breaker: rolling back to deploymentId ${lastCompleted.id}.`;
    this.begin(service, lastCompleted.definitionArn, back);
    this.#say(service, `rolling back to deployment ${lastCompleted.id}.`);
  }

  /**
   * One healthy task, and those that failed before it do not count any more.
   * @param isHealthy asked only where there is something to forget: every task of every service comes here every ten seconds
   */
  forgetFailures(service: EcsService, deploymentId: string, isHealthy: () => boolean): void {
    const deployment = service.deployments.find(({ id }) => id === deploymentId);
    const { deploymentCircuitBreaker: breaker } = service.configuration;
    if (!deployment?.failedTasks || breaker?.resetOnHealthyTask === false) return;
    if (isHealthy()) deployment.failedTasks = 0;
  }

  #enter(deployment: Deployment, state: Deployment['state'], reason: string): void {
    Object.assign(deployment, { state, reason, updatedAt: this.#cloud.eventQueue.now() });
  }

  #say(service: EcsService, message: string): void {
    service.say(message, this.#cloud.ids.uuid(), this.#cloud.eventQueue.now());
  }
}

/** So many tasks fail, one after the other, before a rollout has failed. */
function threshold({ thresholdConfiguration }: DeploymentCircuitBreaker, desired: number): number {
  const { type = 'BOUNDED_PERCENT', value = usualPercent } = thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const share = Math.ceil((desired * value) / 100);
  return type === 'UNBOUNDED_PERCENT' ? share : Math.min(Math.max(share, bounds.least), bounds.most);
}

function isTripped(service: EcsService, { state, failedTasks }: Deployment): boolean {
  const { deploymentCircuitBreaker: breaker } = service.configuration;
  if (!breaker?.enable || state !== 'IN_PROGRESS') return false;
  return failedTasks >= threshold(breaker, service.desired);
}
