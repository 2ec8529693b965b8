import { ServiceError } from '../service.ts';
import { type Protocol, queryCodeOf, statusOf, type WireRequest, type WireResponse } from './protocol.ts';
import { parseScalar } from './scalars.ts';
import type { Shape } from './shape.ts';
import { escapeXml, membersToXml } from './xml.ts';

/** Parameters nested by the dots in their names: `Tags.member.1.Key`. A leaf is a text. */
type Parameters = { [name: string]: Parameters | string };

/** The form-encoded protocol of Auto Scaling, SNS, IAM and others. */
export const awsQuery: Protocol = {
  codes: {
    unknownOperation: 'InvalidAction',
    accessDenied: 'AccessDenied',
    unknownKey: 'InvalidClientTokenId',
    wrongScope: 'SignatureDoesNotMatch',
    invalid: 'ValidationError',
  },
  operationName: (request) => formOf(request).get('Action') ?? undefined,
  decodeInput: (operation, request) => decode(operation.input, nest(formOf(request)), memberName),
  encodeOutput(operation, output, requestId) {
    const { name } = operation;
    const members = membersToXml(operation.output, output);
    const result = operation.output.kind === 'unit' ? '' : `<${name}Result>${members}</${name}Result>`;
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return xmlResponse(200, `<${name}Response>${result}${metadata}</${name}Response>`, requestId);
  },
  encodeError(error, shape, requestId) {
    const status = statusOf(error, shape);
    const type = status < 500 ? 'Sender' : 'Receiver';
    const code = escapeXml(queryCodeOf(error, shape));
    const details = shape ? membersToXml(shape, withoutMessage(error.members)) : '';
    const message = `<Message>${escapeXml(error.message)}</Message>`;
    const body = `<Error><Type>${type}</Type><Code>${code}</Code>${message}${details}</Error>`;
    const xml = `<ErrorResponse>${body}<RequestId>${requestId}</RequestId></ErrorResponse>`;
    return xmlResponse(status, xml, requestId);
  },
};

/** EC2's variant: every list is flat, names are capitalized, the result stands in the root. */
export const ec2Query: Protocol = {
  codes: {
    unknownOperation: 'InvalidAction',
    accessDenied: 'UnauthorizedOperation',
    unknownKey: 'AuthFailure',
    wrongScope: 'AuthFailure',
    invalid: 'MissingParameter',
  },
  operationName: awsQuery.operationName,
  decodeInput: (operation, request) => decode(operation.input, nest(formOf(request)), ec2MemberName),
  encodeOutput(operation, output, requestId) {
    const { name } = operation;
    // Operations that answer nothing still say that they did it.
    const members =
      operation.output.kind === 'unit' ? '<return>true</return>' : membersToXml(operation.output, output);
    const xml = `<${name}Response><requestId>${requestId}</requestId>${members}</${name}Response>`;
    return xmlResponse(200, xml, requestId);
  },
  encodeError(error, shape, requestId) {
    const code = `<Code>${escapeXml(queryCodeOf(error, shape))}</Code>`;
    const errors = `<Errors><Error>${code}<Message>${escapeXml(error.message)}</Message></Error></Errors>`;
    const xml = `<Response>${errors}<RequestID>${requestId}</RequestID></Response>`;
    return xmlResponse(statusOf(error, shape), xml, requestId);
  },
};

function formOf(request: WireRequest): URLSearchParams {
  return request.method === 'GET' ? request.query : new URLSearchParams(request.body.toString());
}

function xmlResponse(status: number, xml: string, requestId: string): WireResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

function withoutMessage(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { message: _, Message: __, ...rest } = members;
  return rest;
}

function nest(form: URLSearchParams): Parameters {
  const root: Parameters = Object.create(null);
  for (const [path, text] of form) {
    const steps = path.split('.');
    const last = steps.pop()!;
    let node = root;
    for (const step of steps) {
      const next = node[step];
      if (typeof next === 'object') node = next;
      else {
        // An empty list is sent as `Name=`, and some clients send it beside its items.
        const created: Parameters = Object.create(null);
        node[step] = created;
        node = created;
      }
    }
    node[last] ??= text;
  }
  return root;
}

type NameOf = (name: string, shape: Shape) => string;

const memberName: NameOf = (name, shape) => shape.traits.xmlName ?? name;

const ec2MemberName: NameOf = (name, shape) => {
  const { ec2QueryName, xmlName = name } = shape.traits;
  return ec2QueryName ?? xmlName[0]!.toUpperCase() + xmlName.slice(1);
};

function decode(shape: Shape, node: Parameters | string, nameOf: NameOf, where = ''): unknown {
  switch (shape.kind) {
    case 'unit':
      return {};
    case 'structure':
      return decodeStructure(shape, node, nameOf, where);
    case 'list':
      return indexed(node, shape.value.traits.xmlName ?? 'member').map((item, index) =>
        decode(shape.value, item, nameOf, `${where}.${index + 1}`),
      );
    case 'map':
      return decodeMap(shape, node, nameOf, where);
    default:
      if (typeof node !== 'string')
        throw new ServiceError('MalformedInput', `Unexpected list or structure at ${where}`);
      return parseScalar(shape, node, where);
  }
}

function decodeStructure(shape: Shape, node: Parameters | string, nameOf: NameOf, where: string): unknown {
  const value: Record<string, unknown> = {};
  if (typeof node === 'string') return value;
  for (const [name, member] of shape.members) {
    const given = node[nameOf(name, member)];
    // An empty number, boolean or timestamp is what some clients send for none.
    if (given === undefined || (given === '' && /number|boolean|timestamp/.test(member.kind))) continue;
    value[name] = decode(member, given, nameOf, where ? `${where}.${name}` : name);
  }
  return value;
}

function decodeMap(shape: Shape, node: Parameters | string, nameOf: NameOf, where: string): unknown {
  const keyName = shape.key.traits.xmlName ?? 'key';
  const valueName = shape.value.traits.xmlName ?? 'value';
  const entries = indexed(node, 'entry').map((entry) => {
    const { [keyName]: key, [valueName]: value } = entry as Parameters;
    return [String(key), decode(shape.value, value ?? '', nameOf, `${where}.${String(key)}`)];
  });
  return Object.fromEntries(entries);
}

/** The items of `.1`, `.2`… in their order, whether or not an element name stands between. */
function indexed(node: Parameters | string, element: string): (Parameters | string)[] {
  if (typeof node === 'string') return [];
  const container = node[element] ?? node['member'] ?? node;
  if (typeof container === 'string') return [];
  return Object.keys(container)
    .filter((key) => /^\d+$/.test(key))
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => container[key]!);
}
