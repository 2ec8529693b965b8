import type { IncomingHttpHeaders } from 'node:http';
import type { ServiceError } from '../service.ts';
import type { Model, OperationShape, Shape } from './shape.ts';

/** A request as it came in, its body read. */
export interface WireRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** One of the AWS protocols: how an operation's input, output and errors look on the wire. */
export interface Protocol {
  /** The name of the operation asked for, known or not; undefined if the request names none. */
  operationName(request: WireRequest, model: Model): string | undefined;
  /** @throws ServiceError when the request does not fit the operation's shape. */
  decodeInput(operation: OperationShape, request: WireRequest): unknown;
  encodeOutput(operation: OperationShape, output: unknown, requestId: string): WireResponse;
  /** `shape` is the error's in the service's model, if it has one. */
  encodeError(error: ServiceError, shape: Shape | undefined, requestId: string): WireResponse;
  /** How this protocol spells the codes that all services share. */
  readonly codes: SharedCodes;
}

export interface SharedCodes {
  readonly unknownOperation: string;
  readonly accessDenied: string;
  /** Signed with a key that nobody has. */
  readonly unknownKey: string;
  /** Signed for another region. */
  readonly wrongScope: string;
  /** A member is missing that must be there. */
  readonly invalid: string;
}

/** The HTTP status of an error: what its shape says, else what was thrown. */
export function statusOf(error: ServiceError, shape: Shape | undefined): number {
  return shape?.traits.httpError ?? shape?.traits.awsQueryError?.[1] ?? error.status;
}

/** The query protocols know an error by this code, which the other protocols of the same service only mention. */
export function queryCodeOf(error: ServiceError, shape: Shape | undefined): string {
  return shape?.traits.awsQueryError?.[0] ?? error.code;
}
