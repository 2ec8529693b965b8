import { request as plainRequest } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { PortError } from '../ports/port-error.ts';

/** A call to a provider's own API. */
export interface HttpCall {
  /** What is tried, for the message: `describe 2 groups in ap-guangzhou`. */
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Certificates to trust in place of the usual ones, in PEM. */
  readonly ca?: string | undefined;
  readonly via?: Via | undefined;
}

/**
 * A stand-in that is asked instead: on loopback, where `Host` still says who is meant (see `standIn`), or one that answers in this
 * process, in its own time.
 */
export type Via = URL | ((call: HttpCall) => Promise<HttpAnswer>);

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** So long a provider may take to answer: it holds up its own groups and nobody else. */
const patienceMs = 5_000;
/** An answer that is longer is none that we asked for. */
const longestAnswer = 32 * 1024 * 1024;

const agent = new Agent({ keepAlive: true });

/**
 * Makes a call and waits for the whole answer, whatever its status. It is not tried again: the next look is a minute away.
 * @throws PortError `Unavailable` when there is none in time; the call may have been carried out all the same
 */
export function overHttp(call: HttpCall, timeoutMs = patienceMs): Promise<HttpAnswer> {
  const { url, via, headers, body = '', ca, method, what } = call;
  if (typeof via === 'function') return via(call);
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const signal = AbortSignal.timeout(timeoutMs);
  const fail = (error: unknown) => {
    const why = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : (error as Error).message;
    reject(new PortError('Unavailable', `${what}: ${url.host}: ${why}`, { cause: error }));
  };
  const length = Buffer.byteLength(body);
  const options: RequestOptions = {
    method,
    signal,
    headers: { ...headers, host: url.host, ...(length > 0 ? { 'content-length': length } : {}) },
    path: `${url.pathname}${url.search}`,
  };
  const to = via ?? url;
  const place = { hostname: to.hostname.replace(/^\[(.+)\]$/, '$1'), port: to.port };
  const send = to.protocol === 'http:' ? plainRequest : request;
  const secure = to.protocol === 'http:' ? {} : { agent, ...(ca === undefined ? {} : { ca }) };
  const sent = send({ ...options, ...place, ...secure }, (response) => {
    const parts: Buffer[] = [];
    let size = 0;
    response.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size > longestAnswer) sent.destroy(new Error(`the answer is longer than ${longestAnswer} bytes`));
    });
    response.on('error', fail);
    response.on('end', () => {
      const answer = { status: response.statusCode ?? 0, headers: response.headers };
      resolve({ ...answer, body: Buffer.concat(parts).toString('utf8') });
    });
  });
  sent.on('error', fail);
  sent.end(body);
  return promise;
}
