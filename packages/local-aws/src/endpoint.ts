import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Cloud } from './cloud.ts';
import { whyForeign } from './foreign-request.ts';
import { RequestRates } from './request-rates.ts';
import { type Instant, type Principal, ServiceError } from './service.ts';
import { decodeAwsChunked } from './wire/aws-chunked.ts';
import type { Protocol, WireRequest, WireResponse } from './wire/protocol.ts';
import type { Model } from './wire/shape.ts';
import { decodeInput, protocolOf } from './wire/wire.ts';

/** Where a request goes and whose it is, as its signature says. */
interface Scope {
  readonly region: string;
  readonly signingName: string;
  readonly accessKeyId: string;
}

/** The cloud's one address on the loopback interface, for every service and every client. */
export class Endpoint {
  readonly #cloud: Cloud;
  readonly #server: Server;
  /** How often clients may call what. */
  readonly rates = new RequestRates();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // Clients keep idle connections as long as they like: closing one just as it is reused would look like an outage.
    this.#server.keepAliveTimeout = 0;
  }

  /**
   * Listens and returns the URL. Port 0 takes any free one.
   * @throws Error when the port is taken, or not for this user to open
   */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) =>
        reject(new Error(whyNotOn(port, cause), { cause })),
      );
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    this.#cloud.endpointUrl = url;
    return url;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const foreign = whyForeign(incoming.headers);
      if (foreign !== undefined) {
        refuseUnread(incoming, outgoing, foreign, this.#cloud.nextRequestId());
        return;
      }
      const request = await readRequest(incoming);
      const { status, headers, body } = await this.#answer(request);
      const date = this.#dateFor(request);
      // A long text takes half as long as bytes.
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      outgoing.sendDate = false;
      outgoing.writeHead(status, { ...date, 'content-length': bytes.length, ...headers }).end(bytes);
    } catch (error) {
      // What was wrong with it could not even be said in the request's own protocol.
      const message = error instanceof ServiceError ? error.message : 'Internal failure';
      outgoing.writeHead(error instanceof ServiceError ? error.status : 500).end(message);
    }
  }

  /** Clients learn the cloud's time from its answers, as they learn of AWS's. One that is ahead must not be set back. */
  #dateFor(request: WireRequest): { date?: string } {
    const now = this.#cloud.eventQueue.now();
    return this.#sentAt(request) > now ? {} : { date: new Date(now).toUTCString() };
  }

  async #answer(request: WireRequest): Promise<WireResponse> {
    const document = this.#documentFor(request);
    if (document !== undefined)
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(document),
      };
    const scope = scopeOf(request);
    const model = this.#cloudOf(scope).modelOf(scope.signingName);
    if (!model) return unknownService(request, scope.signingName, this.#cloud.nextRequestId());
    const decoded = scope.signingName === 's3' ? request : uncompressed(request);
    const protocol = protocolOf(decoded, scope.signingName);
    const requestId = this.#cloud.nextRequestId();
    try {
      return await this.#perform(decoded, scope, protocol, model, requestId);
    } catch (error) {
      const failure = inTheWordsOf(protocol, error);
      return protocol.encodeError(failure, model.error(failure.code), requestId);
    }
  }

  /** What is for everybody. A signed request for the same path asks S3 for an object. */
  #documentFor(request: WireRequest): unknown {
    if (request.method !== 'GET' || signedFor(request)) return undefined;
    return this.#cloud.documents.get(request.path)?.();
  }

  async #perform(
    request: WireRequest,
    scope: Scope,
    protocol: Protocol,
    model: Model,
    requestId: string,
  ): Promise<WireResponse> {
    this.#requireRegion(scope, protocol);
    const principal = this.#principalOf(scope, protocol);
    const name = protocol.operationName(request, model);
    const operation = name === undefined ? undefined : model.operations.get(name);
    if (!operation) {
      throw new ServiceError(
        'InvalidAction',
        `${scope.signingName} has no operation ${name ?? request.path}`,
      );
    }
    const input = decodeInput(protocol, operation, request);
    // In simulated time a second's calls are no more than what happens to be due at once.
    if (this.#cloud.eventQueue.speed > 0)
      this.rates.take(scope.signingName, operation.name, this.#cloud.eventQueue.now(), input ?? {});
    const { signingName } = scope;
    const sentAt = this.#sentAt(request);
    const output = await this.#cloudOf(scope).perform(
      signingName,
      operation.name,
      input,
      principal,
      requestId,
      sentAt,
    );
    return protocol.encodeOutput(operation, output, requestId);
  }

  /** In simulated time a function may be ahead for as long as it runs; whoever is further has another clock. */
  #sentAt({ headers }: WireRequest): Instant {
    const { eventQueue } = this.#cloud;
    const now = eventQueue.now();
    const signed = eventQueue.speed > 0 ? now : instantOf(String(headers['x-amz-date']));
    return signed > now && signed <= now + longestRunMs ? signed : now;
  }

  /** The region that a request was signed for, if the service is there; what is global answers at home. */
  #cloudOf({ region, signingName }: Scope): Cloud {
    const there = globalServices.includes(signingName) ? undefined : this.#cloud.inRegion(region);
    return there?.modelOf(signingName) ? there : this.#cloud;
  }

  /** A client of another region would find this one's resources there. */
  #requireRegion(scope: Scope, protocol: Protocol): void {
    const { region, signingName } = scope;
    if (region === this.#cloudOf(scope).region || globalServices.includes(signingName)) return;
    // Its global address is served from there.
    if (signingName === 'sts' && region === 'us-east-1') return;
    const message = `Credential should be scoped to a valid region: the local cloud is in ${this.#cloud.region}, not in ${region}`;
    throw new ServiceError(protocol.codes.wrongScope, message, 403);
  }

  #principalOf(scope: Scope, protocol: Protocol): Principal {
    const principal = this.#cloud.credentials.principalOf(scope.accessKeyId);
    if (!principal) {
      const message = `The security token included in the request is invalid: nobody has the key ${scope.accessKeyId}`;
      throw new ServiceError(protocol.codes.unknownKey, message, 403);
    }
    return principal;
  }
}

