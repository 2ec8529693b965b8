import { XMLParser } from 'fast-xml-parser';
import { ServiceError } from '../service.ts';
import { formatScalar, parseScalar } from './scalars.ts';
import type { Shape } from './shape.ts';

/** A structure's members as XML elements, without an element around them. */
export function membersToXml(shape: Shape, value: unknown): string {
  const given = (value ?? {}) as Record<string, unknown>;
  let xml = '';
  for (const [name, member] of shape.members) {
    const value = given[name];
    if (value === undefined) continue;
    const { traits } = member;
    if (traits.httpHeader || traits.httpPrefixHeaders || traits.httpResponseCode || traits.xmlAttribute)
      continue;
    xml += toXml(member, value, traits.xmlName ?? name);
  }
  return xml;
}

/** A value as XML in an element of that name; nothing at all for undefined. Timestamps are ISO-8601. */
export function toXml(shape: Shape, value: unknown, element: string): string {
  if (value === null || value === undefined) return '';
  switch (shape.kind) {
    case 'structure':
      return `<${element}${attributesOf(shape, value)}>${membersToXml(shape, value)}</${element}>`;
    case 'list':
      return listToXml(shape, value as unknown[], element);
    case 'map':
      return mapToXml(shape, value as Record<string, unknown>, element);
    default:
      return `<${element}>${escapeXml(formatScalar(shape, value, 'date-time'))}</${element}>`;
  }
}

const escaped = /[&<>"\r]/;

export function escapeXml(text: string): string {
  // Next to nothing needs it.
  if (!escaped.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}

function attributesOf(shape: Shape, value: unknown): string {
  let attributes = '';
  for (const [name, member] of shape.attributes) {
    const given = (value as Record<string, unknown>)[name];
    if (given !== undefined) {
      // The only attribute in the services' models is xsi:type.
      const namespace = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
      attributes += ` ${namespace} ${member.traits.xmlName ?? name}="${escapeXml(String(given))}"`;
    }
  }
  return attributes;
}

function listToXml(shape: Shape, items: unknown[], element: string): string {
  const flat = shape.traits.xmlFlattened;
  const itemElement = flat ? element : (shape.value.traits.xmlName ?? 'member');
  let xml = '';
  for (const item of items) xml += toXml(shape.value, item, itemElement);
  return flat ? xml : `<${element}>${xml}</${element}>`;
}

function mapToXml(shape: Shape, map: Record<string, unknown>, element: string): string {
  const flat = shape.traits.xmlFlattened;
  const keyElement = shape.key.traits.xmlName ?? 'key';
  const valueElement = shape.value.traits.xmlName ?? 'value';
  const entryElement = flat ? element : 'entry';
  const xml = Object.entries(map)
    .map(([key, value]) => {
      const entry = toXml(shape.key, key, keyElement) + toXml(shape.value, value, valueElement);
      return `<${entryElement}>${entry}</${entryElement}>`;
    })
    .join('');
  return flat ? xml : `<${element}>${xml}</${element}>`;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  htmlEntities: true,
});

/** Reads a document whose root element holds the shape. @throws ServiceError `MalformedXML`. */
export function parseXml(shape: Shape, text: string): unknown {
  let document: Record<string, unknown>;
  try {
    document = parser.parse(text, true);
  } catch (error) {
    throw new ServiceError(
      'MalformedXML',
      `The XML you provided was not well-formed: ${(error as Error).message}`,
    );
  }
  return fromXml(shape, Object.values(document)[0]);
}

function fromXml(shape: Shape, node: unknown): unknown {
  if (node === undefined) return undefined;
  switch (shape.kind) {
    case 'structure':
      return structureFromXml(shape, typeof node === 'object' ? (node as Record<string, unknown>) : {});
    case 'list': {
      const items = shape.traits.xmlFlattened ? node : child(node, shape.value.traits.xmlName ?? 'member');
      return arrayOf(items).map((item) => fromXml(shape.value, item));
    }
    case 'map': {
      const entries = arrayOf(shape.traits.xmlFlattened ? node : child(node, 'entry'));
      const keyElement = shape.key.traits.xmlName ?? 'key';
      const valueElement = shape.value.traits.xmlName ?? 'value';
      return Object.fromEntries(
        entries.map((entry) => [
          String(child(entry, keyElement)),
          fromXml(shape.value, child(entry, valueElement)),
        ]),
      );
    }
    default:
      return parseScalar(shape, textOf(node), shape.name);
  }
}

function structureFromXml(shape: Shape, node: Record<string, unknown>): unknown {
  const value: Record<string, unknown> = {};
  for (const [name, member] of shape.members) {
    const given = node[member.traits.xmlName ?? name];
    if (given !== undefined) value[name] = fromXml(member, given);
  }
  return value;
}

function child(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;
}

function arrayOf(node: unknown): unknown[] {
  if (node === undefined) return [];
  return Array.isArray(node) ? node : [node];
}

/** An element with attributes is an object whose text is beside them. */
function textOf(node: unknown): string {
  return String(typeof node === 'object' ? (child(node, '#text') ?? '') : node);
}
