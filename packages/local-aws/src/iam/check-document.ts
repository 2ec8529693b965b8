import type { PolicyDocument } from '../authorize.ts';
import { ServiceError } from '../service.ts';

/** `*`, or a service's prefix and an action of it; whether there is such an action IAM does not ask. */
const actionPattern = /^(\*|[\w*-]+:.+)$/;

/** @throws ServiceError `MalformedPolicyDocument` for an action that names no service */
export function checkDocument(document: PolicyDocument): void {
  const statements = [document.Statement ?? []].flat() as { Action?: unknown; NotAction?: unknown }[];
  const actions = statements.flatMap(({ Action = [], NotAction = [] }) => [Action, NotAction].flat(2));
  if (actions.every((action) => actionPattern.test(String(action)))) return;
  throw new ServiceError(
    'MalformedPolicyDocumentException',
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  );
}
