import type { IncomingHttpHeaders } from 'node:http';

/** Names that mean this machine on every resolver (RFC 6761, section 6.3); any other may have been rebound to it. */
const loopbackHost = /^(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9_.-]+\.)?localhost)(?::\d{1,5})?$/i;

/** Characters of a host name that an error repeats. */
const hostAtMost = 100;

/**
 * Why a request does not come from a program on this machine, by its headers alone: its host is not a loopback name
 * (DNS rebinding), or a browser sent it on behalf of a page. Browsers put `Origin` on whatever a page's script or form
 * sends, and `Sec-Fetch-Site` on every request to loopback, navigations too; pages cannot take either off.
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 * @returns undefined for a request that may be read
 */
export function whyForeign(headers: IncomingHttpHeaders): string | undefined {
  const { host } = headers;
  if (host === undefined || !loopbackHost.test(host)) {
    const given = host === undefined ? 'none' : JSON.stringify(host.slice(0, hostAtMost));
    return `The local cloud answers on loopback only: expected the host 127.0.0.1, localhost, [::1] or a name under localhost, not ${given}`;
  }
  const sign = ['origin', 'sec-fetch-site'].find((name) => headers[name] !== undefined);
  if (sign === undefined) return undefined;
  return `The local cloud answers no browsers, as any web page could use it then (the request has the header ${sign}): use the AWS CLI or an SDK`;
}
