import { type CallService, type Principal, ServiceError } from '../service.ts';

const referencePattern = /\{\{resolve:([a-z-]+):([^}]+)\}\}/g;

/**
 * Replaces dynamic references (`{{resolve:ssm:NAME}}`, `{{resolve:secretsmanager:ID:SecretString:KEY}}`) in all
 * strings of `value` by what they refer to.
 * @throws ServiceError of the service that keeps the value.
 */
export async function resolveDynamicReferences(
  value: unknown,
  call: CallService,
  principal: Principal,
): Promise<unknown> {
  if (typeof value === 'string') return resolveText(value, call, principal);
  if (Array.isArray(value))
    return Promise.all(value.map((item) => resolveDynamicReferences(item, call, principal)));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(
    async ([key, item]) => [key, await resolveDynamicReferences(item, call, principal)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function resolveText(text: string, call: CallService, principal: Principal): Promise<string> {
  let result = text;
  for (const [reference, service = '', rest = ''] of text.matchAll(referencePattern)) {
    result = result.replace(reference, await lookUp(service, rest, call, principal));
  }
  return result;
}

async function lookUp(
  service: string,
  rest: string,
  call: CallService,
  principal: Principal,
): Promise<string> {
  if (service === 'ssm' || service === 'ssm-secure') {
    const { Parameter } = await call('ssm', 'GetParameter', { Name: rest, WithDecryption: true }, principal);
    return Parameter.Value;
  }
  if (service !== 'secretsmanager') {
    throw new ServiceError('ValidationError', `Dynamic references to ${service} are not supported`);
  }
  const [id = '', key] = rest.split(':SecretString');
  const { SecretString } = await call('secretsmanager', 'GetSecretValue', { SecretId: id }, principal);
  const field = key?.split(':')[1];
  return field ? String(JSON.parse(SecretString)[field]) : SecretString;
}
