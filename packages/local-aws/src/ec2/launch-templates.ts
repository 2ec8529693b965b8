import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  DeleteLaunchTemplateRequest,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplate,
  LaunchTemplateVersion,
  ModifyLaunchTemplateRequest,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { CloudContext } from '../cloud-context.ts';
import { type Call, type Operation, ServiceError } from '../service.ts';
import { Collection, tagsFor } from './collection.ts';

/** How others name a version of a template. */
export interface TemplateReference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
  /** A number, `$Latest` or `$Default` (the default). */
  readonly Version?: string | undefined;
}

/** Launch templates with their versions. */
export class LaunchTemplates {
  readonly templates = new Collection<LaunchTemplate>({
    resourceType: 'launch-template',
    prefix: 'lt',
    idKey: 'LaunchTemplateId',
    notFound: 'InvalidLaunchTemplateId.NotFound',
    filters: { 'launch-template-name': 'LaunchTemplateName' },
  });
  readonly operations: Record<string, Operation>;
  readonly #versions = new Map<string, LaunchTemplateVersion[]>();
  readonly #cloud: CloudContext;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.operations = {
      CreateLaunchTemplate: (input: CreateLaunchTemplateRequest, call: Call): CreateLaunchTemplateResult => ({
        LaunchTemplate: this.#create(input, call),
      }),
      CreateLaunchTemplateVersion: (
        input: CreateLaunchTemplateVersionRequest,
        call: Call,
      ): CreateLaunchTemplateVersionResult => ({
        LaunchTemplateVersion: this.#addVersion(
          this.find(input),
          input.LaunchTemplateData!,
          call,
          input.VersionDescription,
        ),
      }),
      ModifyLaunchTemplate: (input: ModifyLaunchTemplateRequest) => {
        const template = this.find(input);
        template.DefaultVersionNumber = this.version({
          ...input,
          Version: input.DefaultVersion,
        }).VersionNumber;
        return { LaunchTemplate: template };
      },
      DeleteLaunchTemplate: (input: DeleteLaunchTemplateRequest) => {
        const template = this.find(input);
        this.templates.remove(template.LaunchTemplateId!);
        this.#versions.delete(template.LaunchTemplateId!);
        return { LaunchTemplate: template };
      },
      DescribeLaunchTemplates: (input: DescribeLaunchTemplatesRequest): DescribeLaunchTemplatesResult => {
        const named = input.LaunchTemplateNames?.map(
          (LaunchTemplateName) => this.find({ LaunchTemplateName }).LaunchTemplateId!,
        );
        const { items, NextToken } = this.templates.describe(named ?? input.LaunchTemplateIds, input);
        return { LaunchTemplates: items, NextToken };
      },
      DescribeLaunchTemplateVersions: (
        input: DescribeLaunchTemplateVersionsRequest,
      ): DescribeLaunchTemplateVersionsResult => ({ LaunchTemplateVersions: this.#selected(input) }),
    };
  }

  /** @throws ServiceError InvalidLaunchTemplateId.NotFound, InvalidLaunchTemplateName.NotFoundException */
  find(reference: TemplateReference): LaunchTemplate {
    if (reference.LaunchTemplateId) return this.templates.get(reference.LaunchTemplateId);
    const found = this.templates.all().find((one) => one.LaunchTemplateName === reference.LaunchTemplateName);
    if (!found)
      throw new ServiceError(
        'InvalidLaunchTemplateName.NotFoundException',
        `The specified launch template, with template name ${reference.LaunchTemplateName}, does not exist.`,
      );
    return found;
  }

  /** @throws ServiceError InvalidLaunchTemplateId.VersionNotFound */
  version(reference: TemplateReference): LaunchTemplateVersion {
    const template = this.find(reference);
    const wanted = reference.Version ?? '$Default';
    const number =
      wanted === '$Latest'
        ? template.LatestVersionNumber
        : wanted === '$Default'
          ? template.DefaultVersionNumber
          : Number(wanted);
    const found = this.#versions.get(template.LaunchTemplateId!)!.find((one) => one.VersionNumber === number);
    if (!found)
      throw new ServiceError(
        'InvalidLaunchTemplateId.VersionNotFound',
        `Could not find launch template version ${wanted}`,
      );
    return found;
  }

  /** The version, if template and version are still there. */
  findVersion(reference: TemplateReference): LaunchTemplateVersion | undefined {
    const exists = this.templates
      .all()
      .some(
        (one) =>
          one.LaunchTemplateId === reference.LaunchTemplateId ||
          one.LaunchTemplateName === reference.LaunchTemplateName,
      );
    return exists ? this.version(reference) : undefined;
  }

  #create(input: CreateLaunchTemplateRequest, call: Call): LaunchTemplate {
    const name = input.LaunchTemplateName!;
    if (this.templates.all().some((one) => one.LaunchTemplateName === name))
      throw new ServiceError(
        'InvalidLaunchTemplateName.AlreadyExistsException',
        `Launch template name already in use.`,
      );
    const template = this.templates.add({
      LaunchTemplateId: `lt-${this.#cloud.ids.hex(17)}`,
      LaunchTemplateName: name,
      CreateTime: new Date(call.now),
      CreatedBy: call.principal.arn,
      DefaultVersionNumber: 1,
      LatestVersionNumber: 0,
      Tags: tagsFor(input.TagSpecifications, 'launch-template'),
    });
    this.#versions.set(template.LaunchTemplateId!, []);
    this.#addVersion(template, input.LaunchTemplateData!, call, input.VersionDescription);
    return template;
  }

  #addVersion(
    template: LaunchTemplate,
    data: RequestLaunchTemplateData,
    call: Call,
    description?: string,
  ): LaunchTemplateVersion {
    const number = template.LatestVersionNumber! + 1;
    template.LatestVersionNumber = number;
    const version: LaunchTemplateVersion = {
      LaunchTemplateId: template.LaunchTemplateId,
      LaunchTemplateName: template.LaunchTemplateName,
      VersionNumber: number,
      VersionDescription: description,
      CreateTime: new Date(call.now),
      CreatedBy: call.principal.arn,
      // Both shapes have the same members; the response's only adds what the service fills in.
      LaunchTemplateData: data as ResponseLaunchTemplateData,
    };
    this.#versions.get(template.LaunchTemplateId!)!.push(version);
    return version;
  }

  #selected(input: DescribeLaunchTemplateVersionsRequest): LaunchTemplateVersion[] {
    const { LaunchTemplateId } = this.find(input);
    const named = input.Versions?.map((Version) => this.version({ LaunchTemplateId, Version }).VersionNumber);
    return [...this.#versions.get(LaunchTemplateId!)!]
      .reverse()
      .filter((one) => named?.includes(one.VersionNumber) ?? true)
      .map((one) => ({
        ...one,
        DefaultVersion: one.VersionNumber === this.find(input).DefaultVersionNumber,
      }));
  }
}
