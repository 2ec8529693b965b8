import { cbor, dateToTag } from '@smithy/core/cbor';
import { ServiceError } from '../service.ts';
import { errorToJson, queryErrorHeader } from './aws-json.ts';
import { fromJson, type Spelling, toJson } from './json.ts';
import { type Protocol, statusOf } from './protocol.ts';

const inCbor: Spelling = { timestamp: dateToTag, blob: (bytes) => bytes };

const headers = (requestId: string) => ({
  'content-type': 'application/cbor',
  'smithy-protocol': 'rpc-v2-cbor',
  'x-amzn-requestid': requestId,
});

/** Smithy's RPC v2 with CBOR, in which newer AWS CLIs speak to CloudWatch: `/service/NAME/operation/OPERATION`. */
export const rpcCbor: Protocol = {
  codes: {
    unknownOperation: 'UnknownOperationException',
    accessDenied: 'AccessDeniedException',
    unknownKey: 'UnrecognizedClientException',
    wrongScope: 'InvalidSignatureException',
    invalid: 'ValidationException',
  },
  operationName: (request) => /\/operation\/(\w+)$/.exec(request.path)?.[1],
  decodeInput(operation, request) {
    if (operation.input.kind === 'unit' || request.body.length === 0) return {};
    let body: unknown;
    try {
      body = cbor.deserialize(request.body);
    } catch {
      throw new ServiceError('SerializationException', 'The body is not valid CBOR');
    }
    return fromJson(operation.input, body);
  },
  encodeOutput: (operation, output, requestId) => ({
    status: 200,
    headers: headers(requestId),
    body: cbor.serialize(toJson(operation.output, output ?? {}, inCbor) ?? {}).slice(),
  }),
  encodeError: (error, shape, requestId) => ({
    status: statusOf(error, shape),
    headers: { ...headers(requestId), ...queryErrorHeader(error, shape) },
    body: cbor.serialize(errorToJson(error, shape)).slice(),
  }),
};
