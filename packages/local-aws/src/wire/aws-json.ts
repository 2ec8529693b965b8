import { ServiceError } from '../service.ts';
import { fromJson, toJson } from './json.ts';
import { type Protocol, queryCodeOf, statusOf, type WireRequest } from './protocol.ts';
import type { Shape } from './shape.ts';

/** JSON over RPC: the operation is named by `x-amz-target: Service.Operation`. `version` is 1.0 or 1.1. */
export function awsJson(version: '1.0' | '1.1'): Protocol {
  const headers = (requestId: string) => ({
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': requestId,
  });
  return {
    codes: {
      unknownOperation: 'UnknownOperationException',
      accessDenied: 'AccessDeniedException',
      unknownKey: 'UnrecognizedClientException',
      wrongScope: 'InvalidSignatureException',
      invalid: 'ValidationException',
    },
    operationName: (request) => String(request.headers['x-amz-target']).split('.').pop(),
    decodeInput: (operation, request) =>
      operation.input.kind === 'unit' ? {} : fromJson(operation.input, parseJson(request)),
    encodeOutput: (operation, output, requestId) => ({
      status: 200,
      headers: headers(requestId),
      body: operation.output.kind === 'unit' ? '' : JSON.stringify(toJson(operation.output, output ?? {})),
    }),
    encodeError: (error, shape, requestId) => ({
      status: statusOf(error, shape),
      headers: { ...headers(requestId), ...queryErrorHeader(error, shape) },
      body: JSON.stringify(errorToJson(error, shape)),
    }),
  };
}

/** @throws ServiceError `SerializationException`. An empty body stands for `{}`. */
export function parseJson(request: WireRequest): unknown {
  if (request.body.length === 0) return {};
  try {
    return JSON.parse(request.body.toString());
  } catch {
    throw new ServiceError('SerializationException', 'The body is not valid JSON');
  }
}

/** An error's members, and what JSON and CBOR clients know it by. */
export function errorToJson(error: ServiceError, shape: Shape | undefined): Record<string, unknown> {
  const members = shape ? (toJson(shape, error.members) as Record<string, unknown>) : error.members;
  const type = shape ? `${shape.namespace}#${shape.name}` : error.code;
  // Clients read either spelling of the message; the services differ in which they send.
  return { ...members, __type: type, message: error.message, Message: error.message };
}

/** For services that spoke the query protocol before: old code still matches on its error codes. */
export function queryErrorHeader(error: ServiceError, shape: Shape | undefined): Record<string, string> {
  if (!shape?.traits.awsQueryError) return {};
  const fault = statusOf(error, shape) < 500 ? 'Sender' : 'Receiver';
  return { 'x-amzn-query-error': `${queryCodeOf(error, shape)};${fault}` };
}
