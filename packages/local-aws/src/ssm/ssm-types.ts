import { z } from 'zod';
import { type ResourceContext, type ResourceType, ServiceError } from '../service.ts';
import { tagList } from '../template-tags.ts';
import type { Documents } from './documents.ts';
import type { ParameterStore } from './parameters.ts';

const parameterProperties = z.strictObject({
  Name: z.string().optional(),
  Type: z.enum(['String', 'StringList']),
  Value: z.string(),
  Description: z.string().optional(),
  AllowedPattern: z.string().optional(),
  DataType: z.enum(['text']).optional(),
  Tier: z.enum(['Standard']).optional(),
  Tags: z.record(z.string(), z.string()).optional(),
});
type ParameterProperties = z.infer<typeof parameterProperties>;

const documentProperties = z.strictObject({
  Name: z.string().optional(),
  Content: z.union([z.looseObject({}), z.string()]),
  DocumentType: z.enum(['Command', 'Automation']).default('Command'),
  DocumentFormat: z.enum(['JSON', 'YAML']).optional(),
  TargetType: z.string().optional(),
  UpdateMethod: z.enum(['Replace', 'NewVersion']).default('Replace'),
  Tags: tagList.optional(),
});
type DocumentProperties = z.infer<typeof documentProperties>;

/** AWS::SSM::Parameter */
export function parameterType(store: ParameterStore): ResourceType<ParameterProperties> {
  const put = (name: string, { Type, Value, AllowedPattern }: ParameterProperties) => {
    if (AllowedPattern && !new RegExp(AllowedPattern).test(Value)) {
      throw new ServiceError(
        'ParameterPatternMismatchException',
        `Parameter value, cannot be validated against allowedPattern: ${AllowedPattern}`,
      );
    }
    store.put(name, Type, Value);
    return { physicalId: name, attributes: { Type, Value } };
  };
  const create = (properties: ParameterProperties, context: ResourceContext) => {
    const name = properties.Name ?? context.physicalName(1011);
    if (store.has(name)) throw new ServiceError('AlreadyExists', `${name} already exists`);
    return put(name, properties);
  };
  return {
    type: 'AWS::SSM::Parameter',
    properties: parameterProperties,
    create,
    update: (name, next, previous, context) =>
      next.Name === previous.Name ? put(name, next) : create(next, context),
    delete: (name) => store.delete(name),
  };
}

/** AWS::SSM::Document */
export function documentType(documents: Documents): ResourceType<DocumentProperties> {
  const of = (name: string, { Content, DocumentType }: DocumentProperties) => {
    const content = typeof Content === 'string' ? Content : JSON.stringify(Content);
    return { name, type: DocumentType, content };
  };
  const create = (properties: DocumentProperties, context: ResourceContext) => {
    const name = properties.Name ?? context.physicalName(128);
    documents.create(of(name, properties));
    return { physicalId: name, attributes: {} };
  };
  return {
    type: 'AWS::SSM::Document',
    properties: documentProperties,
    create,
    update: (name, next, previous, context) => {
      const replaces = next.UpdateMethod === 'Replace' && next.Name === undefined;
      if (replaces || next.Name !== previous.Name) return create(next, context);
      documents.replace(of(name, next));
      return { physicalId: name, attributes: {} };
    },
    delete: (name) => documents.delete(name),
  };
}
