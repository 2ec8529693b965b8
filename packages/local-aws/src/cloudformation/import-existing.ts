import { type Resource, type ResourceContext, type ResourceType, ServiceError } from '../service.ts';

/** Types whose resources may be there already because a stack before has retained them, and what they are named by. */
const importable: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
};

/**
 * Makes a resource, or takes over the one that has its name already, changed to what the template says.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
 */
export async function createOrImport(
  type: ResourceType,
  properties: Readonly<Record<string, unknown>>,
  context: ResourceContext,
): Promise<Resource> {
  const name = properties[importable[type.type] ?? ''];
  try {
    return await type.create(properties, context);
  } catch (error) {
    const isThere = error instanceof ServiceError && /Already|ResourceInUse/.test(error.code);
    if (!isThere || typeof name !== 'string') throw error;
    return type.update(name, properties, properties, context);
  }
}
