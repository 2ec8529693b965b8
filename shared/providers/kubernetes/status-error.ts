import { PortError, type PortErrorCode } from '../../ports/port-error.ts';

/** Of a Status object, what is told. */
interface Status {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
}

/** Where there is something to do about it, it is said. */
const advice: Readonly<Record<number, string>> = {
  401: 'the cluster does not accept the token (on EKS it lacks an access entry, see npx rushhour kubernetes rbac; elsewhere put a token that is valid into the secret)',
  403: 'the cluster allows too little (npx rushhour kubernetes rbac prints a role that suffices)',
};

/**
 * What the API refused, as a `PortError` that says what was tried. The one place where its errors are told apart.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export function statusError(what: string, code: number, body: string): PortError {
  const { message, reason } = statusIn(body);
  const told = message ?? (body.trim() === '' ? `status ${code}` : body.trim().slice(0, 200));
  const hint = advice[code];
  // What is to be done comes first: long messages are cut where they are told.
  return new PortError(
    codeOf(code),
    `${hint === undefined ? '' : `${hint}: `}${what}: ${reason ?? code}: ${told}`,
  );
}

function codeOf(status: number): PortErrorCode {
  if (status === 401 || status === 403) return 'Denied';
  if (status === 404 || status === 410) return 'NotFound';
  if (status === 409) return 'Changed';
  if (status === 429) return 'Throttled';
  return status >= 500 ? 'Unavailable' : 'Invalid';
}

function statusIn(body: string): Status {
  try {
    const parsed = JSON.parse(body) as Status | null;
    return parsed?.kind === 'Status' ? parsed : {};
  } catch {
    return {};
  }
}