function whyNotOn(port: number, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return `Port ${port} is in use: take another, or 0 for any that is free`;
  if (code === 'EACCES') return `Port ${port} is not for this user to open: take one from 1024 up`;
  return message;
}

/** How long a function of Lambda runs at most. */
const longestRunMs = 15 * 60_000;

/** Of `20260304T030000Z`; NaN: it is none. */
function instantOf(signedAt: string): Instant {
  return Date.parse(signedAt.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
}

const maxBodyBytes = 256 * 1024 * 1024;

async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new ServiceError('RequestEntityTooLarge', 'The body is too large', 413);
    chunks.push(chunk);
  }
  const raw = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  const chunked = String(incoming.headers['x-amz-content-sha256']).startsWith('STREAMING-');
  return { ...headOf(incoming), body: chunked ? decodeAwsChunked(raw) : raw };
}

function headOf({ url = '/', headers, method = 'GET' }: IncomingMessage): Omit<WireRequest, 'body'> {
  const [path, query] = url.split('?', 2) as [string, string?];
  return { method, path, query: new URLSearchParams(query), headers };
}

/** In the protocol that the request's head suggests, so that a program with a wrong address shows what is wrong. */
function refuseUnread(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  why: string,
  requestId: string,
): void {
  const head = { ...headOf(incoming), body: Buffer.alloc(0) };
  const protocol = protocolOf(head, signedFor(head)?.signingName ?? 's3');
  const error = new ServiceError(protocol.codes.accessDenied, why, 403);
  const { status, headers, body } = protocol.encodeError(error, undefined, requestId);
  // What follows on this connection is the rest of a request that nobody reads.
  outgoing.writeHead(status, { ...headers, connection: 'close' }).end(body);
}

/** Their requests may be signed for the region they are served from, whichever the client's is. */
const globalServices: readonly string[] = ['iam', 's3', 'wafv2'];

/** The protocol of a service that is not known is guessed, so that a client can read the answer. */
function unknownService(request: WireRequest, signingName: string, requestId: string): WireResponse {
  const error = new ServiceError('UnknownService', `The local cloud has no service ${signingName}`, 404);
  // Those speak XML, which a request without a body does not show.
  const protocol = protocolOf(request, /^(route53|cloudfront)$/.test(signingName) ? 's3' : signingName);
  return protocol.encodeError(error, undefined, requestId);
}

/** @throws ServiceError for a request that nobody signed */
function scopeOf(request: WireRequest): Scope {
  const scope = signedFor(request);
  if (scope) return scope;
  const message = 'The request is not signed (AWS Signature Version 4; in the query for S3 alone)';
  throw new ServiceError('MissingAuthenticationToken', message, 403);
}

/**
 * Reads `Credential=KEY/DATE/REGION/SERVICE/aws4_request` from the header, or from the query of a presigned URL. Those are
 * for S3 alone: otherwise a link that somebody is made to open could call any operation.
 */
function signedFor(request: WireRequest): Scope | undefined {
  const header = /^AWS4-.*[ ,]Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const credential = header ?? request.query.get('X-Amz-Credential');
  const [accessKeyId, , region, signingName] = credential?.split('/') ?? [];
  if (!accessKeyId || !region || !signingName) return undefined;
  if (header === undefined && signingName !== 's3') return undefined;
  return { accessKeyId, region, signingName };
}

/** Some clients compress large bodies; for S3 the encoding is a property of the object. */
function uncompressed(request: WireRequest): WireRequest {
  return request.headers['content-encoding'] === 'gzip'
    ? { ...request, body: gunzipSync(request.body) }
    : request;
}

/** Errors that any service may answer are spelled differently in each protocol. */
function inTheWordsOf(protocol: Protocol, error: unknown): ServiceError {
  if (!(error instanceof ServiceError)) {
    // A fault of the local cloud itself: the caller gets AWS's words, and the console the stack.
    console.error(error);
    return new ServiceError('InternalFailure', (error as Error).message, 500);
  }
  const { accessDenied, unknownOperation } = protocol.codes;
  if (error.code === 'AccessDenied')
    return new ServiceError(accessDenied, error.message, error.status, error.members);
  if (error.code === 'InvalidAction') return new ServiceError(unknownOperation, error.message, error.status);
  return error;
}
