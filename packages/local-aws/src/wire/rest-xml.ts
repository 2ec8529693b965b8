import { type Protocol, statusOf, type WireRequest } from './protocol.ts';
import { decodeBindings, encodeBindings, findOperation, isInBody, payloadOf } from './rest.ts';
import { bytesOf } from './scalars.ts';
import type { OperationShape, Shape } from './shape.ts';
import { escapeXml, membersToXml, parseXml, toXml } from './xml.ts';

/** REST with XML bodies: S3, whose bucket stands first in the path or first in the host name. */
export const restXml: Protocol = {
  codes: {
    unknownOperation: 'NotImplemented',
    accessDenied: 'AccessDenied',
    unknownKey: 'InvalidAccessKeyId',
    wrongScope: 'AuthorizationHeaderMalformed',
    invalid: 'InvalidRequest',
  },
  operationName(request, model) {
    const { labels, rest } = takeBucket(request);
    return findOperation(rest, model, labels)?.name;
  },
  decodeInput(operation, request) {
    const { labels, rest } = takeBucket(request);
    const value = decodeBindings(operation, rest, labels);
    const payload = payloadOf(operation.input);
    if (request.body.length === 0) return value;
    if (payload) {
      const [name, shape] = payload;
      value[name] = isRaw(shape) ? new Uint8Array(request.body) : parseXml(shape, request.body.toString());
      return value;
    }
    const inBody = [...operation.input.members].some(([, member]) => isInBody(member));
    return inBody ? { ...(parseXml(operation.input, request.body.toString()) as object), ...value } : value;
  },
  encodeOutput(operation, output, requestId) {
    const given = (output ?? {}) as Record<string, unknown>;
    const { status, headers } = encodeBindings(operation, given);
    return {
      status,
      headers: { 'x-amz-request-id': requestId, ...contentTypeOf(operation), ...headers },
      body: bodyOf(operation, given),
    };
  },
  encodeError(error, shape, requestId) {
    const details = Object.entries(error.members)
      .filter(([name]) => !/^message$/i.test(name))
      .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
      .join('');
    const body = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>${details}`;
    return {
      status: statusOf(error, shape),
      headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
      body: document(`<Error>${body}<RequestId>${requestId}</RequestId></Error>`),
    };
  },
};

function takeBucket(request: WireRequest): { labels: Record<string, string>; rest: WireRequest } {
  const inHost = /^(.+)\.localhost(:\d+)?$/.exec(request.headers.host ?? '')?.[1];
  if (inHost) return { labels: { Bucket: inHost.replace(/\.s3(\..*)?$/, '') }, rest: request };
  const [, bucket, ...key] = request.path.split('/');
  if (!bucket) return { labels: {}, rest: request };
  return { labels: { Bucket: decodeURIComponent(bucket) }, rest: { ...request, path: `/${key.join('/')}` } };
}

function isRaw(shape: Shape): boolean {
  return shape.kind === 'blob' || shape.kind === 'string';
}

function contentTypeOf(operation: OperationShape): Record<string, string> {
  const payload = payloadOf(operation.output);
  return payload && isRaw(payload[1]) ? {} : { 'content-type': 'application/xml' };
}

function bodyOf(operation: OperationShape, output: Readonly<Record<string, unknown>>): Uint8Array | string {
  const payload = payloadOf(operation.output);
  if (payload) {
    const [name, shape] = payload;
    if (isRaw(shape)) return bytesOf(output[name] ?? '');
    return output[name] === undefined
      ? ''
      : document(toXml(shape, output[name], shape.traits.xmlName ?? shape.name));
  }
  const root = operation.output.traits.xmlName ?? operation.output.name;
  const members = [...operation.output.members].filter(([, member]) => isInBody(member));
  return members.length === 0 ? '' : document(`<${root}>${membersToXml(operation.output, output)}</${root}>`);
}

function document(xml: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}
