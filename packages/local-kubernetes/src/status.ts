/** What the API answers when it refuses: an object of the kind Status. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly code: number;
}

/** Where a request goes: a resource of an API group, and one object of it or all. */
export interface Named {
  readonly group: string;
  readonly resource: string;
  readonly name?: string | undefined;
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export class StatusError extends Error {
  readonly status: Status;

  constructor(code: number, reason: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details && { details }),
      code,
    };
  }
}

function full({ group, resource }: Named): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function detailsOf({ group, resource, name }: Named) {
  return { ...(name !== undefined && { name }), ...(group !== '' && { group }), kind: resource };
}

export function notFound(what: Named): StatusError {
  return new StatusError(404, 'NotFound', `${full(what)} "${what.name}" not found`, detailsOf(what));
}

/** There is no such path. */
export function unknownPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function conflict(what: Named): StatusError {
  const why = 'the object has been modified; please apply your changes to the latest version and try again';
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${full(what)} "${what.name}": ${why}`,
    detailsOf(what),
  );
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

export function forbidden(
  user: string,
  verb: string,
  what: Named,
  path: string,
  namespace: string,
): StatusError {
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const group = what.group;
  const cannot = `User "${user}" cannot ${verb} resource "${path}" in API group "${group}" ${where}`;
  const name = what.name === undefined ? '' : ` "${what.name}"`;
  return new StatusError(403, 'Forbidden', `${full(what)}${name} is forbidden: ${cannot}`, detailsOf(what));
}

export function invalid(kind: string, what: Named, field: string, why: string): StatusError {
  const message = `${kind}.${what.group} "${what.name}" is invalid: ${field}: Invalid value: ${why}`;
  return new StatusError(422, 'Invalid', message, {
    ...detailsOf({ ...what, resource: kind }),
    causes: [{ reason: 'FieldValueInvalid', message: `Invalid value: ${why}`, field }],
  });
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return new StatusError(405, 'MethodNotAllowed', message, {});
}

export function unsupportedMediaType(given: string): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json (given: ${given})`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}
