import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from './api-error.ts';
import { versions } from './parameters.ts';
import type { TencentCloud } from './tencent-cloud.ts';

/** What is done to a request on its way: a test's hand. */
export type Disturbance = 'hang' | 'cut' | 'nonsense' | ApiError | undefined;

/** The API on the loopback interface. Which service is meant, the first label of the host says. */
export class TencentEndpoint {
  readonly #cloud: TencentCloud;
  readonly #server: Server;
  #requests = 0;
  /** Service and action of each request so far. */
  readonly requests: string[] = [];
  disturb: (service: string, action: string, body: string) => Disturbance = () => undefined;

  constructor(cloud: TencentCloud) {
    this.#cloud = cloud;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // Clients keep idle connections as long as they like.
    this.#server.keepAliveTimeout = 0;
  }

  /** Listens and returns the URL. Port 0 takes any free one. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    const headers = request.headers as Record<string, string | undefined>;
    const service = (headers['host'] ?? '').split('.')[0]!;
    const action = headers['x-tc-action'] ?? '';
    this.requests.push(`${service}:${action}`);
    const disturbed = this.disturb(service, action, body);
    if (disturbed === 'hang') return;
    if (disturbed === 'cut') return void request.socket.destroy();
    if (disturbed === 'nonsense') return void response.writeHead(502).end('<html>Bad Gateway</html>');
    const RequestId = `local-${++this.#requests}`;
    let answer: unknown;
    try {
      if (disturbed) throw disturbed;
      if (!versions[service]) throw new ApiError('UnsupportedProduct', `The local cloud has no ${service}.`);
      answer = { ...this.#cloud.answer({ method: request.method ?? '', headers, body }, service), RequestId };
    } catch (error) {
      const { code, message } =
        error instanceof ApiError ? error : { code: 'InternalError', message: String(error) };
      answer = { Error: { Code: code, Message: message }, RequestId };
    }
    // Errors of the API have the status 200.
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ Response: answer }));
  }
}
