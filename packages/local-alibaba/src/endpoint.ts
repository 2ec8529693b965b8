import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlibabaCloud } from './alibaba-cloud.ts';
import { ApiError } from './api-error.ts';

/** What is done to a request on its way: a test's hand. */
export type Disturbance = 'hang' | 'cut' | 'nonsense' | ApiError | undefined;

/** The API on the loopback interface. Which service is meant, the version says that a request names. */
export class AlibabaEndpoint {
  readonly #cloud: AlibabaCloud;
  readonly #server: Server;
  /** Actions of the requests so far. */
  readonly requests: string[] = [];
  disturb: (action: string) => Disturbance = () => undefined;

  constructor(cloud: AlibabaCloud) {
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
    const action = headers['x-acs-action'] ?? '';
    this.requests.push(action);
    const RequestId = `local-${this.requests.length}`;
    const disturbed = this.disturb(action);
    if (disturbed === 'hang') return;
    if (disturbed === 'cut') return void request.socket.destroy();
    if (disturbed === 'nonsense') return void response.writeHead(502).end('<html>Bad Gateway</html>');
    let status = 200;
    let answer: unknown;
    try {
      if (disturbed) throw disturbed;
      const { method = '', url: path = '/' } = request;
      answer = { ...this.#cloud.answer({ method, path, headers, body }), RequestId };
    } catch (error) {
      const refused = error instanceof ApiError ? error : new ApiError('InternalError', String(error), 500);
      status = refused.status;
      answer = { Code: refused.code, Message: refused.message, HostId: headers['host'], RequestId };
    }
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }
}
