import type { PolicyDocument } from '../authorize.ts';
import { ServiceError } from '../service.ts';
import { checkDocument } from './check-document.ts';
import type { Role } from './role.ts';

/**
 * In characters without white space; a role's inline policies count together.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const largestInlinePolicies = 10_240;
const largestManagedPolicy = 6144;
const mostPoliciesOfRole = 10;

/** @throws ServiceError `LimitExceeded`, `MalformedPolicyDocument` */
export function putInline(role: Role, name: string, document: PolicyDocument): void {
  checkDocument(document);
  const others = [...role.inline].filter(([other]) => other !== name).map(([, each]) => each);
  const characters = [...others, document].reduce((sum, each) => sum + sizeOf(each), 0);
  if (characters > largestInlinePolicies) {
    throw exceeded(`Maximum policy size of ${largestInlinePolicies} bytes exceeded for role ${role.name}`);
  }
  role.inline.set(name, document);
}

/** @throws ServiceError `LimitExceeded`, `MalformedPolicyDocument` */
export function checkManagedPolicy(document: PolicyDocument): void {
  checkDocument(document);
  if (sizeOf(document) > largestManagedPolicy)
    throw exceeded(`Cannot exceed quota for PolicySize: ${largestManagedPolicy}`);
}

/** @throws ServiceError `LimitExceeded` */
export function attach(role: Role, policyArn: string): void {
  if (!role.attached.has(policyArn) && role.attached.size >= mostPoliciesOfRole)
    throw exceeded(`Cannot exceed quota for PoliciesPerRole: ${mostPoliciesOfRole}`);
  role.attached.add(policyArn);
}

function sizeOf(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}

function exceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message, 409);
}
