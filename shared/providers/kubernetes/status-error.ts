import { PortError, type PortErrorCode } from '../../ports/port-error.ts';

/** Of a Status object, what is told. */
interface Status {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
}

/** Where there is something to do about it, it is said. */
const advice: Readonly<Record<number, string>> = {
  401: 'the token is not accepted: for EKS, the functions need an access entry; otherwise put a token that is valid into the secret',
  403: 'the role allows less than is needed: npx rushhour kubernetes rbac prints one that suffices',
};

/**
 * What the API refused, as a `PortError` that says what was tried. The one place where its errors are told apart.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export function statusError(what: string, code: number, body: string): PortError {
  const { message, reason } = statusIn(body);
  const told = message ?? (body.trim() === '' ? `status ${code}` : body.trim().slice(0, 200));
  const hint = advice[code];
  const text = `${what}: ${reason ?? code}: ${told}${hint === undefined ? '' : ` (${hint})`}`;
  return new PortError(codeOf(code), text);
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
