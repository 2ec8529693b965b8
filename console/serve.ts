import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Activity } from '../shared/domain/activity.ts';
import { ActionRefused } from './action-refused.ts';
import { pageScript } from './page-script.ts';
import { readAction } from './read-action.ts';
import type { ConsoleAction, ConsoleState, GroupDay } from './state.ts';

const maxBodyBytes = 64 * 1024;

/** What the page reads and asks for, with the operator's own credentials behind it. */
export interface ConsoleBackend {
  state(): Promise<ConsoleState>;
  day(group: string): Promise<GroupDay>;
  /** Newest first, of all groups. */
  log(): Promise<readonly Activity[]>;
  /** @throws ActionRefused with a message for the person who asked */
  act(action: ConsoleAction): Promise<unknown>;
}

export interface ConsoleOptions {
  /** 0: any free one. */
  readonly port?: number;
  /** What the page says of an error. */
  readonly sentenceOf?: (error: Error) => string;
}

export interface ServedConsole {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the console on loopback. As it can change capacity it is guarded against other sites: requests must name
 * this host and, when they come from a page, this origin; every call but for the page itself carries the token that
 * only the page knows.
 */
export async function serveConsole(
  backend: ConsoleBackend,
  { port = 0, sentenceOf = (error) => error.message }: ConsoleOptions = {},
): Promise<ServedConsole> {
  const token = randomBytes(24).toString('base64url');
  const files = pageFiles(token);
  const server = createServer((request, response) => {
    answer(request, response, { backend, token, files, port: (server.address() as AddressInfo).port }).catch(
      (error) => send(response, 500, { message: sentenceOf(error as Error) }),
    );
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => closeServer(server),
  };
}

interface Serving {
  readonly backend: ConsoleBackend;
  readonly token: string;
  readonly files: ReadonlyMap<string, { type: string; text: string }>;
  readonly port: number;
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://console.invalid');
  if (!fromHere(request, serving.port))
    return send(response, 403, { message: 'This console answers its own page only.' });
  const file = serving.files.get(url.pathname);
  if (request.method === 'GET' && file) return sendFile(response, file);
  if (!hasToken(request, serving.token))
    return send(response, 403, { message: 'Reload the page: its token is missing or old.' });
  try {
    const result = await route(request, url, serving.backend);
    if (result === undefined)
      return send(response, 404, { message: `There is no ${request.method} ${url.pathname}.` });
    send(response, 200, result);
  } catch (error) {
    if (!(error instanceof ActionRefused)) throw error;
    send(response, 400, { message: error.message });
  }
}

async function route(request: IncomingMessage, url: URL, backend: ConsoleBackend): Promise<unknown> {
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /api/state':
      return backend.state();
    case 'GET /api/log':
      return backend.log();
    case 'GET /api/day':
      return backend.day(url.searchParams.get('group') ?? '');
    case 'POST /api/act':
      return (await backend.act(readAction(await readBody(request)))) ?? {};
    default:
      return undefined;
  }
}

/** Host names this server (no rebinding of another name), and a page that asks is our own. */
function fromHere({ headers }: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const origin = headers.origin;
  const site = headers['sec-fetch-site'];
  return (
    hosts.includes(headers.host ?? '') &&
    (origin === undefined || hosts.some((host) => origin === `http://${host}`)) &&
    (site === undefined || site === 'same-origin' || site === 'none')
  );
}

function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(String(headers['x-rushhour-token'] ?? ''));
  return given.length === token.length && timingSafeEqual(given, Buffer.from(token));
}

/** @throws ActionRefused for a body that is too large */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new ActionRefused(`expected at most ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function pageFiles(token: string): Serving['files'] {
  const folder = new URL('./page/', import.meta.url);
  const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
  return new Map([
    ['/', { type: 'text/html', text: read('index.html').replace('__TOKEN__', token) }],
    ...['style', 'tables', 'overlays', 'picture'].map(
      (name) => [`/${name}.css`, { type: 'text/css', text: read(`${name}.css`) }] as const,
    ),
    ['/main.js', { type: 'text/javascript', text: pageScript() }],
  ]);
}

const guardHeaders = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function sendFile(response: ServerResponse, { type, text }: { type: string; text: string }): void {
  response.writeHead(200, { ...guardHeaders, 'content-type': `${type}; charset=utf-8` }).end(text);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { ...guardHeaders, 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(body));
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
