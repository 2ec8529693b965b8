import { PortError } from '../ports/port-error.ts';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Where a provider's stand-in listens, when the environment names one: `RUSHHOUR_ENDPOINT_TENCENT=http://127.0.0.1:8181`. Only on
 * loopback, so that no credentials go anywhere else by a variable.
 * @throws PortError `Invalid`
 */
export function standIn(
  kind: string,
  environment: Readonly<Record<string, string | undefined>>,
): URL | undefined {
  const variable = `RUSHHOUR_ENDPOINT_${kind.toUpperCase()}`;
  const text = environment[variable];
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && loopback.test(url.hostname)) return url;
  throw new PortError('Invalid', `${variable}: expected a URL on loopback like http://127.0.0.1:8181`);
}
