import { type CollectionTag, parseDocument, type ScalarTag, YAMLMap, YAMLSeq } from 'yaml';
import { z } from 'zod';
import { ServiceError } from '../service.ts';

const policy = z.enum(['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']);

const resourceSchema = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string().transform((id) => [id]), z.array(z.string())]).default([]),
  Condition: z.string().optional(),
  Metadata: z.unknown().optional(),
  DeletionPolicy: policy.optional(),
  UpdateReplacePolicy: policy.optional(),
  // The local groups change their sizes and launch templates in place; policies that replace servers are refused.
  UpdatePolicy: z.strictObject({ AutoScalingScheduledAction: z.unknown() }).optional(),
});

const parameterSchema = z.strictObject({
  Type: z.string(),
  Default: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
  AllowedValues: z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String)).optional(),
  AllowedPattern: z.string().optional(),
  ConstraintDescription: z.string().optional(),
  Description: z.string().optional(),
  NoEcho: z.union([z.boolean(), z.string()]).optional(),
  MinLength: z.coerce.number().optional(),
  MaxLength: z.coerce.number().optional(),
  MinValue: z.coerce.number().optional(),
  MaxValue: z.coerce.number().optional(),
});

const outputSchema = z.strictObject({
  Value: z.unknown(),
  Description: z.string().optional(),
  Condition: z.string().optional(),
  Export: z.strictObject({ Name: z.unknown() }).optional(),
});

const templateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: z.unknown().optional(),
  Parameters: z.record(z.string(), parameterSchema).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Rules: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), outputSchema).default({}),
});

export type Template = z.infer<typeof templateSchema>;
export type TemplateParameter = z.infer<typeof parameterSchema>;

/**
 * Reads a template as CloudFormation does: JSON or YAML with the short forms of the intrinsic functions.
 * @throws ServiceError `ValidationError` for a malformed template, every mistake named.
 */
export function parseTemplate(body: string): Template {
  const document = parseDocument(body, { customTags: shortForms, merge: true });
  if (document.errors.length > 0) throw invalid(document.errors.map((error) => error.message).join('; '));
  const parsed = templateSchema.safeParse(document.toJS());
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues.map((issue) => `${issue.message} at /${issue.path.join('/')}`).join('; '),
    );
  }
  if (Object.keys(parsed.data.Resources).length === 0)
    throw invalid('At least one Resources member must be defined.');
  checkSizes(parsed.data);
  return parsed.data;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const mostOf = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 } as const;

function checkSizes(template: Template): void {
  for (const [section, most] of Object.entries(mostOf)) {
    const count = Object.keys(template[section as keyof typeof mostOf]).length;
    if (count > most)
      throw invalid(`Number of ${section.toLowerCase()}, ${count}, is greater than maximum allowed, ${most}`);
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', `Template format error: ${message}`);
}

const functionNames = [
  ...[
    'Base64',
    'Cidr',
    'FindInMap',
    'GetAtt',
    'GetAZs',
    'GetStackOutput',
    'If',
    'ImportValue',
    'Join',
    'Select',
    'Split',
    'Sub',
  ],
  ...['And', 'Equals', 'Not', 'Or'],
];

const shortForms = [
  ...shortForm('!Ref', 'Ref'),
  ...shortForm('!Condition', 'Condition'),
  ...functionNames.flatMap((name) => shortForm(`!${name}`, `Fn::${name}`)),
];

function shortForm(tag: string, name: string): (ScalarTag | CollectionTag)[] {
  const wrap = (node: unknown) => {
    const map = new YAMLMap();
    map.set(name, node);
    return map;
  };
  return [
    { tag, resolve: (text: string) => ({ [name]: name === 'Fn::GetAtt' ? splitOnce(text) : text }) },
    { tag, collection: 'seq', nodeClass: YAMLSeq, resolve: wrap },
    { tag, collection: 'map', nodeClass: YAMLMap, resolve: wrap },
  ];
}

/** `Resource.Attribute.Nested` names the resource up to its first dot. */
function splitOnce(text: string): [string, string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}
