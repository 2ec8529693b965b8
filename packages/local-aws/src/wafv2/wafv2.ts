import * as schemas from '@aws-sdk/client-wafv2';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import type { Operation, ResourceType, Service } from '../service.ts';
import { tagList } from '../template-tags.ts';

const visibility = z.strictObject({
  CloudWatchMetricsEnabled: z.boolean(),
  MetricName: z.string(),
  SampledRequestsEnabled: z.boolean(),
});
const actions = z.strictObject({
  Allow: z.object({}).optional(),
  Block: z.looseObject({}).optional(),
  Count: z.object({}).optional(),
});

const webAcl = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  Scope: z.enum(['REGIONAL', 'CLOUDFRONT']),
  DefaultAction: actions,
  Rules: z
    .array(
      z.strictObject({
        Name: z.string(),
        Priority: z.number(),
        Action: actions.optional(),
        OverrideAction: z.looseObject({}).optional(),
        Statement: z.strictObject({
          RateBasedStatement: z
            .strictObject({
              AggregateKeyType: z.string(),
              EvaluationWindowSec: z.number().optional(),
              Limit: z.number().min(10).max(2_000_000_000),
            })
            .optional(),
          ManagedRuleGroupStatement: z.looseObject({ Name: z.string(), VendorName: z.string() }).optional(),
        }),
        VisibilityConfig: visibility,
      }),
    )
    .optional(),
  VisibilityConfig: visibility,
  Tags: tagList.optional(),
});
const association = z.strictObject({ ResourceArn: z.string(), WebACLArn: z.string() });

interface WebAcl {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
}

/** AWS WAF: a fleet's web ACL and what it protects. It is kept and shown; the local world sends no attacks. */
export class Waf implements Service {
  readonly signingName = 'wafv2';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly #acls = new Map<string, WebAcl>();
  /** Web ACL by the resource that it protects. */
  readonly #protectedBy = new Map<string, string>();
  readonly #cloud: CloudContext;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.operations = {
      ListWebACLs: () => ({
        WebACLs: [...this.#acls.values()].map(({ name, id, arn }) => ({ Name: name, Id: id, ARN: arn })),
      }),
      GetWebACLForResource: ({ ResourceArn }: schemas.GetWebACLForResourceRequest) => {
        const acl = this.#acls.get(this.#protectedBy.get(ResourceArn!) ?? '');
        return acl ? { WebACL: { Name: acl.name, Id: acl.id, ARN: acl.arn } } : {};
      },
    };
    this.resources = [this.#aclType(), this.#associationType()];
  }

  #aclType(): ResourceType<z.output<typeof webAcl>> {
    const describe = (acl: WebAcl) => ({
      physicalId: `${acl.name}|${acl.id}|REGIONAL`,
      attributes: {
        Arn: acl.arn,
        Id: acl.id,
        Capacity: '2',
        LabelNamespace: `awswaf:${this.#cloud.account}:webacl:${acl.name}:`,
      },
    });
    const find = (physicalId: string) =>
      [...this.#acls.values()].find((acl) => acl.id === physicalId.split('|')[1]);
    const create: ResourceType<z.output<typeof webAcl>>['create'] = (next, context) => {
      const name = next.Name ?? context.physicalName(128);
      const id = this.#cloud.ids.uuid();
      const arn = `arn:aws:wafv2:${this.#cloud.region}:${this.#cloud.account}:regional/webacl/${name}/${id}`;
      const acl = { name, id, arn };
      this.#acls.set(arn, acl);
      return describe(acl);
    };
    return {
      type: 'AWS::WAFv2::WebACL',
      properties: webAcl,
      create,
      update(physicalId, next, previous, context) {
        const acl = find(physicalId);
        return acl && next.Name === previous.Name ? describe(acl) : create(next, context);
      },
      delete: (physicalId) => {
        const acl = find(physicalId);
        if (acl) this.#acls.delete(acl.arn);
      },
    };
  }

  #associationType(): ResourceType<z.output<typeof association>> {
    const associate = (next: z.output<typeof association>) => {
      this.#protectedBy.set(next.ResourceArn, next.WebACLArn);
      return { physicalId: `${next.WebACLArn}|${next.ResourceArn}`, attributes: {} };
    };
    return {
      type: 'AWS::WAFv2::WebACLAssociation',
      properties: association,
      create: associate,
      update: (_physicalId, next) => associate(next),
      delete: (_physicalId, { ResourceArn, WebACLArn }) => {
        if (this.#protectedBy.get(ResourceArn) === WebACLArn) this.#protectedBy.delete(ResourceArn);
      },
    };
  }
}
