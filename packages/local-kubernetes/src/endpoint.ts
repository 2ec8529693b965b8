import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Api } from './api.ts';
import type { LocalCluster } from './cluster.ts';
import { badRequest, type Status, StatusError } from './status.ts';

/** A key and its certificate, in PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** What is done to requests on their way: a test's hand. */
export type Disturbance = 'hang' | 'unavailable' | 'throttled' | 'cut' | 'lateCut' | undefined;

const maxBodyBytes = 3 * 1024 * 1024;

/** A cluster's address on the loopback interface. */
export class KubernetesEndpoint {
  readonly #api: Api;
  readonly #cluster: LocalCluster;
  readonly #server: Server;
  readonly #scheme: string;
  /** Method and path of each request so far that came to the API. */
  readonly requests: string[] = [];
  disturb: (method: string, path: string) => Disturbance = () => undefined;

  /** @param certificate undefined: plain HTTP */
  constructor(cluster: LocalCluster, certificate?: ServerCertificate) {
    this.#cluster = cluster;
    this.#api = new Api(cluster);
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    this.#server = certificate ? createHttpsServer(certificate, serve) : createHttpServer(serve);
    this.#scheme = certificate ? 'https' : 'http';
    // Clients keep idle connections as long as they like.
    this.#server.keepAliveTimeout = 0;
  }

  /** Listens and returns the URL. Port 0 takes any free one. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const [path = '/', query] = url.split('?', 2);
    this.requests.push(`${method} ${path}`);
    const disturbance = this.disturb(method, path);
    if (disturbance === 'hang') return;
    if (disturbance === 'cut') return void request.socket.destroy();
    const answer = await this.#answer(request, method, path, query, disturbance);
    // It was done, and nobody hears of it.
    if (disturbance === 'lateCut') return void request.socket.destroy();
    const body = JSON.stringify(answer.body);
    response
      .writeHead(answer.code, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        date: new Date(this.#cluster.timeline.now()).toUTCString(),
        ...answer.headers,
      })
      .end(body);
  }

  async #answer(
    request: IncomingMessage,
    method: string,
    path: string,
    query: string | undefined,
    disturbance: Disturbance,
  ): Promise<{ code: number; body: unknown; headers?: Record<string, string> }> {
    try {
      const body = await bodyOf(request);
      const refusal = refused(disturbance);
      if (refusal) throw refusal;
      const { authorization, accept = '*/*' } = request.headers;
      const user = this.#cluster.access.userOf(authorization);
      const contentType = request.headers['content-type'] ?? '';
      const asked = { method, path, query: new URLSearchParams(query), accept, contentType, body };
      return { code: 200, body: this.#api.answer(asked, user) };
    } catch (error) {
      const status = statusOf(error);
      const headers = status.code === 429 ? { 'retry-after': '1' } : undefined;
      return { code: status.code, body: status, ...(headers && { headers }) };
    }
  }
}

function refused(disturbance: Disturbance): StatusError | undefined {
  if (disturbance === 'unavailable')
    return new StatusError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
  if (disturbance === 'throttled')
    return new StatusError(
      429,
      'TooManyRequests',
      'the server has received too many requests and has asked us to try again later',
    );
  return undefined;
}

function statusOf(error: unknown): Status {
  if (error instanceof StatusError) return error.status;
  const message = error instanceof Error ? error.message : String(error);
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`).status;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBodyBytes) throw badRequest('the request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
