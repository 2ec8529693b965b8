/** A template as CloudFormation has it in JSON. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: object;
  readonly Outputs?: object;
  readonly Description?: string;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** `{ Ref: … }` and `{ "Fn::…": … }` are put in by CloudFormation. */
export function isIntrinsic(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'ap-southeast-1',
  'AWS::AccountId': '123456789012',
};
/** As long as most names and ids that a stack gives. */
const unknown = 'Unknown-0123456789ABCDEF';

/** The value with what CloudFormation will put in, as far as that is known; an ARN of another resource is `undefined`. */
export function flattened(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isIntrinsic(value)) return undefined;
  const { Ref, 'Fn::Join': join, 'Fn::Base64': base64 } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return pseudo[Ref] ?? unknown;
  if (base64 !== undefined) return flattened(base64);
  if (!Array.isArray(join)) return undefined;
  const [separator, parts] = join as [string, unknown[]];
  return parts.map((part) => flattened(part) ?? `arn:aws:unknown:::${unknown}`).join(separator);
}
