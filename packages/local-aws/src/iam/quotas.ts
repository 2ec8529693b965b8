import type { PolicyDocument } from '../authorize.ts';
import { ServiceError } from '../service.ts';
import { checkDocument } from './check-document.ts';
import type { Role } from './role.ts';

/**
 * In characters without white space; a role's inline policies count together.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const LARGEST_INLINE_POLICIES = 10_240;
const LARGEST_MANAGED_POLICY = 6144;
const MOST_POLICIES_OF_ROLE = 10;

/** @throws ServiceError `LimitExceeded`, `MalformedPolicyDocument` */
export function putInline(role: Role, name: string, document: PolicyDocument): void {
  checkDocument(document);
  const others = [...role.inline].filter(([other]) => other !== name).map(([, each]) => each);
  const characters = [...others, document].reduce((sum, each) => sum + sizeOf(each), 0);
  if (characters > LARGEST_INLINE_POLICIES) {
    throw exceeded(`Maximum policy size of ${LARGEST_INLINE_POLICIES} bytes exceeded for role ${role.name}`);
  }
  role.inline.set(name, document);
}

/** @throws ServiceError `LimitExceeded`, `MalformedPolicyDocument` */
export function checkManagedPolicy(document: PolicyDocument): void {
  checkDocument(document);
  if (sizeOf(document) > LARGEST_MANAGED_POLICY)
    throw exceeded(`Cannot exceed quota for PolicySize: ${LARGEST_MANAGED_POLICY}`);
}

/** @throws ServiceError `LimitExceeded` */
export function attach(role: Role, policyArn: string): void {
  if (!role.attached.has(policyArn) && role.attached.size >= MOST_POLICIES_OF_ROLE)
    throw exceeded(`Cannot exceed quota for PoliciesPerRole: ${MOST_POLICIES_OF_ROLE}`);
  role.attached.add(policyArn);
}

function sizeOf(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}

function exceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message, 409);
}
