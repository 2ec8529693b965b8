import { errorToJson, parseJson } from './aws-json.ts';
import { fromJson, toJson } from './json.ts';
import { type Protocol, statusOf } from './protocol.ts';
import { decodeBindings, encodeBindings, findOperation, isInBody, payloadOf } from './rest.ts';
import { bytesOf } from './scalars.ts';

/** REST with JSON bodies: Lambda, EventBridge Scheduler. */
export const restJson: Protocol = {
  codes: {
    unknownOperation: 'UnknownOperationException',
    accessDenied: 'AccessDeniedException',
    unknownKey: 'UnrecognizedClientException',
    wrongScope: 'InvalidSignatureException',
    invalid: 'ValidationException',
  },
  operationName: (request, model) => findOperation(request, model)?.name,
  decodeInput(operation, request) {
    const value = decodeBindings(operation, request);
    const payload = payloadOf(operation.input);
    if (payload) {
      const [name, shape] = payload;
      if (request.body.length > 0) {
        value[name] =
          shape.kind === 'blob' ? new Uint8Array(request.body) : fromJson(shape, parseJson(request));
      }
      return value;
    }
    const inBody = [...operation.input.members].some(([, member]) => isInBody(member));
    return inBody ? { ...(fromJson(operation.input, parseJson(request)) as object), ...value } : value;
  },
  encodeOutput(operation, output, requestId) {
    const given = (output ?? {}) as Record<string, unknown>;
    const { status, headers } = encodeBindings(operation, given);
    const payload = payloadOf(operation.output);
    const members = Object.fromEntries(
      Object.entries(given).filter(([name]) => {
        const member = operation.output.members.get(name);
        return member && isInBody(member);
      }),
    );
    const isBlob = payload?.[1].kind === 'blob';
    const value = payload ? given[payload[0]] : members;
    return {
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...headers },
      body: isBlob
        ? bytesOf(value ?? '')
        : status === 204
          ? ''
          : JSON.stringify(toJson(payload ? payload[1] : operation.output, value)),
    };
  },
  encodeError(error, shape, requestId) {
    const { __type, ...body } = errorToJson(error, shape);
    const headers = {
      'content-type': 'application/json',
      'x-amzn-errortype': shape?.name ?? error.code,
      'x-amzn-requestid': requestId,
    };
    return { status: statusOf(error, shape), headers, body: JSON.stringify(body) };
  },
};
