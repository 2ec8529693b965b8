import { ServiceError } from '../service.ts';
import { awsJson } from './aws-json.ts';
import type { Protocol, WireRequest } from './protocol.ts';
import { awsQuery, ec2Query } from './query.ts';
import { restJson } from './rest-json.ts';
import { restXml } from './rest-xml.ts';
import { rpcCbor } from './rpc-cbor.ts';
import type { OperationShape, Shape } from './shape.ts';

const json10 = awsJson('1.0');
const json11 = awsJson('1.1');

/** The protocol a request is in. Several services speak more than one: old and new clients differ. */
export function protocolOf(request: WireRequest, signingName: string): Protocol {
  const { headers } = request;
  const contentType = headers['content-type'] ?? '';
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return rpcCbor;
  if (headers['x-amz-target']) return contentType.includes('json-1.0') ? json10 : json11;
  if (signingName === 's3') return restXml;
  if (contentType.startsWith('application/x-www-form-urlencoded') || request.query.has('Action')) {
    return signingName === 'ec2' ? ec2Query : awsQuery;
  }
  return restJson;
}

/** Decodes and checks an operation's input. @throws ServiceError what the service's own front end would answer. */
export function decodeInput(protocol: Protocol, operation: OperationShape, request: WireRequest): unknown {
  const input = protocol.decodeInput(operation, request) ?? {};
  requireMembers(operation.input, input, protocol.codes.invalid, '');
  return input;
}

function requireMembers(shape: Shape, value: unknown, code: string, path: string): void {
  if (value === undefined) return;
  if (shape.kind === 'structure') {
    const given = value as Record<string, unknown>;
    for (const name of shape.required) {
      if (given[name] === undefined) throw missing(code, path + name);
    }
    for (const [name, member] of shape.members) requireMembers(member, given[name], code, `${path}${name}.`);
  } else if (shape.kind === 'list') {
    for (const [index, item] of (value as unknown[]).entries()) {
      requireMembers(shape.value, item, code, `${path}${index + 1}.member.`);
    }
  } else if (shape.kind === 'map') {
    for (const [key, item] of Object.entries(value as object))
      requireMembers(shape.value, item, code, `${path}${key}.`);
  }
}

function missing(code: string, path: string): ServiceError {
  const member = path[0]!.toLowerCase() + path.slice(1);
  const message =
    code === 'MissingParameter'
      ? `The request must contain the parameter ${path}`
      : `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`;
  return new ServiceError(code, message);
}
