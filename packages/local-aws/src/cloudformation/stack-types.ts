import { z } from 'zod';
import type { ResourceType } from '../service.ts';

/** Types that make nothing outside of their stack. */
export const stackTypes: readonly ResourceType[] = [
  'AWS::CDK::Metadata',
  'AWS::CloudFormation::WaitConditionHandle',
].map((type) => ({
  type,
  properties: z.looseObject({}),
  create: (_, context) => ({ physicalId: context.physicalName(255), attributes: {} }),
  update: (physicalId) => ({ physicalId, attributes: {} }),
  delete: () => {},
}));
