import type { Cloud } from '@rushhour/local-aws/cloud';
import { ServiceError } from '@rushhour/local-aws/service';
import { vi } from 'vitest';

/** As IAM calls services that sign by another name. */
const iamNames: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/** Who called what in a cloud, and who was not let: what CloudTrail would know. */
export class CallLog {
  /** Messages of every `AccessDenied` that a role got. */
  readonly denied: string[] = [];
  readonly #bySession = new Map<string, Set<string>>();

  constructor(cloud: Cloud) {
    const perform = cloud.perform.bind(cloud);
    vi.spyOn(cloud, 'perform').mockImplementation(async (service, operation, input, principal, requestId) => {
      const session = principal.arn.split('/').at(-1)!;
      const actions = this.#bySession.get(session) ?? new Set();
      this.#bySession.set(session, actions.add(`${iamNames[service] ?? service}:${operation}`));
      try {
        return await perform(service, operation, input, principal, requestId);
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'AccessDenied') this.denied.push(error.message);
        throw error;
      }
    });
  }

  /** IAM actions that a function called. */
  usedBy(functionName: string): ReadonlySet<string> {
    return this.#bySession.get(functionName) ?? new Set();
  }
}
